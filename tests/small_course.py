"""A course of three chapters that train in no time, written into a folder, for the tests."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from course.site import build, vendor

REPOSITORY = Path(__file__).parents[1]

HEADER = """\
---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {display_name: Python 3, language: python, name: python3}
myst:
  html_meta:
    description: A chapter for the tests.
---
"""

TRAIN = (
    HEADER
    + '''\
# Training

The score is {glue:text}`a-score`, with {glue:text}`a-parameters` weights.

```{code-cell} python
import numpy as np

from course import runs
from course.profiles import choose
from course.results import glue

STEPS = choose(cpu=2, gpu=3)
```

```{code-cell} python
class Model:
    """Stands for a network."""

    def __init__(self, weights):
        self.weights = weights

    def get_weights(self):
        return [self.weights]

    def count_params(self):
        return self.weights.size

    def save(self, path):
        path.write_bytes(self.weights.tobytes())
```

```{code-cell} python
def train(seed):
    weights = np.random.default_rng(seed).random(STEPS)
    return Model(weights), {"loss": list(weights)}, {"score": weights.mean()}
```

```{code-cell} python
found = runs.repeat(train, name="a/first", seeds=(0, 1))
```

```{code-cell} python
glue("a-score", runs.spread(found, "score"), headline="Score of the first model")
glue("a-parameters", found[0].parameters)
```

```{quiz}
```
'''
)

QUIZ = """\
- question: |
    How many *weights* has `Model`, as in $1 < 2$?
  answers:
    - wrong: None, & no "bias".
      because: It has {glue:text}`a-parameters`.
    - right: Two
      because: |
        One of them is {math}`w_1`:

        - the other is not.
- question: Which run is loaded elsewhere?
  kind: multiple
  answers:
    - right: the first
      because: Yes.
    - right: the second
      because: Yes.
    - wrong: the third
      because: There is none.
- question: How many seeds?
  kind: numeric
  within: 0.1
  answers:
    - right: 2
      because: "0 and 1."
    - wrong: 1400
      because: Too many.
  otherwise: Count again.
"""

COMPARE = (
    HEADER
    + """\
# Comparing

(where-it-is)=
:::{tip} Predict before you look
See {ref}`the place <where-it-is>` and {doc}`a-train`.
:::

```{code-cell} python
from course import runs

first = runs.load("a/first")
print("mean", runs.spread(first, "score"))
```

Between the cells.

```{code-cell} python
len(first)
```
"""
)

PICTURES = (
    HEADER
    + r"""# Pictures

```{code-cell} python
import sys
from pathlib import Path

import numpy as np

from course import plots, recording
from course.data import registry

plots.use_style()
```

```{code-cell} python
Path("executed").touch()
checksum = registry.checksum("mnist", "original")
recording.note("data", name="mnist", variant="original", checksum=checksum)
```

```{code-cell} python
print("step 1\rstep 2", flush=True)
print("\x1b[31mred\x1b[0m")
print("a secret of the machine", file=sys.stderr)
```

```{code-cell} python
---
mystnb:
  figure:
    name: fig-ramp
    caption: |
      A *ramp* from black to white, the first of `two`.
---
plots.pictures(np.linspace(0, 255, 256).reshape(1, 16, 16))
```

The figure shows it.
"""
)

CONFIG = """\
title: A small course
author: ""
logo: ""
only_build_toc_files: false
exclude_patterns: ["_build", "course", "cache"]
execute: {execute_notebooks: "off"}
parse:
  myst_enable_extensions: [colon_fence, dollarmath]
html:
  use_repository_button: false
repository: {url: https://github.com/owner/name}
sphinx:
  extra_extensions: [course.site]
  config:
    include_patterns: ["index.md", "book/**"]
    numfig: true
    language: en
"""

# In the book, the chapter that loads a run stands before the one that trains it.
FILES = {
    "_toc.yml": "format: jb-book\nroot: index\nchapters:\n"
    + "".join(f"- file: book/{n}\n" for n in ("b-compare", "a-train", "c-pictures", "report")),
    "_config.yml": CONFIG,
    "pyproject.toml": '[project]\nname = "small"\nversion = "0.1.0"\n',
    "README.md": "A small course.\n",
    "index.md": "# A small course\n\nThe first page.\n",
    "book/a-train.md": TRAIN,
    "book/b-compare.md": COMPARE,
    "book/c-pictures.md": PICTURES,
    "book/quizzes/a-train.yml": QUIZ,
    "book/report.md": "# Report\n\n```{execution-report}\n```\n",
}


@dataclass(frozen=True)
class Result:
    """What a command said, and its exit status."""

    status: int
    out: str
    err: str


Command = Callable[..., Result]


@dataclass(frozen=True)
class Project:
    """A copy of the small course that a test may change."""

    root: Path

    def replace(self, name: str, old: str, new: str) -> None:
        """Replace a piece of a file; it must be there."""
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} has no {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def append_cell(self, chapter: str, source: str) -> None:
        """Write one more code cell at the end of a chapter."""
        with (self.root / "book" / f"{chapter}.md").open("a", encoding="utf-8") as file:
            file.write(f"\n```{{code-cell}} python\n{source}\n```\n")

    def outputs(self, chapter: str, profile: str = "cpu") -> Path:
        """The file of a chapter's outputs."""
        return self.root / "outputs" / profile / f"{chapter}.ipynb"


def write(folder: Path) -> None:
    """Write the course: text, settings, and a copy of the package and of its lock file."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shutil.copy(REPOSITORY / "requirements.txt", folder)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPOSITORY / "course", folder / "course", ignore=ignored)
    # The front-end files count as fetched, and the wheel as built: builds need neither.
    vendored = folder / "web" / "vendor" / vendor.STAMP
    vendored.parent.mkdir(parents=True)
    (folder / "web" / "package-lock.json").write_text("{}")
    vendored.write_text(hashlib.sha256(b"{}" + repr(vendor.WANTED).encode()).hexdigest())
    wheel = build.wheel_file(folder)
    wheel.parent.mkdir(parents=True)
    wheel.write_bytes(b"")
