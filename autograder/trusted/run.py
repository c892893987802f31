"""Entry into the trusted side: `python run.py SETTINGS`, SETTINGS being JSON.

`reading`, `writing`: the channel to the student's process; `results`: descriptor for results;
`tests`: folder; `formats`: whether a test file is ok-style, by stem; `names`: variables that it
reads, by stem, or None where it may read any; `modules`: importable files of the assignment;
`case_seconds`; `seed`.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.trusted.cases import Question
    from autograder.trusted.student import Student
    from autograder.values.wire import Channel, Message

LOADED = (
    "numpy",
    "pandas",
    "autograder.trusted.cases",
    "autograder.trusted.student",
    "autograder.values.frames",
)
# Texts of a case, the bytes that a character takes in JSON at most, and the bytes that all texts of
# a question may take together: a quarter of a message is left for the rest.
TEXTS = ("message", "detail")
CHARACTER, ROOM = 12, 12 << 20

# Cells of a notebook.
MOST_CELLS = 5_000
MOST_DRAWN = 2 * MOST_CELLS


class Session:
    """The tests of an assignment, and one student's process."""

    def __init__(self, settings: dict[str, Any], student: Student, results: Channel) -> None:
        from autograder.trusted.cases import Question

        self.settings, self.student, self.results = settings, student, results
        folder = Path(settings["tests"])
        self.questions = {
            stem: Question(
                folder / f"{stem}.py", ok_format, settings["names"][stem], student.modules
            )
            for stem, ok_format in settings["formats"].items()
        }
        self.seen: set[str] = set()
        self.errors: list[Any] = []
        self.drew: list[list[Any]] = []
        # Of each check the question, and the generators that are no longer where they would be in
        # `otter run`: tests have drawn from them, or Otter an emoji, and not here.
        self.shown: list[tuple[str, list[str]]] = []

    def public(self, message: Message) -> None:
        """Look at the values of a question and run its public cases."""
        from autograder.trusted.refusal import NeedsTeacher
        from autograder.values import printing
        from autograder.values.wire import WireError

        question = self.questions.get(str(message.head.get("question")))
        nodes = message.head.get("values")
        if question is None or type(nodes) is not dict:
            raise self.hostile("values of no question")
        question.forget()
        self.begins(question, f"the values of {question.stem}")
        shared = message.head.get("shared")
        self.seen.add(question.stem)
        try:
            values = self.student.environment(question.expected, nodes, message.blob, shared)
            question.look_at(values, self.student.shared)
        except WireError:
            raise
        except (NeedsTeacher, Exception) as error:
            # No value may end this process: it has the points of the other questions.
            question.missed(f"The values of this question could not be read ({named(error)}).")
        question.options = printing.told(message.head.get("options"))
        question.decimals = message.head.get("decimals") is True
        question.drew = message.head.get("drawn")
        self.cases(question, hidden=False)
        same = question.shines() is (message.head.get("emoji") is True)
        apart = question.left.apart | (set() if same else {"random"})
        if len(self.shown) < MOST_DRAWN:
            self.shown.append((str(question.file.name), sorted(apart)))

    @staticmethod
    def hostile(text: str) -> Exception:
        """An error of the protocol."""
        from autograder.values.wire import WireError

        return WireError(text)

    def cases(self, question: Question, *, hidden: bool) -> None:
        """Run cases, seeded as Otter seeds a notebook's cells; hidden ones go on where the public
        ones have stopped."""
        generators = self.student.around.generators
        self.student.hidden = question.stem if hidden else None
        if hidden:
            generators.resume(question.left, question.mixed)
        else:
            generators.start(self.settings["seed"], question.drew, question.mixed)
        begins = functools.partial(self.begins, question)
        question.run(hidden, self.student, self.settings["case_seconds"], begins)
        if not hidden:
            question.left = generators.leave()
        self.tell("holds", question)

    def begins(self, question: Question, what: str) -> None:
        """Say that a case begins. Code of C takes no signal, so the grader watches the time too."""
        self.tell("begins", question, what=what)

    def tell(self, kind: str, question: Question, **more: str) -> None:
        """Send what holds of a question even if nothing comes after it."""
        from autograder.values.wire import Message

        head = {"kind": kind, "question": question.stem, "result": fitted(question.result())}
        self.results.send(Message({**head, **more}))

    def talk(self) -> None:
        """Listen until the notebook has ended; then run what is still to run."""
        from autograder.values.wire import Closed, Message, WireError

        channel = self.student.channel
        missed, cell = "", 0
        try:
            while True:
                message = channel.receive()
                if message.kind == "cell":
                    begun = message.head.get("cell")
                    cell = begun if type(begun) is int and 0 < begun <= MOST_CELLS else 0
                    continue
                self.student.paths.told(message.head.get("files"))
                self.drew += drawings(message.head.get("drew"))[: MOST_DRAWN - len(self.drew)]
                if message.kind == "end":
                    self.errors = trimmed(message.head.get("errors"))
                    break
                if message.kind == "answer":
                    # To a call that was given up: it came too late.
                    continue
                if message.kind != "check":
                    raise self.hostile("an unknown message")
                self.public(message)
                channel.send(Message({"kind": "go"}))
        except WireError as error:
            missed = "Your notebook's process ended before it handed over what this question needs."
            self.student.gone = self.student.gone or (
                "Your notebook did not run to its end; its functions cannot be asked any more."
            )
            said = {"error": type(error).__name__, "text": str(error)[:200]}
            ended = cell if isinstance(error, Closed) else 0
            self.errors.append({"cell": ended, "ended": ended > 0, **said})
        self.results.send(Message({"kind": "ended", **self.said()}))
        unseen = [item for item in self.questions.values() if item.stem not in self.seen]
        for question in unseen:
            if missed:
                # Nobody knows whether its variables were there.
                question.missed(missed)
                self.tell("holds", question)
            else:
                self.cases(question, hidden=False)
        for question in self.questions.values():
            if not missed or question.stem in self.seen:
                self.cases(question, hidden=True)
        with contextlib.suppress(WireError):
            channel.send(Message({"kind": "stop"}))

    def report(self) -> None:
        """Say that the results are complete: what holds of each question has been told."""
        from autograder.values.wire import Message

        self.results.send(Message({"kind": "results", **self.said()}))

    def said(self) -> dict[str, Any]:
        """What is known of the notebook as a whole."""
        return {"errors": self.errors, "drew": self.drew, "shown": self.shown}


