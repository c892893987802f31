"""Classes of stand-ins: they have a notebook's names, and are no classes that a test knows.

Whether `type(x)` is `Decimal` is not known here, where only a name has arrived. A comparison of the
class of a stand-in with another class is left to a teacher, unless values of that class would have
been copied.
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
# Who makes stand-ins, and names them.
GRADER = frozenset(("autograder",))
# What the notebook says of a class.
TOLD = frozenset(("__name__", "__qualname__", "__module__"))
# What each function's class has; another one's is not known.
OF_FUNCTIONS = frozenset(dir(types.FunctionType))


class Current:
    """Whom the running tests ask: there is one in a process."""

    student: Student | None = None


def aside(whose: frozenset[str] = ASIDE) -> bool:
    """Whether the code that asks the caller is the grader's, or one that only sorts by classes."""
    found = sys._getframe(2).f_globals
    return str(found.get("__name__")).split(".")[0] in whose and "__spec__" in found


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
    is equal to it. What is in it is the grader's, and not shown: `__len__` is no word of whether
    the notebook's class has one.
    """

    # Whether not even the class's name is known, and whether it is one of functions.
    nameless = functions = False

    def __eq__(cls, other: object) -> bool:
        return cls is other or (not aside() and same(cls, other))

    def __ne__(cls, other: object) -> bool:
        return not (cls is other or (not aside() and same(cls, other)))

    def __hash__(cls) -> int:
        # Of the class that it would be, so that a table of classes asks whether it is that one.
        named = cls.__dict__.get("_named")
        return type.__hash__(cls) if named is None else type.__hash__(known(*named) or cls)

    def __getattribute__(cls, name: str) -> Any:
        if Current.student is None or aside():
            return type.__getattribute__(cls, name)
        if name in TOLD:
            if type.__getattribute__(cls, "nameless"):
                left(cls, "the name of the class")
            return type.__getattribute__(cls, name)
        if name.startswith("__array"):
            # NumPy asks for it of everything that it gets.
            raise AttributeError(f"type object has no attribute {name!r}")
        if type.__getattribute__(cls, "functions"):
            if name.startswith("__") and name not in OF_FUNCTIONS | {"__mro__"}:
                raise AttributeError(f"type object has no attribute {name!r}")
            if sys._getframe(1).f_globals.get("__name__") == "collections.abc":
                # `isinstance(f, Iterable)`: it has no operation that a function lacks.
                return type.__getattribute__(cls, name)
        left(cls, "what is in the class")

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            called = type.__getattribute__(cls, "__name__")
            raise AttributeError(f"type object {called!r} has no attribute {name!r}")
        left(cls, "what is in the class")

    def __setattr__(cls, name: str, value: Any) -> None:
        if not aside(GRADER):
            left(cls, "a change of the class")
        type.__setattr__(cls, name, value)

    def __delattr__(cls, name: str) -> None:
        left(cls, "a change of the class")

    def __dir__(cls) -> list[str]:
        plain = Current.student is None or aside()
        return list(type.__dir__(cls)) if plain else left(cls, "what is in the class")

    def __call__(cls, *arguments: Any, **named: Any) -> Any:
        # Of what a test has, the notebook's values too, no stand-in is made.
        if not aside(GRADER):
            left(cls, "a new one")
        return type.__call__(cls, *arguments, **named)


class OfFunctions(Kind):
    """Class of the classes of what stands for functions: these are Python's own."""

    functions = True


class Nameless(Kind):
    """Class of the class of what could not be carried: nobody knows what that is."""

    nameless = True

    def __repr__(cls) -> str:
        return type.__repr__(cls) if aside() else left(cls, "the class")


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
