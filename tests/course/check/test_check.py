from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from course.commands.check import command
from course.errors import SiteError


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A folder of text without faults."""
    folder = tmp_path / "book"
    folder.mkdir()
    (folder / "01-one.md").write_text("# One\n", encoding="utf-8")
    return folder


def test_a_site_without_faults_passes_and_says_how_much_was_checked(small_site, book) -> None:
    result = CliRunner().invoke(command, [str(small_site.root), "--book", str(book)])
    assert (result.exit_code, result.output) == (0, "2 pages checked, no faults.\n")


def test_faults_of_all_kinds_are_printed_in_order_of_place(small_site, book) -> None:
    small_site.page("a.html", '<a href="no.html">x</a><img src="no.png"><h1>Again</h1>')
    (book / "01-one.md").write_text("# One\n\nIt reaches 0.9889.\n", encoding="utf-8")
    result = CliRunner().invoke(command, [str(small_site.root), "--book", str(book)])
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert [line.split(": ")[1] for line in lines] == [
        "typed number",
        "alt text",
        "asset",
        "heading",
        "link",
    ]
    assert lines == sorted(lines)
    assert result.stderr == "5 faults in 2 files.\n"


def test_chapters_without_the_parts_of_a_chapter_are_faults_too(small_site, book) -> None:
    (book / "02-two.md").write_text("# Two\n\n```{code-cell}\n```\n", encoding="utf-8")
    result = CliRunner().invoke(command, [str(small_site.root), "--book", str(book)])
    assert result.exit_code == 1
    assert {line.split(": ")[1] for line in result.stdout.splitlines()} == {"shape", "quiz"}


def test_a_figure_that_has_only_a_caption_is_a_fault_too(small_site, book) -> None:
    cell = "---\nmystnb:\n  figure: {name: fig-a, caption: A line.}\n---\nplot()\n"
    (book / "02-two.md").write_text(f"# Two\n\n```{{code-cell}}\n{cell}```\n", encoding="utf-8")
    result = CliRunner().invoke(command, [str(small_site.root), "--book", str(book)])
    assert result.exit_code == 1
    assert "02-two.md:4: alt text: fig-a has no alternative text" in result.stdout


def test_a_missing_site_names_the_next_step(tmp_path: Path, book) -> None:
    with pytest.raises(SiteError, match="make site"):
        CliRunner().invoke(
            command,
            [str(tmp_path / "none"), "--book", str(book)],
            catch_exceptions=False,
        )


def test_a_missing_folder_of_text_names_the_next_step(tmp_path: Path, small_site) -> None:
    with pytest.raises(SiteError, match="--book"):
        CliRunner().invoke(
            command,
            [str(small_site.root), "--book", str(tmp_path / "none")],
            catch_exceptions=False,
        )
