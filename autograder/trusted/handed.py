"""Whether a failed test has handed an object of a derived class to a library.

What stands for the object refuses nearly all that Python can ask of it. But code in C may look at
the class alone, and go another way in silence: `json.dumps([card], default=str)`,
`pd.api.types.is_integer(number)`, `"%s" % pair`. What a test hands over is read from its source,
and from what its calls have brought: nothing here sees the arguments of a function in C.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import Any

from autograder.trusted.came import Came
from autograder.trusted.expected import ALIASES
from autograder.trusted.flow import Flow
from autograder.trusted.standins import Function, Opaque, Remote

# Modules that ask by special methods, which are refused, or raise a TypeError, which is seen.
QUIET = frozenset(
    "bisect cmath collections concurrent contextlib copy datetime decimal fractions functools "
    "heapq itertools math otter pytest random re statistics threading time typing unittest".split()
)
# Libraries whose values can hold objects.
TABLES = ("numpy", "pandas")


def handed(
    came: Came,
    answers: Mapping[str, bool],
    environment: Mapping[str, Any],
    imported: Iterable[str],
    absent: Iterable[str],
    sources: tuple[Iterable[ast.AST], Iterable[ast.AST]],
    loose: bool,
) -> bool:
    """Whether a test hands an object to a library, whatever came of it.

    Args:
        came: what has come from the notebook.
        answers: see `Came.by_name`.
        environment: variables of the notebook's.
        imported: see `libraries`.
        absent: names of variables that tests read, and that the notebook lacks.
        sources: of the test, and of those before it as well, as trees.
        loose: whether an earlier case may have kept an object.
    """
    mine = came.names.intersection(environment)
    if came.filled:
        # Which lists these are is not said.
        mine |= {name for name, value in environment.items() if type(value) in (list, dict)}
    tables = frozenset(name for name in mine if table(environment[name]))
    found = {*imported, *filter(None, map(of_libraries, environment, environment.values()))}
    flow = Flow(mine, answers, found, loose or came.filled)
    here, before = sources
    tuples = "tuple" in came.bases
    try:
        flow.follow(before, absent)
        return any(flow.hands(node, tuples, tables) for tree in here for node in ast.walk(tree))
    except RecursionError:
        # Nobody knows what a test does that is nested so deeply.
        return True


def of_libraries(name: str, value: Any) -> str:
    """The name of a variable that is a library, or a function or a class of NumPy's or pandas'."""
    kind = type(value)
    if kind is ModuleType:
        return "" if quiet(value.__name__) else name
    if issubclass(kind, Function | Remote | Opaque) or not callable(value):
        return ""
    return name if str(getattr(value, "__module__", "")).partition(".")[0] in TABLES else ""


def table(value: Any) -> bool:
    """Whether a value is an array, a column or a table; what stands for an object is none."""
    kind = type(value)
    known = kind.__module__.partition(".")[0] in TABLES
    return known and not issubclass(kind, Function | Remote | Opaque)


def quiet(module: str) -> bool:
    """Whether a module looks at no class in silence."""
    return module.partition(".")[0] in QUIET


def libraries(names: Mapping[str, Iterable[tuple[str, Any]]]) -> frozenset[str]:
    """The names under which tests find what may look at a class.

    Args:
        names: what names stand for in a test file, see `submodules.bound`.
    """
    known = {**{name: [(module, ())] for name, module in ALIASES.items()}, **names}
    return frozenset(
        name for name, found in known.items() if any(not quiet(module) for module, _ in found)
    )
