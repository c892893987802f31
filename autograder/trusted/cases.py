"""Runs the cases of one of Otter's test files, one by one, each caught and limited."""

from __future__ import annotations

import contextlib
import copy
import io
import itertools
import re
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from otter.test_files.abstract_test import TestCaseResult
from otter.test_files.exception_test import ExceptionTestFile
from otter.test_files.ok_test import OKTestFile

from autograder.trusted import doubts, handed, identity, looked, seen, submodules
from autograder.trusted.calls import Calls
from autograder.trusted.came import Came
from autograder.trusted.doubts import ABSENT, LACKING, Ended
from autograder.trusted.expected import Expected
from autograder.trusted.generators import Left
from autograder.trusted.refusal import NeedsTeacher
from autograder.trusted.shared import Shared
from autograder.trusted.student import GRACE, NoAnswer, Student
from autograder.trusted.unreal import Following, catches, matched, remembers
from autograder.trusted.views import Views
from autograder.values import folders
from autograder.values.sets import Maker

MAX_DOUBT = 500  # of the reason that the summary of a class shows
MAX_TEXT = 4_000  # of a message; the results of all cases travel in one

# Seconds: in less, a call is mostly its way there and back.
QUICK = 0.002

# The last part of a traceback, of an `assert` that has a message.
ASSERTED = re.compile(r"^[^\S\n]*AssertionError: ", re.MULTILINE)
HIDDEN_DOUBT = "A hidden test could not decide; your teacher looks at it."
NOT_RUN = (
    "This test was not run: a test before it, or reading the values of its question, took too much "
    "time or memory and had to be ended."
)


def in_words(message: str) -> str:
    """What a student reads of a failed case: the author's sentence where the test has one.

    Otter puts a cross before it, and around it the line of the test and its code.
    """
    detail = message.removeprefix("❌ Test case failed\n")
    said = ASSERTED.search(detail) if detail.startswith("Error at line ") else None
    return (detail[said.end() :].strip() if said else "") or detail


class CaseTimeout(BaseException):
    """A test case used up its time."""


def too_long(seconds: float) -> str:
    """The message of a case that used up its time."""
    return f"The test did not end within {seconds:g} s."


def too_much(seconds: float) -> str:
    """The message of a case that had to be ended with this process."""
    return f"The test did not end within {seconds:g} s, or took too much memory."


def blamed(lasted: float, waited: float, calls: int) -> str:
    """What took the time of a case that ended by its limit, where it is not the notebook; or "".

    Args:
        lasted: seconds of the case.
        waited: those in which a function of the notebook's was asked.
        calls: how many there were.
    """
    if waited < lasted / 2:
        return "the test itself took longer than it may, be it for its imports or for its values"
    if calls and waited / calls < QUICK:
        return f"a test asked {calls:,} times, and each answer travels"
    return ""


def on_alarm(*_: Any) -> None:
    """End the running case."""
    raise CaseTimeout


def outcome(passed: bool | None, message: str, doubt: str = "") -> dict[str, Any]:
    """How a case ended that has printed and asked nothing."""
    return {"passed": passed, "message": message, "out": "", "doubt": doubt, "calls": ""}


