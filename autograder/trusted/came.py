"""Where among what has come from a notebook there are objects of classes derived from Python's.

In the notebook, an object of `class Name(str)`, a named tuple or a member of an `IntEnum` is a
text, a tuple or a number; what stands for it here is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.trusted.standins import CallableRemote, Function, Opaque

# Classes of data from which a notebook can derive its own. `Decimal` and `Fraction` are not among
# them: what looks at their class raises a TypeError, or asks in a way that is refused.
DERIVED = frozenset(
    "str bytes bytearray int float complex list tuple dict set frozenset date time timedelta "
    "tzinfo".split()
)
# Values that hold nothing: an object that came with one of these is in an argument.
PLAIN = (type(None), bool, int, float, complex, str, bytes, Function, Opaque)


class Came:
    """What has come in a question's values, and by the calls of its tests.

    Attributes:
        names: of variables that are, or hold, such an object.
        bases: classes of data from which the classes of these objects are derived.
        answers: whether each function, by its number, has answered with one, and each name of an
            object.
        filled: whether such an object came in an argument that a call has changed.
        here: whether one came in the running answer, or value.
    """

    def __init__(self) -> None:
        self.names, self.bases = set[str](), set[str]()
        self.answers: dict[tuple[int, str | None], bool] = {}
        self.filled = self.here = False

    def told(self, base: Any) -> None:
        """An object has come.

        Args:
            base: what the notebook says its class is derived from. If that is a lie, a failed case
                goes to a teacher.
        """
        if type(base) is str and base in DERIVED:
            self.here = True
            self.bases.add(base)

    def answered(self, ref: int, name: str | None, answer: Any) -> None:
        """A call has ended.

        Args:
            ref: number of what was asked.
            name: that was looked up or called, or None of a call of the thing itself.
            answer: what came, or None.
        """
        found = self.here and not issubclass(type(answer), PLAIN)
        self.filled = self.filled or (self.here and not found)
        self.answers[ref, name] = found or self.answers.get((ref, name), False)

    def by_name(self, names: Mapping[int, str], environment: Mapping[str, Any]) -> dict[str, bool]:
        """What has been answered, by the names that tests have for functions.

        Args:
            names: of functions by number, as the notebook says.
            environment: variables of the notebook's.
        """
        known = {
            key: value._ref
            for key, value in environment.items()
            if issubclass(type(value), Function | CallableRemote)
        }
        # What has not been called has answered nothing: what is around its call was not reached.
        found = dict.fromkeys(known, False)
        for (ref, name), answer in self.answers.items():
            mine = [key for key, number in known.items() if number == ref and name is None]
            for key in (name or names.get(ref, ""), *mine):
                found[key] = answer or found.get(key, False)
        return found
