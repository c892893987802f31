"""What cannot travel as data stays here and answers by message: functions, models, objects."""

from __future__ import annotations

import builtins
import contextlib
import datetime
import io
import operator
import sys
import types
from collections.abc import Callable
from typing import Any

from autograder.student import around, generators
from autograder.student.shared import Shared, Stale
from autograder.values.changes import Watched
from autograder.values.decode import Decoder
from autograder.values.encode import MAX_NOTE, MAX_NOTES, Encoder
from autograder.values.generators import comparable
from autograder.values.parts import Parts
from autograder.values.tables import in_cells, meeting, wholes
from autograder.values.wire import Message, WireError

MAX_TEXT = 1 << 20
# Arguments of an exception, classes that one is made of, and parents one above the other.
MAX_ARGUMENTS, MAX_BASES, MAX_PARENTS = 8, 50, 8
# Items of an argument of an exception.
SMALL = 2_000
# Operations on an object that a test may ask for beside its public names. They ask its class, as
# Python does: a class is printed as one.
OPERATIONS: dict[str, Callable[..., Any]] = {
    "__call__": operator.call,
    "__len__": len,
    "__getitem__": operator.getitem,
    "__str__": str,
    "__repr__": repr,
}
FUNCTIONS = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    types.MethodWrapperType,
)
# A time in a zone has no place in the vocabulary either, of whatever class.
DATA: tuple[type, ...] = (
    *(str, bytes, bytearray, int, float, complex, list, tuple, dict, set, frozenset),
    *(datetime.date, datetime.time, datetime.timedelta, datetime.tzinfo),
)


def real(array: Any, kind: str) -> Any:
    """A tensor of the library that the notebook uses, or the array where there is none."""
    with contextlib.suppress(Exception):
        if kind == "torch":
            return sys.modules["torch"].from_numpy(array)
        tensorflow = sys.modules["tensorflow"]
        return tensorflow.Variable(array) if kind == "variable" else tensorflow.constant(array)
    return array


class Bounded(io.StringIO):
    """Keeps the first megabyte of what is printed."""

    def write(self, text: str) -> int:
        if self.tell() < MAX_TEXT:
            super().write(text[: MAX_TEXT - self.tell()])
        return len(text)