def fitted(result: dict[str, Any]) -> dict[str, Any]:
    """What holds of a question, its texts shorter where a message of them could be too large.

    Most of them hold what the notebook said.
    """
    cases = result["cases"]
    texts = sum(len(case[key]) for case in cases for key in TEXTS)
    if texts * CHARACTER <= ROOM:
        return result
    most = ROOM // (len(cases) * len(TEXTS) * CHARACTER)
    short = [{**case, **{key: case[key][:most] for key in TEXTS}} for case in cases]
    return {**result, "cases": short}


def named(error: BaseException) -> str:
    """An error in words, whatever it was made of."""
    try:
        return f"{type(error).__name__}: {error}"[:200]
    except BaseException:
        return type(error).__name__


def drawings(told: Any) -> list[list[Any]]:
    """Which cells a student's process says have drawn, whatever it sent."""
    from autograder.values.generators import MODULES

    found = told[:MOST_DRAWN] if type(told) is list else []
    return [
        item
        for item in found
        if type(item) is list
        and [type(part) for part in item] == [int, int, str]
        and item[2] in MODULES
    ]


def trimmed(errors: Any) -> list[dict[str, Any]]:
    """What a student's process says went wrong in cells, short whatever it sent."""
    found = []
    for item in errors[:50] if type(errors) is list else ():
        if type(item) is dict:
            cell = item.get("cell")
            said = {key: str(item.get(key))[:300] for key in ("error", "text")}
            found.append({"cell": cell if type(cell) is int else 0, **said})
    return found


def load() -> None:
    """Import Otter and what reads values, but no test."""
    from autograder.values import printing

    printing.as_in_a_kernel()
    for name in LOADED:
        importlib.import_module(name)


def start(settings: dict[str, Any]) -> None:
    """Run the tests on what the student's process hands over; does not come back."""
    from autograder.values import printing

    printing.as_in_a_kernel()
    from autograder.trusted.changed import Changed
    from autograder.trusted.paths import Paths
    from autograder.trusted.student import Student
    from autograder.values.wire import Channel, Message

    results = Channel(-1, settings["results"])
    sys.path.append(str(Path.cwd()))
    student = Student(
        Channel(settings["reading"], settings["writing"]), frozenset(settings["modules"])
    )
    student.around.kept = frozenset((*settings["kept"], *settings["uploads"]))
    student.around.named = student.named
    student.paths = Paths(
        settings["shared"], [*settings["kept"], settings["tests"]], settings["uploads"]
    )
    tests = settings["tests"]
    # Where the room is made for this submission alone, its files lie beside the tests as well.
    student.paths.watch([".", tests, str(Path(tests).with_name("files"))])
    student.files = student.paths.changed_here = Changed()
    sys.addaudithook(student.audited)
    try:
        session = Session(settings, student, results)
    except BaseException as error:
        results.send(Message({"kind": "broken", "text": f"{type(error).__name__}: {error}"[:2000]}))
        os._exit(1)
    for question in session.questions.values():
        session.tell("holds", question)
    results.send(Message({"kind": "ready"}))
    session.talk()
    session.report()
    os._exit(0)


def main() -> None:
    """Read the settings and start."""
    settings = json.loads(sys.argv[1])
    sys.path[0] = str(Path(__file__).parents[2])
    start(settings)


if __name__ == "__main__":
    main()