def figures() -> bool:
    """Whether a test has opened figures of its own, as `plt.gca()` does; they are closed."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    found = pyplot is not None and bool(pyplot.get_fignums())
    if found and pyplot is not None:
        pyplot.close("all")
    return found


class Question:
    """A test file and how its cases ended.

    Args:
        path: of the file.
        ok_format: whether its cases are doctests.
        names: of the variables that it reads, or None where it may read any.
        own: names of modules that the assignment brings along.
    """

    def __init__(
        self, path: Path, ok_format: bool, names: list[str] | None, own: frozenset[str]
    ) -> None:
        kind = OKTestFile if ok_format else ExceptionTestFile
        self.file: Any = kind.from_file(str(path))
        self.ok_format = ok_format
        self.stem = path.stem
        self.folders = folders.imported_from()
        # The text of a doctest may be computed.
        bodies = [str(case.body) for case in self.file.test_cases] if ok_format else None
        text = path.read_text(encoding="utf-8") if bodies is None else "\n".join(bodies)
        self.expected = Expected(text, ok_format, names, own)
        sources = [
            identity.of_doctest(str(case.body))
            if ok_format
            else identity.of_function(case.body.test_func, text)
            for case in self.file.test_cases
        ]
        self.identity = [identity.asked(source) for source in sources]
        self.methods = [any("ismethod" in part for part in source) for source in sources]
        self.kinds = [identity.kinds(source) for source in sources]
        self.functions = [identity.functions(source) for source in sources]
        self.attributes = [looked.attributes(source) for source in sources]
        self.matches = [matched(source) for source in sources]
        # A doctest prints.
        self.orders = [ok_format or looked.orders(source) for source in sources]
        # A doctest can expect an error, too.
        self.catches = [
            catches(source) or (ok_format and "Traceback" in str(case.body))
            for source, case in zip(sources, self.file.test_cases, strict=True)
        ]
        self.sources = sources
        hidden = [case.hidden is not False for case in self.file.test_cases]
        # Whether a public case stands below a hidden one, which runs after it here.
        self.mixed = hidden != sorted(hidden)
        # Where the public cases have left the generators.
        self.left = Left()
        # The generators from which the notebook has drawn since Otter seeded them, as it arrived.
        self.drew: Any = None
        # Where a case can find what one before it has kept.
        self.remembers = not ok_format and remembers(text)
        # A doctest finds what those before it have imported.
        code = list(itertools.chain(*sources)) if ok_format else [text]
        known = submodules.bound(code)
        self.libraries = handed.libraries(known)
        self.chains = [submodules.chains(source, known) for source in sources]
        self.environment: dict[str, Any] = {}
        # Settings by which the notebook prints, where it has changed any.
        self.options: list[str] = []
        self.outcomes: dict[int, dict[str, Any]] = {}
        self.values: dict[str, str] = {}
        self.shared = Shared()
        # Whether the notebook has set how decimal numbers are computed.
        self.decimals = False
        # Why its values could not be read, or "".
        self.unread = ""

    def forget(self) -> None:
        """Forget what was found before."""
        self.environment, self.options, self.outcomes, self.values = {}, [], {}, {}
        self.expected.came = Came()
        self.shared, self.unread, self.decimals = Shared(), "", False

    def look_at(self, environment: dict[str, Any], shared: Shared) -> None:
        """Take copies of values; what was found before is forgotten."""
        self.environment, self.shared, self.outcomes = environment, shared, {}
        # Now: a test can change its copies.
        self.values = seen.values(environment)

    def shines(self) -> bool:
        """Whether all public cases were passed: then Otter draws an emoji."""
        cases = enumerate(self.file.test_cases)
        public = [place for place, case in cases if case.hidden is False]
        return all(self.outcomes.get(place, {}).get("passed") is True for place in public)

    def missed(self, reason: str) -> None:
        """Leave all cases to a teacher, since the values never came, or could not be read."""
        self.unread = reason
        left = outcome(None, "", reason)
        self.outcomes = {place: left for place in range(len(self.file.test_cases))}

    def run(
        self, hidden: bool, student: Student, seconds: float, begins: Callable[[str], None]
    ) -> None:
        """Run the public or the hidden cases in their order.

        Args:
            hidden: which.
            student: whom they may ask.
            seconds: for each case.
            begins: is told the name of a case before it runs; `result` is then what holds if the
                case has to be ended with this process.
        """
        if self.unread:
            # Without its values nothing would be said of the notebook.
            return
        for place, case in enumerate(self.file.test_cases):
            if case.hidden is hidden or (case.hidden not in (True, False) and hidden):
                self.outcomes[place] = outcome(False, too_much(seconds))
                begins(str(case.name))
                self.outcomes[place] = self.case(place, student, seconds)

    def case(self, place: int, student: Student, seconds: float) -> dict[str, Any]:
        """Run one case."""
        case = self.file.test_cases[place]
        alone = copy.copy(self.file)
        alone.test_cases, alone.test_case_results = [case], []
        out = io.StringIO()
        student.doubts, student.seen = [], Calls()
        student.unseen = student.broken = student.apart = ""
        if student.files is not None:
            student.files.question = self.stem
        student.waited, asked, began = 0.0, student.calls, time.monotonic()
        student.views, student.variables = Views(), Views()
        student.variables.note_variables(self.environment, self.shared.views, self.shared.joint)
        student.raising.begin()
        student.expected, student.shared = self.expected, self.shared
        student.sets = Maker(self.shared.sets)
        self.shared.sets.renew()
        student.around.begin()
        ABSENT.begin()
        LACKING.begin(alone, student.unreal.look)
        student.unreal.begin()
        student.stood = student.parted = student.mixed = student.grown = False
        if self.expected.mocks:
            student.around.watch_mocks()
        student.case_end = time.monotonic() + seconds
        passed, message = False, ""
        signal.signal(signal.SIGALRM, on_alarm)
        signal.setitimer(signal.ITIMER_REAL, seconds + 2 * GRACE, 1.0)
        try:
            try:
                submodules.load(self.chains[place])
                student.paths.begin()
                student.filled()
                # A doctest ends what begins in it.
                now = self.expected.objects or self.ok_format
                with (
                    contextlib.redirect_stdout(out),
                    contextlib.redirect_stderr(out),
                    Following(student.unreal, self.catches[place], now),
                ):
                    alone.run(self.environment)
            finally:
                # Here, so that an alarm on the way out is caught below.
                signal.setitimer(signal.ITIMER_REAL, 0)
            result = alone.test_case_results[0]
            passed, message = result.passed is True, result.message or ""
        except NeedsTeacher as error:
            message = str(error)
        except CaseTimeout:
            message = too_long(seconds)
            whose = blamed(time.monotonic() - began, student.waited, student.calls - asked)
            if whose:
                student.doubts.append(whose)
        except BaseException as error:
            message = f"{type(error).__name__}: {error}"
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            unseen = student.paths.end()
            if unseen:
                # What the test says may hold what was in the file.
                message, student.doubts = unseen, [unseen]
        stopped = bool(student.doubts)
        # Whatever came of it, or a notebook would learn what.
        lost = student.lost(self.stem, asked)
        called = student.calls > asked
        ended = Ended(self, place, student, passed, message, called, lost, figures())
        if not student.doubts:
            student.doubts = [*itertools.islice(doubts.reasons(ended), 1)]
        decided = None if student.doubts else passed
        if stopped and decided is None and called:
            # It may have stopped before it did what the next case is about.
            self.shared.missed = True
        if student.broken and not student.apart:
            decided, message, student.doubts = False, student.broken, []
        return {
            "passed": decided,
            "message": message[:MAX_TEXT],
            "out": out.getvalue()[:MAX_TEXT],
            "doubt": student.doubts[0][:MAX_TEXT] if student.doubts else "",
            "calls": student.seen.text(),
        }

    def result(self) -> dict[str, Any]:
        """Points by Otter's rules, and the cases, as JSON; what has not run needs a teacher."""
        results, cases, shown, real = [], [], [], []
        for place, case in enumerate(self.file.test_cases):
            ended = self.outcomes.get(place) or outcome(None, "", NOT_RUN)
            passed = ended["passed"]
            if ended["doubt"]:
                real.append(ended["doubt"][:MAX_DOUBT])
                shown.append(HIDDEN_DOUBT if case.hidden else ended["doubt"])
            results.append(TestCaseResult(test_case=case, message="", passed=passed is True))
            said = case.success_message if passed else case.failure_message
            message = said or ""
            if not case.hidden and not passed:
                told = folders.shortened(in_words(ended["message"]), self.folders)
                message = f"{message}\n{told}".strip()
            if case.hidden and ended["doubt"]:
                # The doubt holds words of the student's, and those may hold hidden inputs.
                message = message or HIDDEN_DOUBT
            cases.append(
                {
                    "name": str(case.name),
                    "passed": passed,
                    "hidden": bool(case.hidden),
                    "points": float(case.points),
                    "message": message,
                    "detail": "\n".join(
                        part
                        for part in map(ended.get, ("message", "out", "doubt", "calls"))
                        if part
                    ),
                }
            )
        self.file.test_case_results = results
        return {
            "name": str(self.file.name),
            "score": float(self.file.score),
            "possible": float(self.file.possible),
            "cases": cases,
            "reason": shown[0] if shown else "",
            "doubt": real[0] if real else "",
            "values": self.values,
        }


__all__ = ["NoAnswer", "Question"]
