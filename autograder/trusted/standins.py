"""What stands in the tests for a student's functions and objects."""

from __future__ import annotations

import functools
import re
import types
from typing import TYPE_CHECKING, Any, NoReturn

from autograder.trusted.kinds import Kind, Nameless, OfFunctions, aside
from autograder.trusted.surroundings import by_test

if TYPE_CHECKING:
    from autograder.trusted.student import Student

# Methods of text, sets, tables and models that get a value and say whether it is right, or how
# good.
VERDICTS = frozenset(
    """
    startswith endswith issubset issuperset isdisjoint equals identical eq ne lt le gt ge isin
    compare allclose isclose array_equal evaluate test_on_batch score between difference
    symmetric_difference corr corrwith sub subtract rsub match fullmatch
    """.split()
)


# Names of modules and classes, as they may be shown.
MODULE, NAME = re.compile(r"[A-Za-z_][\w.]{0,99}"), re.compile(r"[\w.<>]{1,200}")


class Opaque(metaclass=Nameless):
    """A value that could not be carried; whatever is done with it leaves the case to a teacher."""

    __slots__ = ("_reason", "_student")

    def __init__(self, student: Student, reason: str) -> None:
        object.__setattr__(self, "_student", student)
        object.__setattr__(self, "_reason", reason)

    def __getattribute__(self, _: str) -> Any:
        refuse(self)


def refuse(standin: Any, *_: Any, **__: Any) -> NoReturn:
    """Leave the case to a teacher, since a stand-in cannot do what is asked."""
    student: Student = object.__getattribute__(standin, "_student")
    reason = object.__getattribute__(standin, "_reason")
    student.doubt(f"a test looks at {reason}, which cannot be copied out of the notebook", reason)


REFUSED = """
    bool eq ne lt le gt ge hash len iter next contains getitem setitem delitem call add radd
    sub rsub mul rmul truediv rtruediv floordiv rfloordiv mod rmod pow rpow matmul rmatmul neg
    pos abs int float complex index round str repr format bytes enter exit and or xor setattr
    invert lshift rshift rlshift rrshift divmod rdivmod rand ror rxor reversed trunc floor ceil
    fspath delattr
""".split()
for operation in REFUSED:
    setattr(Opaque, f"__{operation}__", refuse)


class Told(Opaque):
    """An argument of an exception that is not carried: its text is known, and nothing else."""

    __slots__ = ("_shown", "_text")

    def __init__(self, student: Student, text: str, shown: str) -> None:
        super().__init__(student, "an argument of an exception")
        object.__setattr__(self, "_text", text)
        object.__setattr__(self, "_shown", shown)

    def __str__(self) -> str:
        return str(object.__getattribute__(self, "_text"))

    def __repr__(self) -> str:
        return str(object.__getattribute__(self, "_shown"))


# Attributes that functions have, by the name of their class; of others it is not known.
INSIDE = frozenset((*dir(refuse), "__wrapped__"))
ATTRIBUTES = {"function": INSIDE} | dict.fromkeys(
    ("method", "builtin_function_or_method"), INSIDE | {"__self__", "__func__"}
)


