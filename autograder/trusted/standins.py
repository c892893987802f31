"""What stands in the tests for a student's functions and objects."""

from __future__ import annotations

import builtins
import contextlib
import functools
import json
import re
import sys
import time
import types
from typing import Any, NoReturn

from autograder.trusted.calls import Calls
from autograder.trusted.expected import Expected, comparison
from autograder.trusted.refusal import NeedsTeacher
from autograder.trusted.surroundings import Surroundings
from autograder.values.decode import Decoder
from autograder.values.encode import Encoder
from autograder.values.wire import Channel, Message, TooSlow, WireError

# How much later than its own limit an answer may come.
GRACE = 3.0
# After so many calls without an answer in time nothing is asked any more.
MOST_LATE = 3
# Methods of text, sets, tables and models that get a value and say whether it is right, or how
# good.
VERDICTS = frozenset(
    """
    startswith endswith issubset issuperset isdisjoint equals identical eq ne lt le gt ge isin
    compare allclose isclose array_equal evaluate test_on_batch score between difference
    symmetric_difference corr corrwith sub subtract rsub match fullmatch
    """.split()
)
# Exceptions that end a loop around a call in silence: `map` in a test would take one for its end.
ENDINGS = (StopIteration, StopAsyncIteration)
# Depth of the bases of a notebook's exception class, bases of each, and arguments of an exception.
MAX_PARENTS, MAX_ARGUMENTS = 8, 8
# Such classes of one notebook; stand-ins that are kept for when an object comes again.
MAX_CLASSES, MAX_STANDINS = 1_000, 10_000
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


class NoAnswer(RuntimeError):
    """The student's process does not answer any more."""


class StudentError(Exception):
    """An exception of a class that only the student's notebook knows."""