class References:
    """Objects by number, and the calls they answer."""

    def __init__(self) -> None:
        self.objects: list[Any] = []
        self.numbers: dict[int, int] = {}
        self.shared = Shared()
        self.generators = generators.Generators()

    def number(self, value: Any) -> int:
        """The number of an object; it is kept alive from now on."""
        if id(value) not in self.numbers:
            self.numbers[id(value)] = len(self.objects)
            self.objects.append(value)
        return self.numbers[id(value)]

    def given_back(self, described: dict[str, Any]) -> Any:
        """The notebook's own object, where a test hands over what stands for it.

        Raises:
            WireError: there is none of this number.
        """
        about = described.get("object")
        return self.object(about.get("ref") if type(about) is dict else None)

    def object(self, number: Any) -> Any:
        """The object of a number.

        Raises:
            WireError: there is none.
        """
        if type(number) is not int or not 0 <= number < len(self.objects):
            raise WireError("a test asks for an object that this notebook does not have")
        return self.objects[number]

    def refer(self, value: Any) -> Any:
        """A reference as JSON, or None where there cannot be one."""
        kind = type(value)
        if isinstance(value, type) and value.__module__ == "builtins":
            return None
        if kind.__name__ == "History" and isinstance(getattr(value, "history", None), dict):
            encoder = Encoder()
            return {"history": encoder.node(value.history, 0)}
        described = {
            "ref": self.number(value),
            "name": str(getattr(value, "__name__", kind.__name__))[:100],
            "doc": str(value.__doc__)[:2000] if isinstance(value.__doc__, str) else None,
            "module": str(getattr(value, "__module__", ""))[:100],
            "kind": [str(kind.__module__)[:100], str(kind.__qualname__)[:200]],
        }
        if isinstance(value, FUNCTIONS) or kind.__name__ in ("partial", "ufunc"):
            own = getattr(value, "__dict__", None)
            described["qualname"] = str(getattr(value, "__qualname__", described["name"]))[:200]
            described["own"] = set(own or ()) not in (set(), {"__wrapped__"})
            return {"function": described}
        described["data"] = derived(kind)
        described["type"] = f"{kind.__module__}.{kind.__qualname__}"[:200]
        described["callable"] = callable(value)
        if isinstance(value, type) and issubclass(value, BaseException):
            described |= self.ancestry(value)
        return {"object": described}

    def ancestry(self, kind: type, depth: int = 0) -> dict[str, Any]:
        """What a class of exceptions is made of: builtin classes by name, others by number."""
        bases = [base for base in kind.__mro__ if builtin(base)]
        others = [base for base in kind.__bases__ if not builtin(base)]
        parents = [base for base in others if issubclass(base, BaseException)]
        return {
            "bases": [base.__name__ for base in bases[:MAX_BASES]],
            "parents": [
                self.class_of(base, depth + 1)
                for base in parents[: MAX_PARENTS if depth < MAX_PARENTS else 0]
            ],
        }

    def class_of(self, kind: type, depth: int = 0) -> dict[str, Any]:
        """A class of exceptions as JSON."""
        return {
            "ref": self.number(kind),
            "name": str(kind.__name__)[:100],
            "doc": kind.__doc__[:2000] if isinstance(kind.__doc__, str) else None,
            "module": str(kind.__module__)[:100],
            "type": f"{type(kind).__module__}.{type(kind).__qualname__}"[:200],
            **self.ancestry(kind, depth),
        }

    def raised(self, error: BaseException, encoder: Encoder) -> dict[str, Any]:
        """The entries of an answer that say what was raised."""
        kind = type(error)
        said: dict[str, Any] = {"raised": [kind.__name__, text_of(error)]}
        with contextlib.suppress(Exception):
            said["args"] = arguments_of(error, encoder)
            said["notes"] = notes_of(error)
        said["chained"] = error.__cause__ is not None or error.__context__ is not None
        if not builtin(kind):
            with contextlib.suppress(Exception):
                said |= {"class": self.class_of(kind), "raised": [kind.__name__, str(error)[:4000]]}
        return said

    def answer(self, message: Message) -> Message:
        """Do what a message asks and say what came of it.

        Whatever the student's code raises is part of the answer, `SystemExit` too.
        """
        answer = self.performed(message)
        # Now, when nobody has the arguments any more who has not kept them.
        answer.head["keeps"] = self.shared.keep(message.head.get("call", 0))
        answer.head["large"] = self.shared.has_large
        return answer

    def performed(self, message: Message) -> Message:
        """Do what a message asks and say what came of it, but for what the notebook keeps."""
        head = message.head
        decoder = Decoder(message.blob, self.given_back, lambda _: None, tensor=real, paths=True)
        arguments = decoder.value(head.get("args", []))
        named = dict(decoder.value(head.get("kwargs", {"dict": []})))
        states = decoder.value(head.get("states", {"dict": []}))
        self.generators.resume(head.get("question"))
        self.generators.adopt(states)
        before = comparable(generators.now()) if "watch" in states else {}
        given = [*arguments, *named.values()]
        try:
            shared = self.shared.taken(
                head.get("shared", []), head.get("changed", []), head.get("same", []), decoder
            )
            # What is one object in the test is one here, before anything is done with it.
            given = self.shared.joined(given, head.get("twins", []))
        except Stale:
            return Message({"kind": "answer", "value": None, "raised": None, "undone": True})
        arguments = given[: len(arguments)]
        named = dict(zip(named, given[len(arguments) :], strict=True))
        watched = Watched([*shared, *given])
        encoder = Encoder(self.refer)
        out, err, value = Bounded(), Bounded(), None
        marks: list[Any] = []
        answers: list[Any] = []
        views = cells = False
        self.shared.note(given)
        raised: dict[str, Any] = {"raised": None}
        with (
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            around.surrounded(states) as caught,
        ):
            try:
                found = self.perform(head, arguments, named)
                self.shared.note([*given, found])
                pruned, marks = watched.parts.pruned(found)
                views = overlapping(found, [*shared, *given])
                cells = celled(found, [*shared, *given])
                value, answers = encoder.value(pruned), [found]
            except BaseException as error:
                raised = self.raised(error, encoder)
        changed, same = watched.changed(encoder, *answers)
        said = {"kind": "answer", "value": value, "changed": changed, "same": same, **raised}
        said["own"], said["views"], said["cells"] = marks, views, cells
        said["parted"] = self.shared.parted
        said["out"], said["err"] = out.getvalue(), err.getvalue()
        said["warned"] = around.told(caught)
        now = comparable(generators.now()) if before else {}
        said["drew"] = [name for name in before if now.get(name) != before[name]]
        said["stale"] = self.shared.touched()
        said["unordered"] = decoder.sets.unordered
        return Message(said, encoder.blob)

    def perform(self, head: dict[str, Any], arguments: list[Any], named: dict[str, Any]) -> Any:
        """Call, or read a public name."""
        value = self.object(head["ref"])
        name = head.get("name")
        if name is None:
            return value(*arguments, **named)
        if name.startswith("_") and name not in OPERATIONS:
            raise AttributeError(name)
        if head.get("get"):
            return getattr(value, name)
        if name in OPERATIONS:
            return OPERATIONS[name](value, *arguments, **named)
        return getattr(value, name)(*arguments, **named)


