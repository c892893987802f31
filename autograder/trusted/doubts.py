"""Why a case that has run needs a teacher: in one process, `otter run` may find otherwise."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.trusted import handed, identity
from autograder.trusted.absent import Absent
from autograder.trusted.lacking import Lacking
from autograder.trusted.raising import ENDS
from autograder.trusted.unreal import read

if TYPE_CHECKING:
    from autograder.trusted.cases import Question
    from autograder.trusted.student import Student

NO_FILE = re.compile(r"^[^\S\n]*FileNotFoundError: ", re.MULTILINE)
# What a doctest shows of a value that was not printed as it expects.
GOT = re.compile(r"^Got:\n((?: {4}.*\n?|\n)+)", re.MULTILINE)
# What in it is of NumPy or pandas: an array, a scalar with its type, more than a line.
TABLE = re.compile(r"\[|\bnp\.|\n")
# Otter takes the first quotation mark away.
LACKS = re.compile(r"AttributeError: '?(\w+)' object has no attribute")
NO_ERROR = "exceptions must derive from BaseException"
ABSENT, LACKING = Absent(), Lacking()


@dataclass(frozen=True)
class Ended:
    """A case that has run.

    Attributes:
        question: whose it is.
        place: among the question's cases.
        student: whom it may have asked.
        passed: whether it is, as far as this process sees.
        message: what Otter says of it.
        called: whether it has asked a function or an object.
        lost: whether a value has changed that is too large to be followed.
        figures: whether the test has opened some.
    """

    question: Question
    place: int
    student: Student
    passed: bool
    message: str
    called: bool
    lost: bool
    figures: bool


def reasons(ended: Ended) -> Iterator[str]:
    """Reasons to leave a case to a teacher; the first one is shown."""
    yield from of_surroundings(ended)
    if not ended.passed:
        yield from of_another_process(ended)
    yield from of_standins(ended)
    yield from of_copies(ended)


def of_surroundings(ended: Ended) -> Iterator[str]:
    """Files, figures, imports, settings: what the notebook has in its own process."""
    student, question, failed = ended.student, ended.question, not ended.passed
    if ended.figures and failed:
        yield "a test looks at figures, and the notebook's are not here"
    # Passed or not: the notebook may have such a file.
    if student.around.missing or (failed and NO_FILE.search(ended.message)):
        yield "a test looks for a file, and what the notebook wrote is not here"
    absent = ABSENT.named(ended.message) if failed else ""
    if absent:
        yield f"a test imports {absent}, which is not in the environment of the tests"
    if LACKING.found and failed:
        yield f"a test looks for {LACKING.found}, which an import of the notebook's may bring"
    if student.unseen:
        yield f"a test replaces {student.unseen}, which a function elsewhere does not see"
    if question.options and failed and printed(ended.message):
        found = ", ".join(question.options[:3])
        yield f"a test compares what is printed, and the notebook has set how: {found}"


def of_another_process(ended: Ended) -> Iterator[str]:
    """What of the notebook's process may have decided a case that failed."""
    question, expected = ended.question, ended.question.expected
    thrown, generators = ended.student.raising.thrown, ended.student.around.generators
    if question.decimals:
        yield "the notebook has set how decimal numbers are computed, which a test does here"
    if expected.traces and thrown:
        yield "a test looks at where an exception was raised, which is not copied"
    if expected.ends and ENDS.intersection(thrown):
        yield "a test waits for what would end a loop, and arrives as another exception"
    if generators.diverged():
        yield "a test and the notebook draw in turns from one generator, which are two here"
    if question.mixed and generators.moved:
        yield "functions draw for public cases before they do for hidden ones above them"
    if expected.recursion and ended.called:
        yield "a test sets, or asks, how deeply functions may call themselves"


def of_standins(ended: Ended) -> Iterator[str]:
    """What stands for objects, functions and exceptions, and is none of their class."""
    question, place, student = ended.question, ended.place, ended.student
    objects, failed = question.expected.objects, not ended.passed
    if question.methods[place] and objects and failed:
        yield "a test asks whether something is a method, which is asked here"
    if objects and failed and NO_ERROR in ended.message:
        yield "a test raises an object of the notebook's"
    if question.matches[place] and objects:
        yield "a test looks by a match statement at an object, which is not copied"
    if objects and unreal(ended):
        yield "a test gives an object, which is not copied, to what may take only a copy"
    if failed and to_library(ended):
        yield "a test gives an object, which is not copied, to a library"
    if failed and student.raising.thrown.intersection(LACKS.findall(ended.message)):
        yield "a test looks at what an exception has beside its arguments"
    everywhere, caught = question.attributes[place]
    looks = student.raising.lacking & (everywhere if failed else caught)
    if looks:
        yield f"a test looks at {min(looks)} of an exception, not copied"
    same, apart = question.kinds[place]
    if objects and (same if failed else apart):
        yield "a test asks for the class of an object, which is not copied"
    same, apart = question.functions[place]
    if question.expected.functions and (same if failed else apart):
        yield "a test asks for the class of a function, which is not copied"


def of_copies(ended: Ended) -> Iterator[str]:
    """Values that are one, or share their memory, in the notebook, and not here."""
    question, student, shared = ended.question, ended.student, ended.question.shared
    if student.views.changed():
        yield "a test changes a value of which a function has given a view"
    if student.mixed or student.variables.changed():
        yield "a test changes a value that shares its memory with another one"
    same, apart = question.identity[ended.place]
    if apart if ended.passed else same:
        yield "a test asks whether two values are one object: copies are not"
    if ended.passed:
        return
    if ended.lost:
        yield "a large value that the notebook has too has changed"
    if student.parted:
        yield "a table has changed, and what looks at it or was in it has not"
    if shared.missed:
        yield "a value that the notebook has too is not followed any more"
    if shared.unordered:
        yield "a set has another order in the notebook than its copy"
    # A function may show the order as well.
    if student.grown or (question.orders[ended.place] and shared.sets.changed()):
        yield "a test changes a set, and its order may be another then"


def printed(message: str) -> bool:
    """Whether a doctest failed at an array or a table, whose text depends on settings."""
    return any(TABLE.search(text.strip()) for text in GOT.findall(message))


def unreal(ended: Ended) -> bool:
    """Whether a case met an error that a stand-in makes where a real value would not.

    A case that has passed may hold an object that one before it has kept.
    """
    student, question = ended.student, ended.question
    if not (student.unreal.found or (ended.passed and student.unreal.lost)):
        return False
    here = student.stood or read(question.sources[ended.place], question.expected.standing)
    return bool(ended.passed or here or question.remembers)


def to_library(ended: Ended) -> bool:
    """Whether a case may have given a library an object of a derived class."""
    question, place = ended.question, ended.place
    came, body = question.expected.came, question.file.test_cases[place].body
    if not came.bases:
        return False
    here = before = list(identity.trees(question.sources[place]))
    if question.ok_format:
        # A doctest finds the variables of those before it.
        before = list(identity.trees(itertools.chain(*question.sources)))
    else:
        line = LACKING.line(body.test_func)
        run = identity.until(body.test_func, question.expected.text, line)
        here = before = [*run] or here
    values = question.environment
    answers = came.by_name(ended.student.names, values)
    absent = question.expected.absent(values)
    sources, loose = (here, before), question.remembers
    return handed.handed(came, answers, values, question.libraries, absent, sources, loose)
