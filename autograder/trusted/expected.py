"""What a test may find under the names that it reads: its own text decides, never a notebook."""

from __future__ import annotations

import builtins
import importlib
import re
import sys
import types
from collections.abc import Iterable, Mapping
from typing import Any

from autograder.trusted.came import Came

# Names that are bound by an import and by nothing else, with the modules that they stand for.
ALIASES = {
    "np": "numpy",
    "pd": "pandas",
    "plt": "matplotlib.pyplot",
    "mpl": "matplotlib",
    "sns": "seaborn",
    "tf": "tensorflow",
    "nx": "networkx",
    "gpd": "geopandas",
    "xr": "xarray",
    "smf": "statsmodels.formula.api",
} | {
    name: name
    for name in (
        "numpy pandas matplotlib seaborn tensorflow keras torch torchvision sklearn skimage scipy "
        "sympy networkx geopandas xarray statsmodels plotly altair datascience nltk spacy cv2"
    ).split()
}
# Functions whose answer is the verdict, with the libraries that have them.
COMPARISONS = (
    dict.fromkeys(("allclose", "array_equal", "array_equiv"), ("numpy",))
    | {"isclose": ("numpy", "math")}
    | dict.fromkeys(
        (
            "assert_allclose assert_almost_equal assert_approx_equal assert_array_almost_equal "
            "assert_array_equal assert_equal"
        ).split(),
        ("numpy.testing",),
    )
    | dict.fromkeys(
        ("assert_frame_equal", "assert_series_equal", "assert_index_equal"), ("pandas.testing",)
    )
)
# Not `get_ipython`, which is here for pandas; a notebook has its own.
BUILTIN = frozenset(dir(builtins)) - {"get_ipython"}
# Nothing of these answers a call that is meant for a library; `nx = 40` may be a variable.
PLAIN = (type(None), bool, int, float, complex, str)
# `name.attribute`, of a name that is not itself an attribute.
USED = re.compile(r"(?<![\w.])([^\W\d]\w*)\s*\.\s*([^\W\d]\w*)")
CALLED = re.compile(r"(?<![\w.])([^\W\d]\w*)\s*\(")
MASKS = re.compile(
    r"\b(np|numpy)\s*\.\s*ma\b|\bfrom numpy import ma\b|\bgetmask|\bis_?masked|\bMaskedArray\b"
    r"|\.mask\b(?!\s*\()",
    re.IGNORECASE,
)
GAPS = re.compile(r"\b(is|not)(na|null)\b|\b(drop|fill)na\b|\bNA\b|\bhasnans\b")
# Names by which a test asks for the type of a tensor or of a training's history. To make a tensor,
# or to expect one in print, is not to ask.
TYPES = re.compile(
    r"(?<!<tf\.)Tensor\b(?!\()|Variable\b(?!\()"
    r"|\bndarray\b|\bis_(keras_)?tensor\b|\bDType\b|\bHistory\b"
)
# What a test catches log entries with; to make a logger quiet is not to wait for its entries.
LOGS = re.compile(r"\bassert(No)?Logs\b|\baddHandler\b|\bcaplog\b|\b\w+Handler\b|\.handlers\b")


# What tells where an exception was raised.
TRACES = re.compile(r"\btraceback\b|\b__traceback__\b|\bexc_info\b")
# What makes objects of any class from a text.
BUILDS = re.compile(r"\bUnsafeLoader\b|\byaml\.Loader\b|\bunsafe_load|\bjsonpickle\b")
# To fill in a text that stands before it is another matter.
FILLS = re.compile(r"(?<![\"'])\.\s*(?:format|format_map|vformat)\b|\b(?:str|Formatter)\.format")


IMPORTED = re.compile(r"\bimport\s+([A-Za-z_]\w*)|\bas\s+([A-Za-z_]\w*)")
PACKAGES = re.compile(r"\b(?:import|from)\s+([A-Za-z_]\w*)")
REPLACED = re.compile(
    r"^(?:>>>|\s)*([A-Za-z_]\w*)(?:\.[A-Za-z_]\w*)+\s*=(?!=)|\bsetattr\(\s*([A-Za-z_]\w*)",
    re.MULTILINE,
)


