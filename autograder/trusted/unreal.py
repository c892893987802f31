"""Where Python itself sees that a stand-in is no real value: it asks the stand-in nothing.

A stand-in for a value of a subclass of `str` is no `str`. What is written in C, such as
`",".join(words)`, raises a TypeError for it, and `case [*_]` of a `match` passes over what stands
for a subclass of `list`. In the notebook's own process the one is no error, and the other matches.
"""

from __future__ import annotations

import ast
import re
import sys
import threading
import types
from collections.abc import Callable, Iterable
from typing import Any

from autograder.trusted.identity import trees

# Patterns that look at flags of a class; others compare, or ask for a class, which is refused.
PATTERNS = (ast.MatchSequence, ast.MatchMapping, ast.MatchClass)
# Classes by which a TypeError is caught, and functions that wait for it or pass over it.
CAUGHT = frozenset(("TypeError", "Exception", "BaseException"))
CATCHERS = re.compile(r"raises|suppress", re.IGNORECASE)
# Modules whose functions call what a test gives them, to see it fail, or in a thread.
CALLERS = re.compile(
    r"_pytest\.|unittest\.case$|threading$|concurrent\.futures\.thread$|multiprocessing\.pool$"
)
# A stand-in would have been asked first, and would have refused: but in `pow` of three.
OPERATORS = re.compile(
    r"unsupported operand type\(s\) for [^']+: '[^']+' and '[^']+'$"
    r"|'[<>]=?' not supported between instances of |bad operand type for "
)
# Longer texts are none of Python's own.
LONG = 500
# Classes whose values are copied; where it is one of these, a TypeError is of a copy.
PLAIN = frozenset("NoneType bool int float complex str bytes list tuple dict set frozenset".split())
OFFENDING = re.compile(
    r"'(\w+)' object (?:is not|does not|cannot be) |object of type '(\w+)' has no len\(\)$"
    r"|argument of type '(\w+)' is not |cannot unpack non-iterable (\w+) object$"
    r"|can only concatenate \w+ \(not \"(\w+)\"\) to |unhashable type: '(\w+)'$"
    r"|sequence item \d+: expected \w+ instance, (\w+) found$"
    r"|(?:[\w .()'-]+ )?must be [\w ,-]*, not '?(\w+)'?$"
    r"|'in <string>' requires string as left operand, not (\w+)$"
    r"|can't multiply sequence by non-int of type '(\w+)'$"
)


def matched(sources: Iterable[str]) -> bool:
    """Whether tests have a `match` that looks into sequences, mappings or objects.

    Args:
        sources: Python; what is none is passed over.
    """
    return any(isinstance(node, PATTERNS) for tree in trees(sources) for node in ast.walk(tree))


def catches(sources: Iterable[str]) -> bool:
    """Whether tests may catch a TypeError themselves; a class in a variable may be one.

    Args:
        sources: Python; what is none is passed over.
    """
    return any(catching(node) for tree in trees(sources) for node in ast.walk(tree))


def catching(node: ast.AST) -> bool:
    """Whether this part of a test may catch a TypeError."""
    if isinstance(node, ast.ExceptHandler):
        return node.type is None or typed(node.type)
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", None) or getattr(node.func, "id", None) or ""
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        return CATCHERS.search(name) is not None and any(map(typed, given))
    return False


def remembers(text: str) -> bool:
    """Whether a test file can keep a value from one case to the next.

    Args:
        text: of the file; what is no Python can.
    """
    tree = next(trees([text]), None)
    if tree is None:
        return True
    body: list[Any] = getattr(tree, "body", [])
    kept = [node.value for node in body if isinstance(node, ast.Assign | ast.AnnAssign)]
    defined = {getattr(node, "name", None) for node in body}
    return any(isinstance(node, ast.List | ast.Dict | ast.Set | ast.Call) for node in kept) or any(
        isinstance(node, ast.Global)
        or (
            isinstance(node, ast.Attribute)
            and isinstance(node.ctx, ast.Store)
            and getattr(node.value, "id", None) in defined - {None}
        )
        for node in ast.walk(tree)
    )


def typed(node: ast.expr) -> bool:
    """Whether an expression may hold `TypeError` or a class above it."""
    return any(
        part.attr in CAUGHT
        if isinstance(part, ast.Attribute)
        else isinstance(part, ast.Name) and (part.id in CAUGHT or part.id[:1].islower())
        for part in ast.walk(node)
    )