def overlapping(value: Any, given: list[Any]) -> bool:
    """Whether an array or a table of an answer shares numbers with one of the arguments."""
    with contextlib.suppress(Exception):
        theirs = wholes(given)
        known = set(map(id, theirs))
        mine = [part for part in wholes([value]) if id(part) not in known]
        return any(True for _ in meeting(mine, theirs))
    return False


def celled(value: Any, given: list[Any]) -> bool:
    """Whether an answer is, or holds, what lies in a cell of a table of the arguments, or the other
    way round."""
    with contextlib.suppress(Exception):
        known, answer = Parts(given), Parts([value])
        new = [part for part in answer.found.values() if id(part) not in known.paths]
        mine = set(map(id, in_cells(new)))
        theirs = set(map(id, in_cells(known.found.values())))
        return not (mine.isdisjoint({*known.paths, *theirs}) and theirs.isdisjoint(map(id, new)))
    return False


def derived(kind: type) -> str | None:
    """The class of data that a class is, or is derived from: of its values some arrive as objects,
    which are none for code in C. By its parents, since an object can say that it is of another."""
    return next((base.__name__ for base in DATA if issubclass(kind, base)), None)


def builtin(kind: type) -> bool:
    """Whether a class is one of Python's own, and not one that claims to be."""
    return getattr(builtins, kind.__name__, None) is kind


def arguments_of(error: BaseException, encoder: Encoder) -> list[Any] | None:
    """The arguments of an exception as JSON, or None where there are too many."""
    given = list(error.args)
    if isinstance(error, OSError) and len(given) == 2 and type(error.filename) is str:
        # Python takes the name of the file out of them.
        given.append(error.filename)
    if len(given) > MAX_ARGUMENTS:
        return None
    return [argument_of(item, encoder) for item in given]


def notes_of(error: BaseException) -> list[str] | None:
    """What was noted on an exception by `add_note`, or None of more than some texts."""
    found = getattr(error, "__notes__", [])
    if type(found) is not list or len(found) > MAX_NOTES:
        return None
    return found if all(type(note) is str and len(note) <= MAX_NOTE for note in found) else None


def argument_of(value: Any, encoder: Encoder) -> Any:
    """An argument of an exception as JSON; its texts where it is no data, or long."""
    if type(value) is str and len(value) <= 4000:
        return value
    data = Encoder()
    node = data.value(value)
    if data.size > MAX_TEXT or data.nodes > SMALL or (type(node) is dict and "other" in node):
        return {"told": [str(value)[:4000], repr(value)[:4000]]}
    refer, encoder.refer = encoder.refer, None
    try:
        return encoder.value(value)
    finally:
        encoder.refer = refer


def text_of(error: BaseException) -> str:
    """What an exception says; for a `KeyError` its key."""
    try:
        if len(error.args) == 1 and type(error.args[0]) is str:
            return error.args[0][:4000]
        return str(error)[:4000]
    except BaseException:
        return ""


def flush() -> None:
    """Push out what was printed."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
