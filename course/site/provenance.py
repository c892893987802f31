"""The lines under a chapter that say how its outputs were made."""

from __future__ import annotations

from course.execution.outputs import Outputs


def minutes(seconds: float) -> str:
    """Processor seconds as minutes of a machine with two cores, `12.3 min`."""
    return f"{seconds / 2 / 60:.1f} min"


def processor_time(*all_found: Outputs) -> str:
    """Processor time that makes outputs from nothing: the cells and all their training.

    A run that was taken from the store counts as if it had been trained again. Outputs of an early
    form do not say which runs were; what they give is the most it can be.
    """
    made = [found.provenance for found in all_found]
    again = sum(m.get("trained_cpu_seconds", 0) for m in made)
    total = minutes(sum(m["cpu_seconds"] + m["training_cpu_seconds"] for m in made) - again)
    return total if all("trained_cpu_seconds" in m for m in made) else f"at most {total}"


def memory(found: Outputs) -> str:
    """The most memory that the kernel held at once, `1.2 GB`; outputs of an early form lack it."""
    peak = found.provenance.get("peak_memory")
    return f"{peak / 1e9:.1f} GB" if peak else "not recorded"


def data_sets(found: Outputs) -> str:
    """The data sets, each with its variant and the beginning of its checksum."""
    parts = [f"{d['name']} ({d['variant']}, `{d['checksum'][:12]}`)" for d in found.key["data"]]
    return ", ".join(parts) or "none"


def seeds(found: Outputs) -> str:
    """The training runs, each with its seeds."""
    runs = found.provenance["runs"]
    parts = [f"{name} ({', '.join(map(str, seeds))})" for name, seeds in runs.items()]
    return ", ".join(parts) or "none"


def footer(found: Outputs) -> str:
    """The provenance of a chapter as MyST Markdown."""
    made = found.provenance
    versions = ", ".join(f"{name} {version}" for name, version in made["libraries"].items())
    return f"""\
:::{{div}} provenance
**How this page was made.** Every output above comes from running its code.

- Executed {made["date"]} on {made["device"]} ({made["system"]}), profile `{made["profile"]}`
- Processor time: {processor_time(found)} on two cores, of which training \
{minutes(made["training_cpu_seconds"])}
- Python {made["python"]}; {versions}
- Data: {data_sets(found)}
- Training runs (seeds): {seeds(found)}
:::
"""
