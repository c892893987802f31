"""What cannot travel as data stays here and answers by message: functions, models, objects."""

from __future__ import annotations

import contextlib
import importlib
import io
import random
import sys
import types
from typing import Any

from autograder.values.decode import Decoder
from autograder.values.encode import Encoder, NotCarried
from autograder.values.wire import Message

MAX_TEXT = 1 << 20
# Operations on an object that a test may ask for beside its public names.
OPERATIONS = ("__call__", "__len__", "__getitem__", "__str__", "__repr__")
FUNCTIONS = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    types.MethodWrapperType,
)


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

    def number(self, value: Any) -> int:
        """The number of an object; it is kept alive from now on."""
        if id(value) not in self.numbers:
            self.numbers[id(value)] = len(self.objects)
            self.objects.append(value)
        return self.numbers[id(value)]

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
        }
        if isinstance(value, FUNCTIONS) or kind.__name__ in ("partial", "ufunc"):
            own = getattr(value, "__dict__", None)
            described["own"] = set(own or ()) not in (set(), {"__wrapped__"})
            return {"function": described}
        described["type"] = f"{kind.__module__}.{kind.__qualname__}"[:200]
        described["callable"] = callable(value)
        return {"object": described}

    def answer(self, message: Message) -> Message:
        """Do what a message asks and say what came of it.

        Whatever the student's code raises is part of the answer, `SystemExit` too.
        """
        head = message.head
        decoder = Decoder(message.blob, lambda _: None, lambda _: None)
        arguments = decoder.value(head.get("args", []))
        named = dict(decoder.value(head.get("kwargs", {"dict": []})))
        adopt(decoder.value(head.get("states", {"dict": []})))
        before = [snapshot(argument) for argument in [*arguments, *named.values()]]
        encoder = Encoder(self.refer)
        out, raised, value = Bounded(), None, None
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            try:
                value = encoder.value(self.perform(head, arguments, named))
            except BaseException as error:
                raised = [type(error).__name__, text_of(error)]
        changed = []
        for place, argument in enumerate([*arguments, *named.values()]):
            if before[place] is not None and snapshot(argument) != before[place]:
                changed.append([place, encoder.value(argument)])
        said = {"kind": "answer", "value": value, "raised": raised, "changed": changed}
        said["out"] = out.getvalue()
        return Message(said, encoder.blob)

    def perform(self, head: dict[str, Any], arguments: list[Any], named: dict[str, Any]) -> Any:
        """Call, or read a public name."""
        value = self.objects[head["ref"]]
        name = head.get("name")
        if name is None:
            return value(*arguments, **named)
        if name.startswith("_") and name not in OPERATIONS:
            raise AttributeError(name)
        if head.get("get"):
            return getattr(value, name)
        return getattr(value, name)(*arguments, **named)


def adopt(states: dict[str, Any]) -> None:
    """Take over the states of the generators that a test has seeded, by their modules."""
    if "random" in states:
        random.setstate(states["random"])
    if "numpy" in states:
        with contextlib.suppress(ImportError):
            importlib.import_module("numpy").random.set_state(states["numpy"])


def snapshot(value: Any) -> Any:
    """Something that differs when a changeable value has changed; None for one that cannot."""
    if value is None or type(value) in (bool, int, float, str, bytes, complex):
        return None
    encoder = Encoder()
    try:
        return encoder.node(value, 0), encoder.blob
    except (NotCarried, RecursionError):
        return None


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
