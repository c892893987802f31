"""How libraries print: in a notebook as in a kernel, and by which settings of the notebook's."""

from __future__ import annotations

import builtins
import contextlib
import re
import sys
from collections.abc import Iterator
from typing import Any

# Those of NumPy whose values are known for every version; `get_printoptions` tells more.
NUMPY: dict[str, Any] = {
    "edgeitems": 3,
    "threshold": 1000,
    "floatmode": "maxprec",
    "precision": 8,
    "suppress": False,
    "linewidth": 75,
    "nanstr": "nan",
    "infstr": "inf",
    "sign": "-",
    "formatter": None,
    "legacy": False,
    "override_repr": None,
}
# Of the context of `decimal`, as Python has it where nobody has changed anything.
DECIMAL: dict[str, Any] = {
    "prec": 28,
    "rounding": "ROUND_HALF_EVEN",
    "Emin": -999_999,
    "Emax": 999_999,
    "capitals": 1,
    "clamp": 0,
}
TRAPS = ("InvalidOperation", "DivisionByZero", "Overflow")
# Of pandas' own: how a table looks on a page, which no text shows.
UNSEEN = re.compile(r"display\.(html\.|notebook_repr_html)")
OPTION = re.compile(r"(numpy|pandas): [a-z_.]{1,60}")
MOST = 100


class ZMQShell:
    """Stands for a kernel's shell where there is none.

    pandas asks for a shell with a kernel when it is imported, and by its class' name when it
    prints. Without one it takes the program for a terminal, and leaves columns of a wide table out.
    """

    kernel = None


def as_in_a_kernel() -> None:
    """Let pandas print as in a notebook, from its import on."""
    shell = ZMQShell()
    vars(builtins)["get_ipython"] = lambda: shell


@contextlib.contextmanager
def imported_as_in_a_kernel() -> Iterator[None]:
    """Let pandas, if it is imported meanwhile, print as in a notebook."""
    as_in_a_kernel()
    try:
        yield
    finally:
        del vars(builtins)["get_ipython"]


def changed() -> list[str]:
    """Which settings for printing differ from their defaults, such as `numpy: precision`."""
    found = []
    with contextlib.suppress(Exception):
        options = sys.modules["numpy"].get_printoptions()
        common = [name for name in NUMPY if name in options]
        found += [f"numpy: {name}" for name in common if options[name] != NUMPY[name]]
    with contextlib.suppress(Exception):
        pandas = sys.modules["pandas"]
        # Its public functions print the defaults, and do not tell them.
        known = pandas._config.config._registered_options
        for name, option in known.items():
            seen = name.startswith("display.") and not UNSEEN.match(name)
            if seen and pandas.get_option(name) != option.defval:
                found.append(f"pandas: {name}")
    return found[:MOST]


def decimals() -> bool:
    """Whether decimal numbers are computed in another way than by default."""
    with contextlib.suppress(Exception):
        decimal = sys.modules["decimal"]
        now, usual = decimal.getcontext(), decimal.Context(**DECIMAL)
        for signal in usual.traps:
            usual.traps[signal] = signal.__name__ in TRAPS
        return any(getattr(now, name) != getattr(usual, name) for name in (*DECIMAL, "traps"))
    return False


def told(names: Any) -> list[str]:
    """Those of a message that may be such settings."""
    listed = names[:MOST] if type(names) is list else []
    return [name for name in listed if type(name) is str and OPTION.fullmatch(name)]
