"""Code that a test makes of text or bytes: of the notebook's, it would run among the tests.

`eval(rule)`, `table.query(condition)` and `pickle.loads(saved)` run what they are given in the
process that has the hidden tests and tells the results. So nothing is made into code while a test
case runs but what stands in the tests themselves, and what an import reads from a file.
"""

from __future__ import annotations

import ast
import collections
import dataclasses
import doctest
import functools
import inspect
import re
import timeit
import types
from collections.abc import Callable
from typing import Any

from autograder.trusted.paths import Paths

# Events of Python's audit (docs.python.org/3/library/audit_events.html) by which code comes to be.
CODE = frozenset(("compile", "marshal.loads", "pickle.find_class"))
PROGRAMS = frozenset(("os.exec", "os.posix_spawn", "os.system", "subprocess.Popen"))
IMPORT = "<frozen importlib"
# These make code of names that they have checked, or of texts of their own.
MAKERS = re.compile(
    rf"^{re.escape(str(collections.__file__))}$"
    r"|/scipy/stats/_distn_infrastructure\.py$|/unittest/mock\.py$"
)
# What reads Python's grammar runs nothing; pandas walks through what was read, and calls functions.
GRAMMAR = re.compile(r"(^|/)ast\.py$")
WALKS = re.compile(r"/pandas/core/computation/")
# The tests themselves, where they are doctests.
OTTERS = re.compile(r"/otter/test_files/ok_test\.py$")
# These ask the machine for its processor, or start workers and hear from them.
ASKING = re.compile(r"(^|/)platform\.py$|/joblib/")
WORKERS = re.compile(r"/joblib/externals/loky/|/multiprocessing/")
# A number alone runs nothing; a name alone only tells what it stands for.
NUMBER, NAME = re.compile(r"\s*\d[\d.]*\s*"), re.compile(r"\s*[^\W\d]\w*\s*")
TIMED = {"pass", "_stmt()", "_setup()"}
# Callers that are looked at.
DEEP = 60
# With these a test can unpickle what is in no file.
FROM_MEMORY = re.compile(r"(?<!json\.)(?<!tomllib\.)\bloads\b|\bBytesIO\b|\bUnpickler\b")


def fault(
    event: str,
    arguments: tuple[Any, ...],
    caller: types.FrameType,
    tests: str,
    paths: Paths,
) -> str:
    """What is wrong with a step that makes code or a program while a test case runs, or "".

    Args:
        event: one of `CODE` or `PROGRAMS`.
        arguments: as Python's audit gives them.
        caller: who does it.
        tests: the text of the tests, of which code may be made.
        paths: knows the notebook's texts, and which of the assignment's files the case has opened.
            One may be a pickle, or hold code.
    """
    frames = [caller]
    while (above := frames[-1].f_back) is not None and len(frames) < DEEP:
        frames.append(above)
    files = [frame.f_code.co_filename for frame in frames]
    if any(file.startswith(IMPORT) for file in files):
        return ""
    if event in PROGRAMS:
        asking = any(map(ASKING.search, files))
        return "" if asking else "a test starts a program, which may do what the notebook says"
    if event == "pickle.find_class":
        if any(map(WORKERS.search, files)) or (paths.own() and not FROM_MEMORY.search(tests)):
            return ""
        return "a test unpickles, and what the notebook has made is not unpickled"
    source = arguments[0] if arguments and event == "compile" else None
    if isinstance(source, bytes):
        source = source.decode("utf-8", "replace")
    if harmless(frames, files):
        return ""
    if isinstance(source, str) and (own(source, tests, paths.said) or paths.read(source)):
        return ""
    return "a test runs text as code, and what the notebook says is not run"


def harmless(frames: list[types.FrameType], files: list[str]) -> bool:
    """Whether code is made by a library of what holds no text that is not checked.

    Args:
        frames: who makes it, who has called that, and so on.
        files: of these.
    """
    maker, caller = files[0], frames[0]
    if maker == doctest.__file__:
        # Of a docstring, a test can make doctests of its own.
        return OTTERS.search(next((file for file in files if file != maker), "")) is not None
    if maker == dataclasses.__file__:
        return any(
            frame.f_code.co_name == "_process_class" and named(frame.f_locals.get("cls"))
            for frame in frames
        )
    if maker == timeit.__file__:
        # A function is called by a text of the module's own.
        return {caller.f_locals.get(name) for name in ("stmt", "setup")} <= TIMED
    if GRAMMAR.search(maker):
        return not any(map(WALKS.search, files))
    return MAKERS.search(maker) is not None


def named(kind: Any) -> bool:
    """Whether the fields of a class are names, as `@dataclass` takes for granted."""
    return isinstance(kind, type) and all(map(str.isidentifier, inspect.get_annotations(kind)))


def own(source: str, tests: str, said: Callable[[str], bool]) -> bool:
    """Whether code stands in the tests, and nowhere in what the notebook says.

    Args:
        source: the code.
        tests: the text of the tests.
        said: whether a text is the notebook's, too.
    """
    if NUMBER.fullmatch(source):
        return True
    if said(source):
        return False
    if NAME.fullmatch(source):
        return True
    texts, patterns = written(tests)
    dense = plain(source)
    return any(dense in text for text in texts) or patterns.fullmatch(dense) is not None


@functools.lru_cache(maxsize=64)
def written(tests: str) -> tuple[list[str], re.Pattern[str]]:
    """The texts of tests, and a pattern of those that they fill in with names and numbers."""
    unprompted = re.sub(r"^\s*(>>>|\.\.\.) ?", "", tests, flags=re.MULTILINE)
    texts, patterns = [plain(tests), plain(unprompted)], [r"(?!)"]
    for text in (tests, unprompted):
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.append(plain(node.value))
            if isinstance(node, ast.JoinedStr):
                patterns.append("".join(map(filled, node.values)))
    return texts, re.compile("|".join(patterns))


def filled(part: ast.expr) -> str:
    """A pattern of what stands in one place of a text: itself, or a name or a number."""
    if isinstance(part, ast.Constant):
        return re.escape(plain(str(part.value)))
    return r"[-+\w.]*"


def plain(source: str) -> str:
    """Code without what pandas changes in it before it reads it."""
    quoted = re.sub(
        r"`([^`]*)`", lambda found: f"BACKTICK_QUOTED_STRING_{found[1].replace(' ', '_')}", source
    )
    dense = re.sub(r"\s+", "", quoted.replace("__pd_eval_local_", "@"))
    return dense.replace("&", "and").replace("|", "or")
