"""The cells that a downloaded notebook begins with: they install the course."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat

DISTRIBUTION = "cnn-course"
# Where a published site keeps the wheel.
WHEELS = "wheels"
HIDDEN = {
    "jupyter": {"source_hidden": True},
    "tags": ["hide-input"],
    "cellView": "form",  # what Colab calls it
}

CARRIED = """\
# @title The course itself, for the next cell to install (there is nothing to read here)
FILES = {{
{entries}
}}
"""

WRITE = """
folder = Path(tempfile.mkdtemp())
for name, content in FILES.items():
    (folder / name).write_bytes(base64.b64decode(content))
"""

INSTALL = """\
# Run this cell once. It installs the course and its libraries, unless they are there already.
{imports}
{prepare}
versions = {{}}
for name in {names}:
    try:
        versions[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        versions[name] = ""
installed = versions["{distribution}"]
# A version without + belongs to somebody who works on the course; it stays.
own = installed and "+" not in installed and importlib.util.find_spec("course")
if not own and (installed != "{version}" or "" in versions.values()):
    %pip install --quiet {what}
    importlib.invalidate_caches()
    if importlib.util.find_spec("course") is None:
        raise ImportError(
            "The course could not be installed; "
            "connect to the network and run this cell again."
        )"""


def from_site(wheel: str, site: str, libraries: list[str], *, loads: bool) -> list[Any]:
    """A cell that installs the course from the address of the published site.

    Args:
        wheel: file name of the wheel.
        site: address of the site.
        libraries: what else to install, by the names of the distributions.
        loads: whether the notebook takes runs of earlier chapters from the site.
    """
    from course.runs import carry

    site = site.rstrip("/")
    imports = ["importlib.metadata", "importlib.util", *(["os"] if loads else [])]
    prepare = f'\nos.environ.setdefault("{carry.SITE}", "{site}")\n' if loads else ""
    # Some servers read a + as a space.
    what = f"{site}/{WHEELS}/{quote(wheel)}"
    return [_install(wheel, imports, prepare, what, libraries)]


def with_files(wheel: Path, libraries: list[str], carried: list[Path]) -> list[Any]:
    """A hidden cell that holds the wheel and runs, and a cell that installs the wheel from it.

    Args:
        wheel: the file of the wheel.
        libraries: what else to install, by the names of the distributions.
        carried: files of runs that the notebook takes from earlier chapters.
    """
    from course.runs import carry

    entries = [
        f'    "{path.name}": "{base64.b64encode(path.read_bytes()).decode()}",'
        for path in (wheel, *carried)
    ]
    hidden = nbformat.v4.new_code_cell(
        CARRIED.format(entries="\n".join(entries)).rstrip(), id="cell-files", metadata=HIDDEN
    )
    imports = ["base64", "importlib.metadata", "importlib.util", "os", "tempfile"]
    if not carried:
        imports.remove("os")
    prepare = WRITE
    if carried:
        prepare += f'os.environ.setdefault("{carry.RUNS}", str(folder))\n'
    what = f'"{{folder}}/{wheel.name}"'
    return [hidden, _install(wheel.name, imports, prepare, what, libraries, path=True)]


def _install(
    wheel: str,
    imports: list[str],
    prepare: str,
    what: str,
    libraries: list[str],
    *,
    path: bool = False,
) -> Any:
    lines = [f"import {name}" for name in imports] + ["from pathlib import Path"] * path
    source = INSTALL.format(
        imports="\n".join(lines),
        prepare=prepare,
        distribution=DISTRIBUTION,
        version=version_of(wheel),
        what=" ".join([what, *libraries]),
        names=_listed([DISTRIBUTION, *libraries]),
    )
    return nbformat.v4.new_code_cell(source, id="cell-install")


def _listed(names: list[str]) -> str:
    """Names as a list in Python, one a line, so that none of the lines is long."""
    return (
        "[" + ", ".join(f'"{name}"' for name in names) + "]"
        if len(names) < 6
        else ("[\n" + "".join(f'    "{name}",\n' for name in names) + "]")
    )


def version_of(wheel: str) -> str:
    """The version in the file name of a wheel."""
    return wheel.split("-")[1]