class Student:
    """The student's process, as the tests can reach it.

    Attributes:
        case_end: when the time of the running test case is over (`time.monotonic`).
        doubts: reasons why the running case needs a teacher, even where a test caught them.
        gone: why there are no more answers, or "".
        calls: how many there were, by which an answer names its call.
        late: how many of them had no answer in time.
        modules: modules that the assignment brings along.
        names: of functions and objects by their numbers.
        standins: for functions and objects, by what is told of them: one object is one here too.
        classes: what stands for the notebook's classes of exceptions, by their numbers.
        seen: what the running case has asked.
        around: what tests change around the calls.
        expected: what the tests that run, or whose values are made, know of; None before any.
    """

    def __init__(self, channel: Channel, modules: frozenset[str]) -> None:
        self.channel, self.modules = channel, modules
        self.case_end = 0.0
        self.doubts: list[str] = []
        self.gone = ""
        self.calls = self.late = 0
        self.names: dict[int, str] = {}
        self.standins: dict[str, Any] = {}
        self.classes: dict[int, type[Exception]] = {}
        self.seen = Calls()
        self.around = Surroundings()
        self.expected: Expected | None = None

    def decoder(self, blob: bytes) -> Decoder:
        """Reads values in which this student's functions can be called."""
        return Decoder(
            blob,
            self.referred,
            lambda reason: Opaque(self, reason),
            self.modules,
            masks=self.expected is not None and self.expected.masks,
            gaps=self.expected is not None and self.expected.gaps,
        )

    def environment(self, expected: Expected, nodes: dict[str, Any], blob: bytes) -> dict[str, Any]:
        """The values of a question by their names; each is made alone.

        Args:
            expected: what its tests read.
            nodes: JSON by name, as it arrived.
            blob: the bytes of its arrays.
        """
        self.expected = expected
        decoder = self.decoder(blob)
        return {
            name: self.fitting(expected, name, self.carried(decoder, node))
            for name, node in nodes.items()
            if expected.takes(name)
        }

    def carried(self, decoder: Decoder, node: Any) -> Any:
        """The value of a node; what cannot be made of it is opaque, and nothing else is lost."""
        doubts = len(self.doubts)
        try:
            return decoder.value(node)
        except NeedsTeacher as error:
            # Nobody has looked at it yet.
            del self.doubts[doubts:]
            return Opaque(self, f"a value that holds {error.about or 'what is not carried'}")
        except WireError as error:
            return Opaque(self, f"a value that arrived damaged ({str(error)[:200]})")

    def fitting(self, expected: Expected, name: str, value: Any) -> Any:
        """The value, or what stands in its place where a test takes this name for a library's."""
        kind = type(value)
        if kind is Opaque:
            return value
        if expected.foreign(name, value):
            return Opaque(self, f"a value named {name} in place of a module")
        if expected.compares(name):
            standin = issubclass(kind, Function | Remote)
            found = comparison(name, object.__getattribute__(value, "_module") if standin else "")
            return Opaque(self, f"the notebook's own {name}") if found is None else found
        return value

    def referred(self, described: dict[str, Any]) -> Any:
        """The stand-in for a function, object or history."""
        if "history" in described:
            return types.SimpleNamespace(**{"history": described["history"]})
        kind, about = next(iter(described.items()))
        if type(about) is not dict or type(about.get("ref")) is not int:
            raise WireError("a reference without a number")
        self.names[about["ref"]] = str(about.get("name"))[:100]
        if kind == "object" and type(about.get("bases")) is list:
            return self.class_of(about)
        # What is told of an object can change, such as whether a function has names of its own.
        told = json.dumps(described, sort_keys=True)
        found = self.standins.get(told)
        if found is None:
            found = self.standin(kind, about)
            if len(self.standins) < MAX_STANDINS:
                self.standins[told] = found
        return found

    def standin(self, kind: str, about: dict[str, Any]) -> Any:
        """A new stand-in for a function or an object."""
        if kind == "function":
            return Function(self, about)
        standin = CallableRemote if about.get("callable") is True else Remote
        return called(standin, str(about.get("type")).rpartition(".")[2])(self, about)

    def class_of(self, about: Any, depth: int = 0) -> type[Exception]:
        """The class that stands for a notebook's class of exceptions: one for each number.

        Args:
            about: what the notebook says of it: names of the builtin classes that it is made of,
                and its parents in the notebook. None of them leads to a class that is not made
                here or in `RAISABLE`.
        """
        if type(about) is not dict or type(about.get("ref")) is not int or depth > MAX_PARENTS:
            raise WireError("a class without a number, or with too many parents")
        if about["ref"] not in self.classes:
            if len(self.classes) >= MAX_CLASSES:
                raise WireError("too many classes of exceptions")
            above = about.get("parents")
            parents = [
                self.class_of(parent, depth + 1)
                for parent in (above[:MAX_PARENTS] if type(above) is list else ())
            ]
            base = builtin_base(about.get("bases"))
            if not any(issubclass(parent, base) for parent in parents):
                parents.append(base)
            self.names[about["ref"]] = identifier(about.get("name"))
            self.classes[about["ref"]] = exception_class(
                CallableRemote(self, about), about, parents
            )
        return self.classes[about["ref"]]

    def raised(self, head: dict[str, Any]) -> BaseException:
        """The exception of an answer.

        Raises:
            WireError: it is described as none can be.
        """
        said, about = head["raised"], head.get("class")
        if type(said) is not list or [type(text) for text in said] != [str, str]:
            raise WireError("no exception")
        name, text = said
        if about is None or name == "TimeLimit":
            return exception(name, text, plain(head.get("args")))
        # Not by a call: that would ask the notebook for another one.
        kind = self.class_of(about)
        given = plain(head.get("args"))
        try:
            made: BaseException = type.__call__(kind, *((text[:4000],) if given is None else given))
        except (TypeError, ValueError):
            made = type.__call__(kind, text[:4000])
        # Its class may have a text of its own.
        vars(made)["_text"] = text[:4000]
        return made

    def doubt(self, reason: str, about: str = "") -> NoReturn:
        """Leave the case to a teacher; `about` is what could not be carried."""
        self.doubts.append(reason)
        raise NeedsTeacher(reason, about)

    def ask(
        self,
        ref: int,
        arguments: tuple[Any, ...],
        named: dict[str, Any],
        name: str | None = None,
        get: bool = False,
    ) -> Any:
        """Send a call and wait for its answer; both are noted for the teacher.

        Raises:
            NoAnswer: the process has ended or does not answer.
            NeedsTeacher: an argument cannot be sent.
            Exception: what the student's code raised, as the builtin class of that name, or as
                what stands for the notebook's class.
        """
        own = self.names.get(ref, "?")
        self.seen.asked(own if name is None else f"{own}.{name}", arguments, named)
        try:
            answer = self.sent(ref, arguments, named, name, get)
        except BaseException as error:
            self.seen.raised(error)
            raise
        self.seen.answered(answer)
        return answer

    def sent(
        self,
        ref: int,
        arguments: tuple[Any, ...],
        named: dict[str, Any],
        name: str | None,
        get: bool,
    ) -> Any:
        """Send a call and wait for its answer."""
        if self.gone:
            # Nobody knows what it would have answered.
            self.doubt(self.gone)
        replaced = self.around.replaced()
        if replaced:
            self.doubt(f"a test replaces {replaced}, which a function elsewhere does not see")
        given = [*arguments, *named.values()]
        encoder = Encoder(self.send_reference)
        sent = [encoder.value(item) for item in given]
        for item in sent:
            if type(item) is dict and "other" in item:
                self.doubt(
                    f"a test gives a function something that cannot be sent: {item['other']}"
                )
        positional = sent[: len(arguments)]
        pairs = [list(pair) for pair in zip(named, sent[len(arguments) :], strict=True)]
        left = max(0.1, self.case_end - time.monotonic())
        head = {"kind": "call", "ref": ref, "args": positional, "kwargs": {"dict": pairs}}
        self.calls += 1
        head |= {"name": name, "get": get, "seconds": left, "call": self.calls}
        head["states"] = encoder.value(self.around.states())
        try:
            deadline = time.monotonic() + left + GRACE
            from autograder.values.wire import pack

            self.channel.send_bytes(pack(Message(head, encoder.blob)), deadline)
            answer = self.channel.receive(deadline)
            while answer.kind == "answer" and answer.head.get("call") != self.calls:
                # To an earlier call, which was given up.
                answer = self.channel.receive(deadline)
            if answer.kind != "answer":
                raise WireError("not an answer")
            return self.unpacked(answer, given)
        except TooSlow:
            self.late += 1
            if self.late == MOST_LATE:
                self.gone = "Your notebook's process did not answer in time, again and again."
            raise NoAnswer("Your function did not answer in time.") from None
        except WireError:
            self.gone = "Your notebook's process has ended, or gave an answer that is none."
        raise NoAnswer(self.gone)

    def send_reference(self, _: Any) -> Any:
        """A stand-in goes back as what it stands for: not carried in this version."""
        return None

    def unpacked(self, answer: Message, given: list[Any]) -> Any:
        """The value of an answer; arguments that changed are changed here too."""
        decoder = self.decoder(answer.blob)
        out = answer.head.get("out")
        if type(out) is str:
            sys.stdout.write(out)
        changed = answer.head.get("changed") or []
        if type(changed) is not list or len(changed) > len(given):
            raise WireError("changed arguments that were not given")
        for entry in changed:
            place, node = entry if type(entry) is list and len(entry) == 2 else (None, None)
            if type(place) is not int or not 0 <= place < len(given):
                raise WireError("a changed argument that was not given")
            self.change(given[place], self.carried(decoder, node))
        if answer.head.get("raised") is not None:
            raise self.raised(answer.head)
        return self.carried(decoder, answer.head.get("value"))

    def change(self, old: Any, new: Any) -> None:
        """Make `old` what `new` is, in place."""
        if type(old) is type(new) and isinstance(old, list):
            old[:] = new
        elif type(old) is type(new) and isinstance(old, dict | set):
            old.clear()
            old.update(new)
        elif type(old) is type(new) and type(old).__name__ == "ndarray" and old.shape == new.shape:
            old[...] = new
        elif type(old) is type(new) and hasattr(old, "_update_inplace"):
            old._update_inplace(new)
        else:
            self.doubt(f"a function changed an argument ({type(old).__name__}) in place")


