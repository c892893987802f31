"""The `otter` that a notebook imports inside the sandbox: it holds no tests."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from typing import Any


class Checked(str):
    """What a check shows in the notebook: nothing, since the tests are elsewhere."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "checked"


def install(check: Callable[[str, Any], None], show: Callable[[], None]) -> None:
    """Put the module in place.

    Args:
        check: called with the question's name and the variables to look at, or None.
        show: called where a notebook shows a check.
    """

    class Shown(Checked):
        """What a check returns."""

        __slots__ = ()

        def _repr_html_(self) -> str:
            show()
            return repr(self)

    class Notebook:
        """Stands in for Otter's class of this name."""

        def __init__(self, *_: Any, **__: Any) -> None:
            pass

        def check(self, question: str, global_env: Any = None) -> Shown:
            """Hand over what this question needs, as it is now."""
            check(question, global_env)
            return Shown()

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_"):
                raise AttributeError(name)
            # check_all, export, to_pdf, run_plugin, add_plugin_files: nothing to do here.
            return lambda *_, **__: None

        @classmethod
        def init_grading_mode(cls, *_: Any, **__: Any) -> None:
            """Otter's own switch; nothing to switch."""

    module = types.ModuleType("otter", "Stands in for Otter-Grader; the tests run elsewhere.")
    module.Notebook = Notebook  # type: ignore[attr-defined]
    module.__version__ = "7.0.0"  # type: ignore[attr-defined]
    module.__path__ = []
    inner = types.ModuleType("otter.check.notebook")
    inner.Notebook = Notebook  # type: ignore[attr-defined]
    package = types.ModuleType("otter.check")
    package.notebook = inner  # type: ignore[attr-defined]
    package.Notebook = Notebook  # type: ignore[attr-defined]
    package.__path__ = []
    module.check = package  # type: ignore[attr-defined]
    for found in (module, package, inner):
        # Notebooks ask `importlib.util.find_spec("otter")` whether it has to be installed.
        found.__spec__ = ModuleSpec(found.__name__, None, is_package=found is not inner)
        sys.modules[found.__name__] = found