class Expected:
    """What the values of one question may be.

    Args:
        text: of the question's tests.
        doctests: whether they are doctests, whose globals the values become.
        names: those that the tests read, or None where they may read any.
        own: names of modules that the assignment brings along.

    Attributes:
        text: of the tests.
        masks: whether the tests know of masked arrays. With others such an array would win:
            what is masked differs from nothing.
        gaps: whether they know of missing values. In pandas' own types such as `Int64` these win
            in the same way: `(series == 3).all()` holds where nothing but missing values is there.
        replaces: whether they give a new value to a name of a module, as in `random.random = …`.
        exits: whether they wait for the end of a program.
        types: whether they may ask for the type of a tensor, which arrives as numbers.
        mocks: whether they speak of `unittest.mock`.
        logs: whether they catch log entries.
        imported: packages that they import.
        traces: whether they look at where an exception was raised.
        ends: whether they wait for the exception that ends a loop.
        recursion: whether they set how deeply functions may call themselves, or ask for it.
        objects: whether something stands for an object among the values, or an answer.
        functions: the same of functions.
        standing: names of values that are, or hold, what stands for an object.
        came: the same of objects whose class is derived from one of Python's data.
    """

    def __init__(
        self, text: str, doctests: bool, names: Iterable[str] | None, own: frozenset[str]
    ) -> None:
        self.text, self.doctests, self.own = text, doctests, own
        self.objects = self.functions = False
        self.standing = set[str]()
        self.came = Came()
        self.names = None if names is None else frozenset(names)
        self.used: dict[str, set[str]] = {}
        for name, attribute in USED.findall(text):
            self.used.setdefault(name, set()).add(attribute)
        self.called = frozenset(CALLED.findall(text)) if doctests else frozenset()
        # What only a comment names, no test knows of.
        bare = re.sub("#.*", "", text)
        self.masks = MASKS.search(bare) is not None
        self.gaps = GAPS.search(bare) is not None
        self.imported = frozenset(PACKAGES.findall(bare))
        modules = {*sum(IMPORTED.findall(bare), ()), *ALIASES}
        self.replaces = any(name and name in modules for name in sum(REPLACED.findall(bare), ()))
        self.exits = re.search(r"\bSystemExit\b|\bKeyboardInterrupt\b", bare) is not None
        self.types = TYPES.search(bare) is not None
        self.logs = LOGS.search(bare) is not None
        self.builds = BUILDS.search(bare) is not None
        self.fills = FILLS.search(bare) is not None
        self.traces = TRACES.search(bare) is not None
        self.ends = re.search(r"\bStop(Async)?Iteration\b", bare) is not None
        self.recursion = re.search(r"\b[sg]etrecursionlimit\b", bare) is not None
        self.mocks = re.search(r"\bmock\b", bare) is not None

    def takes(self, name: str) -> bool:
        """Whether a value may be handed over under this name."""
        if self.doctests and (name in BUILTIN or name.startswith("__")):
            return False
        return not name.startswith("_") if self.names is None else name in self.names

    def absent(self, environment: Mapping[str, Any]) -> frozenset[str]:
        """Names that the tests read and the notebook lacks; tests may make some themselves."""
        return (self.names or frozenset()).difference(environment)

    def module(self, name: str) -> str:
        """The module that the tests take this name for, or ""."""
        if name in ALIASES:
            return ALIASES[name]
        if name not in self.used or not (name in sys.stdlib_module_names or name in self.own):
            return ""
        # By the name that the author wrote.
        try:
            found = importlib.import_module(name)
        except Exception:
            return name if name in self.own else ""
        # A variable may be called `time`, or `queue` and have a method of its own.
        return name if any(hasattr(found, attribute) for attribute in self.used[name]) else ""

    def foreign(self, name: str, value: Any) -> bool:
        """Whether a value stands where the tests look for another module or for a module at all."""
        module = self.module(name)
        if not module or type(value) in PLAIN:
            return False
        if not issubclass(type(value), types.ModuleType):
            return True
        found = str(value.__name__)
        if name in ALIASES:
            return found != module
        # `from numpy import random`
        return found.rpartition(".")[2] != name

    def compares(self, name: str) -> bool:
        """Whether the tests call a library's comparison by this bare name."""
        return name in COMPARISONS and name in self.called


def comparison(name: str, claimed: str) -> Any:
    """The trusted function in place of one that a notebook imported, or None.

    Args:
        name: of `COMPARISONS`.
        claimed: the module that the notebook's function says it is of. Whatever it says, it gets
            the library's own function, or none.
    """
    for source in COMPARISONS[name]:
        if claimed.partition(".")[0] == source.partition(".")[0]:
            try:
                return getattr(importlib.import_module(source), name)
            except (ImportError, AttributeError):
                return None
    return None
