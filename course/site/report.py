"""The page of the book that lists how every chapter was executed."""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from course.execution.keys import State
from course.site import provenance


class ExecutionReport(SphinxDirective):
    """A table of all chapters: state, date, machine, processor time, libraries, data, runs."""

    has_content = False
    option_spec: ClassVar[dict[str, Any]] = {"class": directives.class_option}

    def run(self) -> list[nodes.Node]:
        """The table, as nodes."""
        self.env.metadata[self.env.docname]["execution-report"] = "yes"
        states: list[State] = self.env.app.course_states  # type: ignore[attr-defined]
        text = "\n\n".join([_summary(states), *map(_section, states)])
        node = nodes.container()
        self.state.nested_parse(StringList(text.splitlines(), "execution report"), 0, node)
        return list(node.children)


def _summary(states: list[State]) -> str:
    """One row a chapter, for comparing them."""
    lines = [":::{list-table}", ":header-rows: 1", ":class: execution-summary", ""]
    heads = ["Chapter", "State", "Processor time", "of which training", "Peak memory", "Executed"]
    lines.append("* - " + "\n  - ".join(heads))
    for state in states:
        made = state.outputs.provenance if state.outputs else None
        cells = [f"{{doc}}`{state.chapter.name}`", "fresh" if state.fresh else "**stale**"]
        if state.outputs and made:
            training = provenance.minutes(made["training_cpu_seconds"])
            memory = provenance.memory(state.outputs)
            cells += [provenance.processor_time(state.outputs), training, memory, made["date"]]
        else:
            cells += ["–", "–", "–", "never"]
        lines.append("* - " + "\n  - ".join(cells))
    found = [state.outputs for state in states if state.outputs]
    training = provenance.minutes(sum(f.provenance["training_cpu_seconds"] for f in found))
    cells = ["**all chapters**", "", f"**{provenance.processor_time(*found)}**", training, "", ""]
    lines.append("* - " + "\n  - ".join(cells))
    return "\n".join([*lines, ":::"])


def _section(state: State) -> str:
    name = state.chapter.name
    head = f"{{doc}}`{name}`"
    if state.outputs is None:
        return f"{head}: not executed, because {state.reasons[0]}."
    made = state.outputs.provenance
    word = "fresh" if state.fresh else "**stale**: " + "; ".join(state.reasons)
    versions = ", ".join(f"{k} {v}" for k, v in made["libraries"].items())
    cpu = provenance.processor_time(state.outputs)
    rows = [
        ("State", word),
        ("Executed", f"{made['date']}, profile `{made['profile']}`"),
        ("Machine", f"{made['device']} ({made['system']})"),
        ("Processor time on two cores", cpu),
        ("of which training", provenance.minutes(made["training_cpu_seconds"])),
        ("Peak memory", provenance.memory(state.outputs)),
        ("Software", f"Python {made['python']}, {versions}"),
        ("Data", provenance.data_sets(state.outputs)),
        ("Training runs (seeds)", provenance.seeds(state.outputs)),
        *state.outputs.headlines.items(),
    ]
    lines = [f":::{{list-table}} {head}", ":widths: 30 70", ":class: execution-report", ""]
    for label, value in rows:
        lines += [f"* - {label}", f"  - {value}"]
    return "\n".join([*lines, ":::"])
