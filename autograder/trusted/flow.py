"""Which expressions of a test may be, or hold, an object of a class derived from Python's data.

Names are followed by what is given to them, calls by what the notebook has answered. Where a source
does not tell, an expression may hold one rather than not.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping

# Methods of arrays and columns that hand out what is in them, as it is.
OUT = frozenset(("tolist", "to_list", "item", "items", "copy"))
# Builtin functions that answer with no such object, and some that call what they get.
BARE = frozenset("len str repr int float bool abs sum round isinstance hasattr type id".split())
CALLING = frozenset(("map", "filter", "sorted", "max", "min"))
# How often a source is gone over; a longer chain of names is not followed to its end.
ROUNDS = 10
METHODS = frozenset({*dir(list), *dir(dict), *dir(set)})
LITERALS = (ast.Tuple, ast.List, ast.Dict, ast.Set)
Defined = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class Flow:
    """Which expressions of a test may be, or hold, such an object.

    Args:
        names: variables of the notebook's that do.
        answers: whether functions, and names of objects, have answered with one, by their names.
        libraries: names of modules and of what is imported from them, but of those in `QUIET`.
        loose: whether lists and dictionaries may hold one that no source shows, as those that an
            earlier case has filled.
    """

    def __init__(
        self,
        names: Iterable[str],
        answers: Mapping[str, bool],
        libraries: Iterable[str],
        loose: bool = False,
    ) -> None:
        self.mine, self.answers, self.loose = frozenset(names), dict(answers), loose
        self.names, self.libraries = set(names), set(libraries)
        # Functions of the tests' own, by their names; and those that return one.
        self.functions: dict[str, Defined] = {}
        self.helpers = set[str]()

    def follow(self, trees: Iterable[ast.AST], absent: Iterable[str] = ()) -> None:
        """See what is given to which names.

        Args:
            trees: of tests.
            absent: what they read and the notebook lacks. A call of it hands nothing over.
        """
        nodes = [node for tree in trees for node in ast.walk(tree)]
        for node in nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self.functions[node.name] = node
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
                self.functions |= dict.fromkeys(map(root, node.targets), node.value)
        stored = {name for node in nodes for name in made(node)}.union(self.functions)
        self.answers = dict.fromkeys(set(absent) - stored, False) | self.answers
        for _ in range(ROUNDS):
            known = len(self.names) + len(self.helpers) + len(self.libraries)
            for node in nodes:
                for target, value in given(node):
                    self.assign(target, value)
                if isinstance(node, ast.Call):
                    self.passed(node)
            for name, function in self.functions.items():
                if name not in self.helpers and self.returns(function):
                    self.helpers.add(name)
            if known == len(self.names) + len(self.helpers) + len(self.libraries):
                break

    def assign(self, target: ast.AST, value: ast.AST) -> None:
        """A value is given to names."""
        names = [node.id for node in ast.walk(target) if isinstance(node, ast.Name)]
        if isinstance(target, ast.Name) and self.of_library(value):
            self.libraries.add(target.id)
        fills = isinstance(value, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.Call)
        loose = self.loose and fills and called(value) not in self.answers
        if loose or self.holds(value):
            self.names.update(names)

    def passed(self, node: ast.Call) -> None:
        """A call gives its arguments to a function of the tests', or to a list of theirs."""
        name, handed = called(node), any(map(self.holds, arguments(node)))
        whole = isinstance(node.func, ast.Attribute) and self.holds(node.func.value)
        functions = [part for part in arguments(node) if isinstance(part, ast.Lambda)]
        if handed and name in self.functions and name not in self.answers:
            functions.append(self.functions[name])  # type: ignore[arg-type]
        for function in functions if handed or whole else ():
            parts = ast.walk(function.args)
            self.names |= {part.arg for part in parts if isinstance(part, ast.arg)}
        if handed and isinstance(node.func, ast.Attribute) and name not in self.answers:
            self.names |= {root(node.func)} - {""} - self.libraries

    def returns(self, function: Defined) -> bool:
        """Whether a function of the tests' returns one."""
        if isinstance(function, ast.Lambda):
            return self.holds(function.body)
        ends = (ast.Return, ast.Yield, ast.YieldFrom)
        found = [node for node in ast.walk(function) if isinstance(node, ends)]
        return any(node.value is not None and self.holds(node.value) for node in found)

    def holds(self, node: ast.AST) -> bool:
        """Whether an expression may be, or hold, such an object."""
        if isinstance(node, ast.Name):
            return node.id in self.names or self.answers.get(node.id, False)
        if isinstance(node, ast.Attribute) and node.attr in self.answers:
            return self.answers[node.attr]
        if isinstance(node, ast.Subscript):
            named = of_environment(node)
            if named or "__getitem__" not in self.answers:
                return named in self.mine if named else self.holds(node.value)
            # Of an object, an item is an answer.
            return self.answers["__getitem__"]
        if isinstance(node, ast.Call):
            name = called(node)
            if name in self.answers and not self.of_library(node.func):
                # `pop` may be one of an object's, and here a list's.
                whose = node.func.value if isinstance(node.func, ast.Attribute) else None
                of_data = whose is not None and name in METHODS and self.holds(whose)
                return self.answers[name] or of_data
            if name in self.functions:
                return name in self.helpers
            if name in BARE and isinstance(node.func, ast.Name):
                return False
            # Under a name of the tests' own, any function of the notebook's may be called.
            own = isinstance(node.func, ast.Name) and self.holds(node.func)
            return own or any(map(self.holds, ast.iter_child_nodes(node)))
        if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
            return self.holds(node.elt)
        if isinstance(node, ast.Compare | ast.Lambda):
            return False
        return any(map(self.holds, ast.iter_child_nodes(node)))

    def of_library(self, node: ast.AST) -> bool:
        """Whether an expression is of a library, as `np.random.default_rng(1)`."""
        if isinstance(node, ast.Name):
            return node.id in self.libraries
        if isinstance(node, ast.Attribute | ast.Subscript):
            return self.of_library(node.value)
        return isinstance(node, ast.Call) and (
            self.of_library(node.func) or any(map(self.function, arguments(node)))
        )

    def function(self, node: ast.AST) -> bool:
        """Whether an argument is a function of a library, or a value, such as `np.sqrt`."""
        return isinstance(node, ast.Name | ast.Attribute) and self.of_library(node)

    def hands(self, node: ast.AST, tuples: bool, tables: frozenset[str]) -> bool:
        """Whether a node hands an object to a library, or fills it into a text.

        Args:
            node: of a test.
            tuples: whether objects may be tuples in the notebook: others `%` only asks.
            tables: names of arrays, columns and tables that hold objects.
        """
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Mod):
            right = node.right if isinstance(node, ast.BinOp) else node.value
            return tuples and not isinstance(right, LITERALS) and self.holds(right)
        if not isinstance(node, ast.Call):
            return False
        name, handed = called(node), any(map(self.holds, arguments(node)))
        if self.of_library(node.func):
            return handed
        if isinstance(node.func, ast.Attribute) and root(node.func) in tables:
            # `words.astype(str)`: what `words[0]` is, is asked.
            item = isinstance(node.func.value, ast.Subscript)
            whole = not item or isinstance(node.func.value.slice, ast.Slice)  # type: ignore[attr-defined]
            return whole and name not in self.answers and name not in OUT
        if name in self.answers or (hasattr(builtins, name) and name not in CALLING):
            return False
        return handed and any(map(self.function, arguments(node)))


