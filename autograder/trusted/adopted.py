"""What a function has changed in its arguments is changed in the test's own objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograder.trusted.shared import same
from autograder.trusted.standins import Opaque
from autograder.trusted.views import Overlaps
from autograder.values.changes import Unlike, change, told
from autograder.values.decode import Decoder
from autograder.values.parts import Lookup, joined
from autograder.values.wire import WireError

if TYPE_CHECKING:
    from autograder.trusted.student import Student


def whole(value: Any, marks: dict[tuple[int, ...], Any], twins: Any) -> Any:
    """A value with parts of arguments, and one object where it is one, in their places; one that
    is not carried has none."""
    return value if type(value) is Opaque else joined(same([value], twins)[0], marks)


def adopt(
    student: Student, changed: Any, given: list[Any], lookup: Lookup, decoder: Decoder
) -> None:
    """Change parts of arguments as a function has changed its copies.

    Args:
        student: whose function it is.
        changed: of each the path, what it is now without parts of arguments, and marks of
            these, as it arrived.
        given: the arguments.
        lookup: finds their parts.
        decoder: reads values of the answer.

    Raises:
        WireError: it names what was not given.
    """

    def read(node: Any, marks: dict[tuple[int, ...], Any], twins: Any) -> Any:
        return whole(student.carried(decoder, node), marks, twins)

    pairs = told(changed, lookup, read)
    if any(student.known.number(old) is not None for old, _ in pairs):
        raise WireError("an object of the notebook's own that has changed here")
    beside = Overlaps(given) if pairs else None
    for old, new in pairs:
        try:
            change(old, new)
        except Unlike as error:
            student.doubt(f"a function changed an argument ({error}) in place")
        if beside is not None and beside.other(old):
            student.doubt("a function changed an array that shares its numbers with another one")
