"""Classes of stand-ins: they have a notebook's names, and are no classes that a test knows.

Whether `type(x)` is `Decimal` is not known here, where only a name has arrived. A comparison of the
class of a stand-in with another class is left to a teacher, unless values of that class would have
been copied. So is what a test reads from such a class, or makes of it: what stands there is the
grader's, not the notebook's.
"""

from __future__ import annotations

import collections
import sys
import types
from typing import TYPE_CHECKING, Any, NoReturn

from autograder.trusted.refusal import NeedsTeacher

if TYPE_CHECKING:
    from autograder.trusted.student import Student

COPIED = frozenset(
    (
        *(type(None), bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set),
        *(frozenset, range, type(...), types.ModuleType),
        *(collections.OrderedDict, collections.Counter),
    )
)
# The same of libraries, with all that is derived from them.
ARRAYS, TABLES = ("ndarray", "number", "bool_", "character"), ("DataFrame", "Series", "Index")
# Who asks for a class without a test that wants to know.
ASIDE = frozenset(
    "autograder abc copy copyreg functools pickle pprint reprlib traceback weakref".split()
) | {"_weakrefset"}


# What a test may ask of the class of a stand-in. NumPy asks each value's class for the others.
NAMES, ASKED = ("__name__", "__qualname__", "__module__"), "__array"


class Current:
    """Whom the running tests ask: there is one in a process."""

    student: Student | None = None


def aside(depth: int = 2) -> bool:
    """Whether the code so many calls up is the grader's, or one that only sorts by classes."""
    found = sys._getframe(depth).f_globals
    return str(found.get("__name__")).split(".")[0] in ASIDE and "__spec__" in found


def wondered(name: str) -> bool:
    """Whether a test itself, or `dataclasses` for it, wants more of a class than its name."""
    if name in NAMES or name.startswith(ASKED):
        return False
    found = sys._getframe(2).f_globals
    return "__spec__" not in found or found.get("__name__") == "dataclasses"


def copied(kind: type) -> bool:
    """Whether a value of this class would have been copied."""
    if any(kind is one for one in COPIED):
        return True
    for library, names in (("numpy", ARRAYS), ("pandas", TABLES)):
        known = getattr(sys.modules.get(library), "__dict__", {})
        bases = tuple(known[name] for name in names if isinstance(known.get(name), type))
        if issubclass(kind, bases):
            return True
    return False


def left(cls: type, what: str) -> NoReturn:
    """Leave the case to a teacher.

    Raises:
        NeedsTeacher: always.
    """
    name = type.__getattribute__(cls, "__name__")
    reason = f"a test asks for {what} of an object ({name}), which is not copied with it"
    if Current.student is None:
        raise NeedsTeacher(reason)
    Current.student.doubt(reason)


class Kind(type):
    """Class of the classes of stand-ins.

    A test can ask what such a class is called, as the notebook says it is. No class of this process
    is equal to it.
    """

    # Whether not even the class's name is known.
    nameless = False

    def __eq__(cls, other: object) -> bool:
        return cls is other or (not aside() and same(cls, other))

    def __ne__(cls, other: object) -> bool:
        return not (cls is other or (not aside() and same(cls, other)))

    def __hash__(cls) -> int:
        # Of the class that it would be, so that a table of classes asks whether it is that one.
        named = cls.__dict__.get("_named")
        return type.__hash__(cls) if named is None else type.__hash__(known(*named) or cls)

    def __call__(cls, *arguments: Any, **named: Any) -> Any:
        # A stand-in that a test has made would believe what the test hands to it.
        if not (aside() or wired(arguments)):
            left(cls, "an object of the class")
        return super().__call__(*arguments, **named)

    def __getattribute__(cls, name: str) -> Any:
        if wondered(name):
            left(cls, "what is in the class")
        return super().__getattribute__(name)

    def __setattr__(cls, name: str, value: Any) -> None:
        if wondered(name):
            left(cls, "what is in the class")
        super().__setattr__(name, value)

    def __delattr__(cls, name: str) -> None:
        if wondered(name):
            left(cls, "what is in the class")
        super().__delattr__(name)

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")
        left(cls, "what is in the class")


class Nameless(Kind):
    """Class of the class of what could not be carried: nobody knows what that is."""

    nameless = True

    def __getattribute__(cls, name: str) -> Any:
        if name in NAMES and not aside():
            left(cls, "the name of the class")
        if wondered(name):
            left(cls, "what is in the class")
        return type.__getattribute__(cls, name)

    def __repr__(cls) -> str:
        return type.__repr__(cls) if aside() else left(cls, "the class")


def wired(arguments: tuple[Any, ...]) -> bool:
    """Whether a stand-in is made with the way to the notebook, which no value is."""
    way = sys.modules["autograder.trusted.student"].Student
    return bool(arguments) and type(arguments[0]) is way


def same(cls: Kind, other: Any) -> bool:
    """Whether a stand-in's class equals something else.

    Raises:
        NeedsTeacher: it may in the notebook.
    """
    kind = type(other)
    if issubclass(kind, Kind):
        # Two of a notebook's, each under a name of its own.
        if not (cls.nameless or kind.nameless):
            return False
    elif issubclass(type(kind), Kind):
        # What stands for a class.
        pass
    elif not issubclass(kind, type) or (not cls.nameless and copied(other)):
        return False
    left(cls, "the class")


def known(module: str, name: str) -> type | None:
    """The class of this name, if its module has been imported here."""
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, "__dict__", {}).get(part)
    return found if type(found) is type else None