class Function(metaclass=OfFunctions):
    """Stands in for a function: a call is a message."""

    def __init__(self, student: Student, about: dict[str, Any]) -> None:
        module, name = str(about.get("module")), str(about.get("name"))[:100]
        whole, doc = about.get("qualname"), about.get("doc")
        known = type(whole) is str and NAME.fullmatch(whole)
        inside = {
            "_student": student,
            "_ref": about["ref"],
            "_reason": "a function's inside",
            "_module": module,
            "_own": about.get("own") is not False,
            # How many calls there were when this was told.
            "_told": 0,
            "__name__": name,
            "__qualname__": whole if known else name,
            "__doc__": doc[:2000] if type(doc) is str else None,
        }
        if MODULE.fullmatch(module) and module != "None":
            inside["__module__"] = module
        object.__getattribute__(self, "__dict__").update(inside)

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return types.FunctionType

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._student.ask(self._ref, arguments, named)

    def __getattribute__(self, name: str) -> Any:
        if name == "__dict__" and not aside():
            # It holds the grader's own names.
            refuse(self)
        return object.__getattribute__(self, name)

    def __getattr__(self, name: str) -> Any:
        known = ATTRIBUTES.get(type(self).__name__)
        # A call may have set one, as a function that counts does; a library asks for none of these.
        as_told = name.startswith("_") or self._told == self._student.calls or not by_test(2)
        if name.startswith("__array") or (
            not self._own and known is not None and name not in known and as_told
        ):
            raise AttributeError(f"'function' object has no attribute {name!r}")
        refuse(self)

    def __setattr__(self, name: str, value: Any) -> None:
        # The notebook's own function would not have it.
        refuse(self)

    def __delattr__(self, name: str) -> None:
        refuse(self)

    def __copy__(self) -> Function:
        return self

    def __deepcopy__(self, _: Any) -> Function:
        # As of a function: it is one object, with its student's process.
        return self

    def __repr__(self) -> str:
        if type(self).__name__ != "function" or aside():
            return f"<function {self.__name__}>"
        # In each process it lies elsewhere; the same number in each grade, and no address of here.
        return f"<function {self.__qualname__} at 0x7f{self._ref & 0xFFFFFFFF:09x}0>"


class Remote(metaclass=Kind):
    """Stands in for an object: public names and methods by message, anything else by a teacher."""

    def __init__(self, student: Student, about: dict[str, Any]) -> None:
        object.__setattr__(self, "_student", student)
        object.__setattr__(self, "_ref", about["ref"])
        object.__setattr__(self, "_reason", f"a {str(about.get('type'))[:200]}")
        object.__setattr__(self, "_module", str(about.get("module")))

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("_"):
            if name in ("_student", "_ref", "_reason", "_bare"):
                return object.__getattribute__(self, name)
            refuse(self)
        found = self._student.ask(self._ref, (), {}, name, get=True)
        if name in VERDICTS and issubclass(type(found), Function | CallableRemote):
            return self._bare(name, found)
        return found

    def _bare(self, name: str, method: Any) -> Any:
        """A method that must not be given a value: it would say itself that the value is right."""

        def called_bare(*arguments: Any, **named: Any) -> Any:
            if arguments or named:
                self._student.doubt(f"a test takes the word of {self._reason} by its method {name}")
            return method()

        return called_bare

    def __len__(self) -> int:
        found = self._student.ask(self._ref, (), {}, "__len__")
        return found if type(found) is int and found >= 0 else refuse(self)

    def __getitem__(self, key: Any) -> Any:
        return self._student.ask(self._ref, (key,), {}, "__getitem__")

    def __str__(self) -> str:
        found = self._student.ask(self._ref, (), {}, "__str__")
        return found if type(found) is str else refuse(self)

    def __repr__(self) -> str:
        found = self._student.ask(self._ref, (), {}, "__repr__")
        return found if type(found) is str else refuse(self)


for operation in REFUSED:
    if operation != "call" and f"__{operation}__" not in vars(Remote):
        setattr(Remote, f"__{operation}__", refuse)


class CallableRemote(Remote):
    """Stands in for an object that can be called, such as a model."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._student.ask(self._ref, arguments, named)


@functools.lru_cache(maxsize=1000)
def called(kind: Any, module: str, name: str) -> Any:
    """A kind of stand-in under the name of a type, since a test may ask what it is called.

    Args:
        kind: of stand-ins.
        module: the type's, as the notebook says.
        name: its qualified name.
    """
    plain = name.rpartition(".")[2]
    if not plain.isidentifier() or not MODULE.fullmatch(module) or not NAME.fullmatch(name):
        return kind
    inside = {"__module__": module, "__qualname__": name, "_named": (module, name)}
    return Kind(plain, (kind,), inside)
