"""Code that a test makes of text or bytes: of the notebook's, it would run among the tests.

`eval(rule)`, `table.query(condition)` and `pickle.loads(saved)` run what they are given in the
process that has the hidden tests and tells the results. So nothing is made into code while a test
case runs but what stands in the tests themselves, and what an import reads from a file.
"""

from __future__ import annotations

import collections
import dataclasses
import doctest
import re
import types
from typing import Any

# Events of Python's audit (docs.python.org/3/library/audit_events.html) by which code comes to be.
CODE = frozenset(("compile", "marshal.loads", "pickle.find_class"))
PROGRAMS = frozenset(("os.exec", "os.posix_spawn", "os.system", "subprocess.Popen"))
IMPORT = "<frozen importlib"
# These make code of names that they have checked, or of the test itself.
MAKERS = frozenset(
    module.__file__ for module in (collections, dataclasses, doctest) if module.__file__
)
# What reads Python's grammar runs nothing; pandas walks through what was read, and calls functions.
GRAMMAR = re.compile(r"(^|/)ast\.py$")
WALKS = re.compile(r"/pandas/core/computation/")
# These ask the machine for its processor.
ASKING = re.compile(r"(^|/)platform\.py$|/joblib/")
ALONE = re.compile(r"\s*(?:[^\W\d]\w*|\d[\d.]*)\s*")
# Callers that are looked at.
DEEP = 60
# With these a test can unpickle what is in no file.
FROM_MEMORY = re.compile(r"\bloads\b|\bBytesIO\b|\bUnpickler\b")


def fault(
    event: str, arguments: tuple[Any, ...], caller: types.FrameType, tests: str, opened: bool
) -> str:
    """What is wrong with a step that makes code or a program while a test case runs, or "".

    Args:
        event: one of `CODE` or `PROGRAMS`.
        arguments: as Python's audit gives them.
        caller: who does it.
        tests: the text of the tests, of which code may be made.
        opened: whether the case has opened a file of the assignment's, which may be a pickle.
    """
    files = [caller.f_code.co_filename]
    frame: types.FrameType | None = caller
    while (frame := frame.f_back if frame is not None else None) and len(files) < DEEP:
        files.append(frame.f_code.co_filename)
    if any(file.startswith(IMPORT) for file in files):
        return ""
    if event in PROGRAMS:
        asking = any(map(ASKING.search, files))
        return "" if asking else "a test starts a program, which may do what the notebook says"
    if event == "pickle.find_class":
        if opened and not FROM_MEMORY.search(tests):
            return ""
        return "a test unpickles, and what the notebook has made is not unpickled"
    walked = any(map(WALKS.search, files))
    if files[0] in MAKERS or (GRAMMAR.search(files[0]) and not walked):
        return ""
    source = arguments[0] if arguments and event == "compile" else None
    if isinstance(source, bytes):
        source = source.decode("utf-8", "replace")
    # A name or a number alone runs nothing.
    if isinstance(source, str) and (ALONE.fullmatch(source) or plain(source) in plain(tests)):
        return ""
    return "a test runs text as code, and what the notebook says is not run"


def plain(source: str) -> str:
    """Code without what pandas changes in it before it reads it."""
    dense = re.sub(r"\s+", "", source.replace("__pd_eval_local_", "@"))
    return dense.replace("&", "and").replace("|", "or")
