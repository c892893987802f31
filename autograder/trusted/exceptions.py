"""What stands in the tests for exceptions of a notebook: none ends a loop or this process."""

from __future__ import annotations

import builtins
import contextlib
import functools
import re
import sys
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, NoReturn

from autograder.trusted.standins import REFUSED, CallableRemote, refuse

if TYPE_CHECKING:
    from autograder.trusted.student import Student

# Exceptions that end a loop around a call in silence: `map` in a test would take one for its end.
ENDINGS = (StopIteration, StopAsyncIteration)
# Depth of the bases of a notebook's exception class, bases of each, and arguments of an exception.
MAX_PARENTS, MAX_ARGUMENTS = 8, 8
MODULE = re.compile(r"[A-Za-z_]\w*(\.\w+){0,6}")


def raisable() -> dict[str, type[Exception]]:
    """Builtin exceptions by name that a text is enough for, and that end nothing in silence."""
    found = {}
    for name, kind in vars(builtins).items():
        if isinstance(kind, type) and issubclass(kind, Exception) and not issubclass(kind, ENDINGS):
            with contextlib.suppress(TypeError):
                kind("")
                found[name] = kind
    return found


# Before any test could replace one.
RAISABLE = raisable()


# Those that a text is not enough for; what is made of a text alone says something else of itself.
MADE: dict[str, Callable[[str], Exception]] = {
    "UnicodeDecodeError": lambda text: UnicodeDecodeError("utf-8", b"?", 0, 1, text),
    "UnicodeEncodeError": lambda text: UnicodeEncodeError("utf-8", "?", 0, 1, text),
}
# Libraries whose exceptions tests wait for, often by a base or by what another module re-exports.
LIBRARIES = frozenset("keras matplotlib networkx numpy pandas scipy sklearn tensorflow".split())
# Their exceptions decide what becomes of a test, or of the grader.
DECIDING = frozenset(
    "IPython _pytest autograder bdb doctest otter pdb pluggy pytest test unittest __main__".split()
)


# Attributes of builtin exceptions that are not among their arguments.
SPECIAL: dict[type[Exception], tuple[str, ...]] = {
    AttributeError: ("name", "obj"),
    ImportError: ("name", "path", "name_from"),
    NameError: ("name",),
    OSError: ("filename2", "characters_written"),
    SyntaxError: ("filename", "lineno", "offset", "text", "end_lineno", "end_offset"),
    UnicodeError: ("encoding", "object", "start", "end", "reason"),
}


class StudentError(Exception):
    """An exception of a class that only the student's notebook knows."""


def exception(name: str, text: str, given: tuple[Any, ...] | None = None) -> BaseException:
    """The exception that a student's code raised; nothing that ends this process, or a loop.

    Args:
        name: of its class.
        text: what it says.
        given: its arguments, or None where they have not come.
    """
    if name == "TimeLimit":
        return TimeoutError("the call took too long")
    if name in [kind.__name__ for kind in ENDINGS]:
        # As where a generator raises it.
        return RuntimeError(f"a function raised {name}")
    if name in MADE:
        return exact(name, text, given) or MADE[name](text[:4000])
    found = RAISABLE.get(name)
    if found is not None:
        if given is not None:
            with contextlib.suppress(Exception):
                return found(*given)
        return found(text[:4000])
    unknown: type[StudentError] = type(identifier(name), (StudentError,), {})
    return unknown(*((text[:4000],) if given is None else given))


def exact(name: str, text: str, given: tuple[Any, ...] | None) -> Exception | None:
    """An exception of `MADE` as the notebook has it, or None where its arguments make no such."""
    if not ranged(given):
        return None
    with contextlib.suppress(Exception):
        found: Exception = getattr(builtins, name)(*(given or ()))
        if str(found)[:4000] == text[:4000]:
            return found
    return None


def ranged(given: tuple[Any, ...] | None) -> bool:
    """Whether arguments of a `UnicodeError` name a place in what they hold.

    Some versions of Python do not look, and read memory that lies elsewhere.
    """
    if given is None or len(given) != 5 or type(given[1]) not in (bytes, bytearray, str):
        return False
    start, end = given[2:4]
    return type(start) is int and type(end) is int and 0 <= start < end <= len(given[1])


def special(error: BaseException, name: str, text: str, given: tuple[Any, ...] | None) -> set[str]:
    """Attributes of an exception that have not come with it: here they are None, or invented.

    Args:
        error: as it was made.
        name: of its class in the notebook.
        text: what it says.
        given: its arguments, or None where they have not come.
    """
    if name in [kind.__name__ for kind in ENDINGS]:
        return {"value"}
    if name in MADE and exact(name, text, given) is not None:
        return set()
    return {one for kind, own in SPECIAL.items() if isinstance(error, kind) for one in own}


def library_class(about: Any, imported: Collection[str] = ()) -> type[Exception] | None:
    """A library's class of exceptions, where it has been imported here already, or None.

    Args:
        about: what the notebook says of the class.
        imported: packages that the tests import themselves, beside Python's own modules.
    """
    module, name = (about.get("module"), about.get("name")) if type(about) is dict else (None, None)
    if type(module) is not str or type(name) is not str:
        return None
    package = module.split(".")[0]
    if not (package in sys.stdlib_module_names or package in LIBRARIES or package in imported):
        return None
    kind = getattr(sys.modules.get(module), "__dict__", {}).get(name)
    if not isinstance(kind, type) or not issubclass(kind, Exception) or issubclass(kind, ENDINGS):
        return None
    # It may be another module's.
    return None if {package, str(kind.__module__).split(".")[0]} & DECIDING else kind