def read(sources: Iterable[str], names: Iterable[str]) -> frozenset[str]:
    """Those of these names that tests read; all of them where a source is no Python.

    Args:
        sources: of the tests.
        names: of variables of the notebook's.
    """
    listed = list(sources)
    found = list(trees(listed))
    if len(found) < len(listed):
        return frozenset(names)
    said = {
        name
        for tree in found
        for node in ast.walk(tree)
        for name in (
            getattr(node, "id", None),
            getattr(node, "arg", None),
            getattr(node, "value", None) if isinstance(node, ast.Constant) else None,
        )
        if type(name) is str
    }
    return frozenset(said.intersection(names))


class Unreal:
    """Looks at the TypeErrors of a running case.

    Args:
        carried: the code in which the exceptions of the notebook's are raised here: these are no
            errors of the tests.

    Attributes:
        named: names of the classes of stand-ins, as the notebook says; it may say `int`.
        found: whether the running case met a TypeError that may be one of a stand-in.
        lost: whether it was not followed to its end.
        waits: whether it is followed as soon as an object comes.
    """

    def __init__(self, carried: types.CodeType) -> None:
        self.carried = carried
        self.named = set[str]()
        self.found = self.lost = self.waits = False

    def begin(self) -> None:
        """A case begins."""
        self.found = self.lost = False

    def look(self, kind: Any, error: object, place: types.TracebackType | None) -> None:
        """Note an error that a test has met.

        Args:
            kind: its class.
            error: itself.
            place: where it came along, from the test on.
        """
        if kind is not TypeError or self.found:
            return
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        if place is not None and place.tb_frame.f_code is self.carried:
            return
        said: tuple[Any, ...] = getattr(error, "args", ())
        # Not its text: of an object of the notebook's that would be asked for.
        self.found = len(said) != 1 or type(said[0]) is not str or not self.of_copies(said[0])

    def of_copies(self, text: str) -> bool:
        """Whether a TypeError with this text is none of a stand-in.

        Python makes the text, but may put the name of a stand-in's class into it.
        """
        if len(text) > LONG:
            return False
        if OPERATORS.match(text):
            return True
        offending = OFFENDING.match(text)
        name = next(filter(None, offending.groups()), "") if offending else ""
        return name in PLAIN and name not in self.named

    def follow(self) -> None:
        """Follow the running test from here on, if it is one that catches errors."""
        if not self.waits:
            return
        self.waits = False
        sys.settrace(self.traced)
        frame: types.FrameType | None = sys._getframe(1)
        while frame is not None:
            if self.traced(frame) is not None:
                frame.f_trace = self.met
            frame = frame.f_back

    def traced(self, frame: types.FrameType, *_: Any) -> Callable[..., Any] | None:
        """Follow the frames of tests, for `sys.settrace`, and of what calls functions for them."""
        module = str(frame.f_globals.get("__name__"))
        if "__spec__" in frame.f_globals and CALLERS.match(module) is None:
            return None
        frame.f_trace_lines = False
        return self.met

    def met(self, _: types.FrameType, event: str, about: Any) -> Callable[..., Any]:
        """An error has come to a frame of a test."""
        if event == "exception":
            self.look(*about)
        return self.met


class Following:
    """Follows a test that catches errors itself, from when an object comes on, and the threads that
    a test starts: an error ends nothing but the thread, or waits for somebody to ask for it.

    To be followed, a test takes some times as long.

    Args:
        unreal: looks at the errors.
        wanted: whether the test is followed.
        now: whether from its beginning on.
    """

    def __init__(self, unreal: Unreal, wanted: bool, now: bool) -> None:
        self.unreal, self.wanted, self.now = unreal, wanted, now

    def __enter__(self) -> None:
        self.before, self.threads = sys.gettrace(), threading.gettrace()
        threading.settrace(self.unreal.traced)
        self.unreal.waits = self.wanted
        if self.now:
            self.unreal.follow()

    def __exit__(self, *_: object) -> None:
        if threading.gettrace() != self.unreal.traced:
            # Nobody knows what the threads have met since.
            self.unreal.lost = True
        threading.settrace(self.threads)
        followed = self.wanted and not self.unreal.waits
        self.unreal.waits = False
        if followed:
            if sys.gettrace() != self.unreal.traced:
                # Nobody knows what it has met since.
                self.unreal.lost = True
            sys.settrace(self.before)