def exception(name: str, text: str, given: tuple[Any, ...] | None = None) -> BaseException:
    """The exception that a student's code raised; nothing that ends this process, or a loop.

    Args:
        name: of its class.
        text: what it says.
        given: its arguments, or None where they are not plain.
    """
    if name == "TimeLimit":
        return TimeoutError("the call took too long")
    if name in [kind.__name__ for kind in ENDINGS]:
        # As where a generator raises it.
        return RuntimeError(f"a function raised {name}")
    found = RAISABLE.get(name)
    if found is not None:
        if given is not None:
            with contextlib.suppress(TypeError, ValueError):
                return found(*given)
        return found(text[:4000])
    unknown: type[StudentError] = type(identifier(name), (StudentError,), {})
    return unknown(text[:4000])


def plain(given: Any) -> tuple[Any, ...] | None:
    """The arguments of an exception, where they are numbers and text, or None."""
    if type(given) is not list or len(given) > MAX_ARGUMENTS:
        return None
    if any(type(item) not in (str, int, float, bool, type(None)) for item in given):
        return None
    return tuple(given)


def identifier(name: Any) -> str:
    """The name of a class, whatever was sent."""
    return name if type(name) is str and name.isidentifier() and len(name) <= 60 else "StudentError"


def builtin_base(names: Any) -> type[Exception]:
    """The first class of these names that may be raised here; those that end loops become others.

    Args:
        names: as they arrived, the most special one first.
    """
    for name in names[:50] if type(names) is list else ():
        if name in [kind.__name__ for kind in ENDINGS]:
            return RuntimeError
        if type(name) is str and name in RAISABLE:
            return RAISABLE[name]
    return StudentError


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
        # Parents that do not go together.
        made = ExceptionClass(name, (parents[-1],), inside)
    found: type[Exception] = made
    return found


