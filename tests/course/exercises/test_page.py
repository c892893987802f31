"""The page of an exercise, its files, and the outcomes that its questions name."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from pathlib import Path

import pytest

from course.exercises import plan
from course.site import exercise

ROOT = Path(__file__).parents[3]
PLANS = plan.listed(ROOT)
CHAPTER = (
    "---\n- none: here\n---\n\n# Title\n\n"
    "- fit a *line*,\n  or two;\n- fit a {term}`curve <c>`.\n\nText.\n"
)


def test_every_outcome_is_promised_by_its_chapter() -> None:
    assert exercise.missing(ROOT) == []


def test_an_outcome_is_found_by_words_that_only_it_has(tmp_path: Path) -> None:
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "c.md").write_text(CHAPTER, encoding="utf-8")
    assert exercise.outcome(tmp_path, "c", "line, or") == "fit a line, or two"
    assert exercise.outcome(tmp_path, "c", "a curve") == "fit a curve"
    for words in ("fit a", "here", "nothing"):
        assert exercise.outcome(tmp_path, "c", words) is None
    assert exercise.outcome(tmp_path, "gone", "line") is None


@pytest.mark.parametrize("planned", PLANS, ids=lambda planned: planned.name)
def test_page_has_every_question_and_says_what_is_hidden(planned: plan.Plan) -> None:
    hidden = exercise.hidden(planned)
    text = exercise.facts(planned, hidden)
    assert all(f"{q.name}: {q.title}" in text for q in planned.questions)
    readme = (ROOT / "exercises" / planned.name / "README.md").read_text(encoding="utf-8")
    assert hidden == set(re.findall(r"\| (\w+): .* some of them hidden", readme))


@pytest.mark.parametrize("planned", PLANS, ids=lambda planned: planned.name)
@pytest.mark.parametrize("site", ["", "https://example.org/cnn/"])
def test_published_notebook_brings_its_files(planned: plan.Plan, site: str, tmp_path: Path) -> None:
    exercise.write(ROOT, tmp_path, site)
    place = tmp_path / "exercises"
    made = json.loads((place / f"{planned.name}.ipynb").read_text(encoding="utf-8"))
    source = "".join(made["cells"][1]["source"])
    address = re.search(r'^ADDRESS = "(.*)"$', source, re.MULTILINE)
    files = re.search(r'^FILES = "(.*)"$', source, re.MULTILINE)
    assert address
    assert files
    if site:
        assert address[1] == f"https://example.org/cnn/exercises/{planned.name}.zip"
        assert not files[1]
        content = (place / f"{planned.name}.zip").read_bytes()
    else:
        assert not address[1]
        content = base64.b64decode(files[1])
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert {*planned.files, "tests/q1.py"} <= set(names)
