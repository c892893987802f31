"""What a function has changed in its arguments is changed in the test's own objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograder.trusted.shared import same
from autograder.trusted.standins import Opaque
from autograder.trusted.views import Overlaps
from autograder.values.changes import Unlike, change, told
from autograder.values.decode import Decoder
from autograder.values.parts import Lookup, Parts, joined
from autograder.values.tables import Before, in_cells, is_table
from autograder.values.wire import WireError

if TYPE_CHECKING:
    from autograder.trusted.student import Student


def adopt(student: Student, head: dict[str, Any], given: list[Any], decoder: Decoder) -> Any:
    """Change parts of arguments as a function has changed its copies; return its answer.

    What is one object in the notebook is one here, be it in several arguments or in the answer.

    Args:
        student: whose function it is.
        head: of the answer, as it arrived: `changed`, of each part the path, what it is now without
            parts of arguments, and marks of these; `value` and `own`, the answer and its marks;
            `same`, pairs of paths to one new object in what has changed and the answer.
        given: the arguments.
        decoder: reads values of the answer.

    Raises:
        WireError: it names what was not given. Nothing is changed then.
    """
    lookup = Lookup(given)
    parts = told(head.get("changed") or [], lookup)
    if any(student.known.number(part.part) is not None for part in parts):
        raise WireError("an object of the notebook's own that has changed here")
    # A notebook can say that it answers with a part of an argument: it could do so.
    own = lookup.marked(head.get("own"))
    new = [student.carried(decoder, part.node) for part in parts]
    new.append(student.carried(decoder, head.get("value")))
    new = same(new, head.get("same"))
    new = [
        whole(now, marks) for now, marks in zip(new, [*(p.marks for p in parts), own], strict=True)
    ]
    beside = Overlaps(given) if parts else None
    tables = {id(part.part): Before(part.part) for part in parts if is_table(part.part)}
    others = {id(part.part) for part in parts if not is_table(part.part)}
    if others and not others.isdisjoint(map(id, in_cells(Parts(given).found.values()))):
        # In the notebook, the table of the call holds another one.
        student.parted = True
    for part, now in zip(parts, new[:-1], strict=True):
        before = tables.get(id(part.part))
        whole_now = now if before is None else before.with_cells(now)
        try:
            change(part.part, whole_now, decoder.sets)
        except Unlike as error:
            student.doubt(f"a function changed an argument ({error}) in place")
        if beside is not None and beside.other(part.part):
            student.doubt("a function changed an array that shares its numbers with another one")
    student.parted |= any([table.held() for table in tables.values()])
    return new[-1]


def whole(value: Any, marks: dict[tuple[int, ...], Any]) -> Any:
    """A value with parts of arguments in their places; one that is not carried has none."""
    return value if type(value) is Opaque else joined(value, marks)