def unknown_attribute(error: Exception, remote: Any, name: str) -> NoReturn:
    """Leave the case to a teacher where a test looks at an attribute that was not carried."""
    if name.startswith("_"):
        raise AttributeError(f"{type(error).__name__!r} object has no attribute {name!r}")
    student: Student = object.__getattribute__(remote, "_student")
    student.doubt(f"a test looks at {name} of an exception, a {type(error).__name__}")


class Opaque:
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


class Function:
    """Stands in for a function: a call is a message."""

    def __init__(self, student: Student, about: dict[str, Any]) -> None:
        self._student, self._ref = student, about["ref"]
        self._reason = "a function's inside"
        self._module = str(about.get("module"))
        self._own = about.get("own") is not False
        self.__name__ = self.__qualname__ = str(about.get("name"))[:100]
        doc = about.get("doc")
        self.__doc__ = doc[:2000] if type(doc) is str else None

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return types.FunctionType

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._student.ask(self._ref, arguments, named)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__array") or (
            not self._own and name not in (*dir(refuse), "__wrapped__")
        ):
            raise AttributeError(f"'function' object has no attribute {name!r}")
        refuse(self)

    def __repr__(self) -> str:
        return f"<function {self.__name__}>"


class Remote:
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


def refused(standin: Any, *_: Any, **__: Any) -> NoReturn:
    """Leave the case to a teacher, since a class cannot do what is asked."""
    refuse(type.__getattribute__(standin, "_remote"))


# What any class can do stays: a test may print it, hash it, or look whether it is there.
for operation in REFUSED:
    if operation not in ("call", "bool", "str", "repr", "format") and (
        f"__{operation}__" not in vars(ExceptionClass)
    ):
        setattr(ExceptionClass, f"__{operation}__", refused)


@functools.lru_cache(maxsize=1000)
def called(kind: type[Remote], name: str) -> type[Remote]:
    """A kind of stand-in under the name of a type, since a test may ask what it is called."""
    if not name.isidentifier() or len(name) > 100:
        return kind
    return type(name, (kind,), {"__module__": __name__})
