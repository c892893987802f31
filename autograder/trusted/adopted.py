"""What a function has changed in its arguments is changed in the test's own objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograder.trusted.standins import Opaque
from autograder.trusted.views import Overlaps
from autograder.values.decode import Decoder
from autograder.values.parts import MOST, Lookup, joined
from autograder.values.wire import WireError

if TYPE_CHECKING:
    from autograder.trusted.student import Student


def whole(value: Any, marks: dict[tuple[int, ...], Any]) -> Any:
    """A value with parts of arguments in their places; one that is not carried has none."""
    return value if type(value) is Opaque else joined(value, marks)


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
    if type(changed) is not list or len(changed) > MOST:
        raise WireError("changed arguments that are none")
    pairs = []
    for entry in changed:
        if type(entry) is not list or len(entry) != 3:
            raise WireError("a changed argument that is none")
        path, node, marks = entry
        held = lookup.marked(marks)
        pairs.append((lookup.at(path), whole(student.carried(decoder, node), held)))
    # Only now, when all paths have been followed.
    beside = Overlaps(given) if pairs else None
    for old, new in pairs:
        change(student, old, new)
        if beside is not None and beside.other(old):
            student.doubt("a function changed an array that shares its numbers with another one")


def change(student: Student, old: Any, new: Any) -> None:
    """Make `old` what `new` is, in place."""
    kind = type(old)
    if kind is not type(new):
        student.doubt(f"a function changed an argument ({kind.__name__}) in place")
    if kind in (list, bytearray):
        old[:] = new
    elif isinstance(old, dict | set):
        old.clear()
        old.update(new)
    elif kind.__name__ == "ndarray" and (old.shape, old.dtype) == (new.shape, new.dtype):
        if not (old.flags.writeable and new.flags.writeable):
            student.doubt(
                "a function changed whether an array can be written to, or one that cannot"
            )
        old[...] = new
    elif hasattr(old, "_update_inplace"):
        old._update_inplace(new)
    else:
        student.doubt(f"a function changed an argument ({kind.__name__}) in place")