def library_exception(
    kind: type[Exception], text: str, given: tuple[Any, ...] | None = None
) -> Exception | None:
    """An exception of a library's class, or None where none can be made that says what it has said.

    Args:
        kind: the class.
        text: what the exception says.
        given: its arguments, or None where they have not come.
    """
    if issubclass(kind, UnicodeError) and not ranged(given):
        given = None
    if given is not None and kind.__module__.split(".")[0] in sys.stdlib_module_names:
        with contextlib.suppress(Exception):
            found = kind(*given)
            if str(found) == text:
                return found
    with contextlib.suppress(Exception):
        # Its own beginning may want more than a text.
        made: Exception = kind.__new__(kind, text[:4000])
        made.args = (text[:4000],) if given is None else given
        if str(made)[:4000] == text[:4000]:
            return made
    with contextlib.suppress(Exception):
        # The text of NumPy's `AxisError` is made of what its beginning has kept.
        made = kind(*(given or ()))
        if str(made)[:4000] == text[:4000]:
            return made
    return None


def begun(kind: type[Exception], given: tuple[Any, ...]) -> Exception:
    """An exception of a class of the notebook's, which may be derived from a library's.

    Not by a call of the class: that would ask the notebook for another one.
    """
    with contextlib.suppress(Exception):
        made: Exception = type.__call__(kind, *given)
        return made
    # Its own beginning may want more than it keeps as arguments.
    bare: Exception = kind.__new__(kind, *given)
    bare.args = given
    return bare


def identifier(name: Any) -> str:
    """The name of a class, whatever was sent."""
    return name if type(name) is str and name.isidentifier() and len(name) <= 60 else "StudentError"


def builtin_bases(names: Any) -> list[type[Exception]]:
    """The classes of these names that may be raised here, without those that another one is
    derived from; those that end loops become others.

    Args:
        names: as they arrived, the most special one first.
    """
    found: list[type[Exception]] = []
    for name in names[:50] if type(names) is list else ():
        ends = name in [kind.__name__ for kind in ENDINGS]
        kind = RuntimeError if ends else RAISABLE.get(name) if type(name) is str else None
        if kind is not None and not any(issubclass(one, kind) for one in found):
            found.append(kind)
    return found or [StudentError]


class ExceptionClass(type):
    """Kind of the classes that stand for a notebook's classes of exceptions.

    A test can catch one, as with `except`, and ask what it is derived from. Everything else is
    asked of the notebook, or refused, as with any object.
    """

    _remote: CallableRemote

    def __call__(cls, *arguments: Any, **named: Any) -> Any:
        return cls._remote(*arguments, **named)

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")
        return getattr(cls._remote, name)

    def __bool__(cls) -> bool:
        return True

    def __eq__(cls, other: object) -> bool:
        return cls is other if isinstance(other, type) else refuse(cls._remote)

    def __ne__(cls, other: object) -> bool:
        return not cls == other

    __hash__ = type.__hash__


def exception_class(
    remote: CallableRemote, about: dict[str, Any], parents: list[type[Exception]]
) -> type[Exception]:
    """A class that stands for a notebook's class of exceptions.

    Args:
        remote: answers what a test asks of the class itself.
        about: its name, module and documentation.
        parents: classes of this process.
    """
    module, doc = about.get("module"), about.get("doc")
    known = type(module) is str and len(module) <= 100 and MODULE.fullmatch(module)
    inside: dict[str, Any] = {
        "_remote": remote,
        "_reason": f"class {identifier(about.get('name'))}",
        "__module__": module if known else "__main__",
        "__doc__": doc[:2000] if type(doc) is str else None,
        "__str__": lambda self: str(vars(self).get("_text", "")),
        "__getattr__": functools.partialmethod(unknown_attribute, remote),
    }
    name = identifier(about.get("name"))
    made: Any
    try:
        made = ExceptionClass(name, tuple(parents), inside)
    except TypeError:
        # Parents that do not go together: as many as do, the builtin ones first.
        kept: list[type[Exception]] = []
        made = ExceptionClass(name, (StudentError,), inside)
        for parent in sorted(parents, key=lambda one: isinstance(one, ExceptionClass)):
            with contextlib.suppress(TypeError):
                made = ExceptionClass(name, (*kept, parent), inside)
                kept.append(parent)
    found: type[Exception] = made
    return found


def unknown_attribute(error: Exception, remote: Any, name: str) -> NoReturn:
    """Leave the case to a teacher where a test looks at an attribute that was not carried."""
    if name.startswith("_"):
        raise AttributeError(f"{type(error).__name__!r} object has no attribute {name!r}")
    student: Student = object.__getattribute__(remote, "_student")
    student.doubt(f"a test looks at {name} of an exception, a {type(error).__name__}")


def refused(standin: Any, *_: Any, **__: Any) -> NoReturn:
    """Leave the case to a teacher, since a class cannot do what is asked."""
    refuse(type.__getattribute__(standin, "_remote"))


# What any class can do stays: a test may print it, hash it, or look whether it is there.
for operation in REFUSED:
    if operation not in ("call", "bool", "str", "repr", "format") and (
        f"__{operation}__" not in vars(ExceptionClass)
    ):
        setattr(ExceptionClass, f"__{operation}__", refused)
