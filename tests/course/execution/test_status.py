"""`course status` on the small course."""

from __future__ import annotations

import json

from small_course import Command, Project


def test_status_shows_the_headlines_and_ends_well_when_all_is_fresh(
    project: Project, course: Command
) -> None:
    result = course("status")
    assert result.status == 0
    assert result.out.count("fresh") == 3
    assert "Score of the first model: 0." in result.out
    assert "(2 seeds)" in result.out


def test_status_says_why_a_chapter_is_stale_and_ends_with_one(
    project: Project, course: Command
) -> None:
    project.replace("book/b-compare.md", "len(first)", "len(first) + 1")
    result = course("status")
    assert result.status == 1
    assert "stale  b-compare\n         because code cell 2 changed" in result.out
    assert result.out.count("fresh") == 2


def test_status_as_json_has_the_state_and_what_the_execution_measured(
    project: Project, course: Command
) -> None:
    project.replace("book/a-train.md", "a-score", "a-score2")
    project.replace("book/a-train.md", 'glue("a-score"', 'glue("a-score2"')
    result = course("status", "--json")
    assert result.status == 1
    b, a, c = json.loads(result.out)
    assert (a["chapter"], a["fresh"]) == ("a-train", False)
    assert a["reasons"] == ["code cell 5 changed"]
    assert list(a["headlines"]) == ["Score of the first model"]
    assert a["headlines"]["Score of the first model"].endswith("(2 seeds)")
    assert a["cpu_seconds"] > 0
    assert "cores" in a["device"]
    assert (b["chapter"], b["fresh"], b["reasons"], b["headlines"]) == ("b-compare", True, [], {})
    assert c["chapter"] == "c-pictures"


def test_outside_the_course_a_command_says_where_it_belongs(
    project: Project, course: Command, monkeypatch
) -> None:
    monkeypatch.chdir(project.root.parent)
    result = course("status")
    assert result.status == 1
    assert "is not inside the course. Change to the folder you cloned." in result.err
