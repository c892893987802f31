"""A demo with a trained network on a page of its own, in a folder, as its tests open it."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from course import exports

ROOT = Path(__file__).parents[2]
AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
PAGE = """<!doctype html><html lang="en" data-theme="light"><meta charset="utf-8">
<title>Demo</title>
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="_static/demo.css">
<link rel="stylesheet" href="_static/NAME.css">
<main><h1>Demo</h1><div id="NAME"><p>Needs JavaScript.</p></div></main>
<script defer src="_static/demo.js"></script>
<script defer src="_static/NAME.js"></script>"""
PHONE = 360  # pixels across


def model_of(wanted: exports.Export) -> Path:
    """The committed script with a network."""
    return ROOT / exports.FOLDER / f"{wanted.name}.js"


def written(site: Path, name: str, model: Path) -> Path:
    """Write the page of a demo and all it needs; says where the page is."""
    (site / "_static").mkdir()
    for file in ("demo.js", "demo.css", f"{name}.js", f"{name}.css"):
        shutil.copy(ROOT / "web/static" / file, site / "_static")
    shutil.copy(model, site / "_static")
    path = site / "page.html"
    path.write_text(PAGE.replace("NAME", name), encoding="utf-8")
    return path


@contextlib.contextmanager
def on_a_phone(browser: Any, path: Path) -> Iterator[Any]:
    """The page, opened where there is little room; no error may have come up at its end."""
    context = browser.new_context(viewport={"width": PHONE, "height": 740}, has_touch=True)
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    opened.goto(path.as_uri())
    yield opened
    context.close()
    assert not problems


def assert_readable(page: Any, theme: str) -> None:
    """Axe finds nothing in this theme, and nothing is wider than the phone."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed; `make site` fetches it")
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run({ preload: false })")["violations"]
    assert not found, json.dumps(found, indent=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
