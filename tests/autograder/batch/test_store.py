"""Grades are found by their submission's whole name."""

from pathlib import Path

from autograder.batch import Store
from autograder.records import Grade
from autograder.reports import page_name

BEN = Grade("hw.ipynb", "Ben Hur", "graded")


def test_a_grade_in_the_file_of_another_submission_is_as_none(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.publish(BEN, "Photos")
    own = tmp_path / "grades" / f"{page_name('hw.ipynb')}.json"
    (tmp_path / "grades" / f"{page_name('ada.ipynb')}.json").write_bytes(own.read_bytes())
    assert store.standing("ada.ipynb") is None
    assert store.standing("hw.ipynb") == BEN
    assert list(store.all_standing()) == ["hw.ipynb"]