def given(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """What a node gives to names: pairs of a target and a value."""
    if isinstance(node, ast.Assign):
        yield from ((target, node.value) for target in node.targets)
    elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and node.value:
        yield node.target, node.value
    elif isinstance(node, ast.withitem) and node.optional_vars:
        yield node.optional_vars, node.context_expr
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        yield node.target, node.iter


def made(node: ast.AST) -> list[str]:
    """Names to which a node gives something, by an import too."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [(one.asname or one.name).partition(".")[0] for one in node.names]
    return [node.id] if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else []


def called(node: ast.AST) -> str:
    """The name of a function that is called, or "" where there is none."""
    function = getattr(node, "func", None)
    if isinstance(function, ast.Subscript):
        return of_environment(function)
    return getattr(function, "attr", None) or getattr(function, "id", None) or ""


def of_environment(node: ast.Subscript) -> str:
    """The name of a variable in `env["name"]`, or ""."""
    found = node.slice.value if isinstance(node.slice, ast.Constant) else ""
    whose = isinstance(node.value, ast.Name) and node.value.id == "env"
    return found if whose and isinstance(found, str) else ""


def arguments(node: ast.Call) -> list[ast.expr]:
    """The arguments of a call."""
    return [*node.args, *(keyword.value for keyword in node.keywords)]


def root(node: ast.AST) -> str:
    """The name at the beginning of an expression, or ""."""
    while not isinstance(node, ast.Name):
        inner = getattr(node, "value", None) or getattr(node, "func", None)
        if not isinstance(inner, ast.expr):
            return ""
        node = inner
    return node.id
