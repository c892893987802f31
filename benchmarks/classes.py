"""Classes of notebooks for the measurements of the grader: small ones, and ones that train."""

from __future__ import annotations

import json
import shutil
import textwrap
from dataclasses import dataclass
from pathlib import Path

import nbformat

HEAD = "from otter.test_files import test_case\nOK_FORMAT = False\nname = 'q1'\npoints = None\n"
START = "import otter\ngrader = otter.Notebook()"
PLAIN_TEST = HEAD + (
    "@test_case(points=1)\ndef test_mean(mean):\n    assert abs(mean - 4.5) < 1e-9\n"
    "@test_case(points=1, hidden=True)\ndef test_scaled(scaled):\n"
    "    import numpy as np\n    found = scaled(np.array([1.0, 2.0, 3.0]))\n"
    "    assert np.allclose(found, [-1.0, 0.0, 1.0])\n"
)
PLAIN_CELLS = (
    START,
    "import numpy as np\nimport pandas as pd\ntable = pd.DataFrame({'x': np.arange(10.0)})",
    "mean = float(table['x'].mean())  # {number}",
    "def scaled(values):\n    return values - values.mean()",
    'grader.check("q1")',
)
TRAINED_TEST = HEAD + (
    "@test_case(points=1)\ndef test_history(history):\n"
    "    assert len(history.history['loss']) == 20\n"
    "@test_case(points=1, hidden=True)\ndef test_model(model):\n"
    "    import numpy as np\n"
    "    found = np.ravel(model.predict(np.array([[0.0], [1.0]])))\n"
    "    assert found.shape == (2,)\n"
)
TRAINED_CELLS = (
    START,
    "import numpy as np\nimport keras\nkeras.utils.set_random_seed({number})",
    "x = np.linspace(-1, 1, 256).reshape(-1, 1)\ny = 3 * x + 1",
    "model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(8, activation='relu'),\n"
    "                          keras.layers.Dense(1)])\nmodel.compile('adam', 'mse')",
    "history = model.fit(x, y, epochs=20, batch_size=32, verbose=0)",
    'grader.check("q1")',
)

# The training of such a notebook, many times over, without a grader: prints seconds of one.
TRAINING = (
    "import sys, time\n"
    + TRAINED_CELLS[1].replace("{number}", "0")
    + "\nfor number in range(1 + int(sys.argv[1])):\n"
    + "    if number == 1:\n        began = time.perf_counter()  # what is new is slow\n"
    + textwrap.indent("\n".join(TRAINED_CELLS[2:5]), "    ")
    + "\nprint((time.perf_counter() - began) / int(sys.argv[1]))\n"
)


@dataclass(frozen=True)
class Class:
    """What a class handed in.

    Attributes:
        name: of the kind of notebook.
        bundle: the assignment's zip.
        notebooks: no two have the same bytes.
        points: that each notebook has to get.
    """

    name: str
    bundle: Path
    notebooks: tuple[Path, ...]
    points: float = 2.0


def plain(folder: Path, count: int) -> Class:
    """NumPy and pandas, a table of ten rows."""
    return _written(folder / "plain", "plain", PLAIN_TEST, PLAIN_CELLS, count)


def trained(folder: Path, count: int) -> Class:
    """A network of two layers: 256 rows, 20 epochs."""
    return _written(folder / "trained", "Keras", TRAINED_TEST, TRAINED_CELLS, count)


def _written(folder: Path, name: str, test: str, cells: tuple[str, ...], count: int) -> Class:
    (folder / "bundle" / "tests").mkdir(parents=True)
    (folder / "bundle" / "tests" / "q1.py").write_text(test, encoding="utf-8")
    settings = {"lang": "python", "pdf": False, "show_hidden": True}
    (folder / "bundle" / "otter_config.json").write_text(json.dumps(settings), encoding="utf-8")
    archive = shutil.make_archive(str(folder / "assignment"), "zip", folder / "bundle")
    handed = folder / "handed-in"
    handed.mkdir()
    paths = []
    for number in range(count):
        content = nbformat.v4.new_notebook(
            cells=[
                nbformat.v4.new_code_cell(cell.replace("{number}", str(number))) for cell in cells
            ]
        )
        paths.append(handed / f"student-{number:04}.ipynb")
        nbformat.write(content, paths[-1])
    return Class(name, Path(archive), tuple(paths))
