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


def test_results_of_an_earlier_release_get_the_names_of_today(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.publish(BEN, "Photos")
    name = page_name("hw.ipynb")
    files = [tmp_path / kind for kind in ("grades/{}.json", "reports/{}.html", "teacher/{}.html")]
    for path in files:
        Path(str(path).format(name)).rename(str(path).format(name[:-24]))
    assert store.standing("hw.ipynb") is None
    with store.alone():
        assert store.standing("hw.ipynb") == BEN
        assert list(store.all_standing()) == ["hw.ipynb"]
    for path in files:
        assert [one.stem for one in path.parent.iterdir()] == [name]
