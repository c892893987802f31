"""Which libraries a template imports beforehand, read from the code that will want them.

Only libraries named here are imported, whatever a notebook asks for, and in groups: so a class
needs a handful of templates and not one for each student.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

PLAIN = ("numpy", "pandas", "matplotlib.pyplot")
# Groups by the names whose import asks for them.
GROUPS = {
    ("tensorflow", "keras"): ("tensorflow", "keras"),
    ("scipy", "sklearn"): (
        "scipy.stats",
        "sklearn.linear_model",
        "sklearn.metrics",
        "sklearn.model_selection",
        "sklearn.preprocessing",
    ),
}
ROOTS = frozenset(
    name.split(".")[0] for name in (*PLAIN, *(root for roots in GROUPS for root in roots))
)
# Files beside a notebook that a library reads when it is imported.
SETTINGS = {"matplotlibrc"}
# Code that sets variables before it imports can mean another library than one imported already.
SETTING = re.compile(r"environ|putenv|%env|%set_env|sys\.modules|reload")
# At the begin of a line, or of a statement in it. The code is read as text, never as a tree: for a
# byte of short lines, Python's own reader takes 900 bytes of memory, and here it would be that of
# the grader. No part of the pattern goes on over the end of a line: that would be quadratic.
IMPORT = re.compile(
    r"(?:^|[;:])[^\S\n]*(?:import[^\S\n]+(?P<names>[^\n;#]{1,300})|from[^\S\n]+(?P<module>\w+))",
    re.MULTILINE,
)
# Characters of all code together that is looked at. For more, nothing is imported beforehand.
MOST = 5_000_000


def imported(source: str) -> set[str]:
    """Top-level names that code seems to import, and perhaps others: what is imported beforehand
    saves time and changes nothing else.
    """
    found: set[str] = set()
    for match in IMPORT.finditer(source):
        for name in (match["module"] or match["names"]).split(","):
            found.update(name.split(None, 1)[:1])
    return {name.partition(".")[0] for name in found} & ROOTS


def written(paths: Iterable[Path]) -> list[str] | None:
    """The text of files, or None where together they are longer than what is looked at.

    Raises:
        OSError: one cannot be read.
    """
    texts, room = [], MOST
    for path in paths:
        with path.open("rb") as file:
            data = file.read(room + 1)
        room -= len(data)
        if room < 0:
            return None
        texts.append(data.decode("utf-8", "replace"))
    return texts


def wanted(sources: Iterable[str], beside: Iterable[str] = ()) -> tuple[str, ...]:
    """Modules to import before the fork.

    Args:
        sources: code that will run there.
        beside: names of files and folders in the folder where it runs.

    Returns:
        None at all where having imported them could make a difference: the code sets variables,
        or a file there has the name of a library or holds its settings. Nor where there is more
        code than is looked at.
    """
    listed = list(sources)
    if sum(map(len, listed)) > MOST:
        return ()
    shadows = {name.removesuffix(".py") for name in beside} & (ROOTS | SETTINGS)
    if shadows or any(SETTING.search(source) for source in listed):
        return ()
    names = set().union(*(imported(source) for source in listed))
    found = list(PLAIN)
    for roots, modules in GROUPS.items():
        if names & set(roots):
            found += modules
    return tuple(found)
