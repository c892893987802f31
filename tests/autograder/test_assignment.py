"""What an assignment is called, and which of Otter's settings are followed."""

import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from bundles import bundle, exceptions
from click.testing import CliRunner

from autograder.assignment import digest, located, open_bundle
from autograder.batch.bundle import read_bundle
from autograder.commands import env
from autograder.errors import BundleError
from autograder.records import Scale

ZIP = "hw-autograder_2026_01_02T03_04_05_678901.zip"
TESTS = {"q1": exceptions("q1", "@test_case()\ndef t(x):\n    assert x\n")}


@pytest.mark.parametrize(
    ("exercise", "config", "title"),
    [
        ('title = "Fit a curve"', {"assignment_name": "e1"}, "Fit a curve"),
        ("", {"assignment_name": "Homework 1"}, "Homework 1"),
        ('title = ""', {"assignment_name": None}, "hw-autograder_2026_01_02"),
        ("", {}, "hw-autograder_2026_01_02"),
    ],
)
def test_the_title_is_what_the_author_gave_it(
    exercise: str, config: dict[str, Any], title: str, tmp_path: Path
) -> None:
    made = bundle(tmp_path / "hw-autograder_2026_01_02", TESTS, {}, exercise, **config)
    assert open_bundle(made, tmp_path).name == title


def packed(folder: Path, target: Path) -> Path:
    """A bundle as a zip."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder))
    return target


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """The folder that `otter assign` writes."""
    made = bundle(tmp_path / "made", TESTS, {"a.csv": "1"}, assignment_name="Homework 1")
    (made / "requirements.txt").write_text("numpy==2.4\n")
    packed(made, tmp_path / "dist" / "autograder" / ZIP)
    (tmp_path / "dist" / "autograder" / "hw.ipynb").write_text("{}")
    (tmp_path / "dist" / "student").mkdir()
    return tmp_path / "dist"


@pytest.mark.parametrize("given", ["", "autograder", f"autograder/{ZIP}"])
@pytest.mark.parametrize("with_tests", [False, True])
def test_the_folders_that_otter_writes_stand_for_the_zip_in_them(
    given: str, with_tests: bool, written: Path, tmp_path: Path
) -> None:
    if with_tests:
        # As where its settings ask for files of tests; the data files lie beside them then.
        for folder in ("autograder", "student"):
            shutil.copytree(tmp_path / "made" / "tests", written / folder / "tests")
        shutil.copy(tmp_path / "made" / "otter_config.json", written / "autograder")
        (written / "autograder" / "a.csv").write_text("1")
    found = located(written / given)
    assert found == written / "autograder" / ZIP
    assert located(found) == found
    opened = open_bundle(written / given, tmp_path / "work")
    assert (opened.name, opened.student_files) == ("Homework 1", ("a.csv",))
    graded = read_bundle(written / given, Path(sys.executable), "none").assignment()
    assert graded.digest == opened.digest == digest(tmp_path / "made")


def test_a_zip_of_another_name_stands_for_its_folder_where_it_is_a_bundle(written: Path) -> None:
    zips = written / "autograder"
    renamed = (zips / ZIP).rename(zips / "hw.zip")
    # Without settings: what students are given.
    with zipfile.ZipFile(zips / "student.zip", "w") as archive:
        archive.writestr("tests/q1.py", "")
    (zips / "damaged.zip").write_bytes(b"PK")
    assert located(written) == located(zips) == renamed


@pytest.mark.parametrize(
    "names", [("b-autograder_1.zip", "c-autograder_2.zip"), ("b.zip", "c.zip")]
)
def test_several_bundles_in_a_folder_are_named(
    names: tuple[str, str], written: Path, tmp_path: Path
) -> None:
    zips = written / "autograder"
    (zips / ZIP).rename(zips / names[0])
    packed(tmp_path / "made", zips / names[1])
    for given in (written, zips):
        with pytest.raises(BundleError, match="holds 2 bundles") as refused:
            located(given)
        assert all(name in str(refused.value) for name in names)


def test_a_bundle_that_is_a_folder_stays_one(tmp_path: Path) -> None:
    made = bundle(tmp_path / "made", TESTS)
    assert located(made) == made
    # Unpacked where the zip lies.
    packed(made, made / ZIP)
    (made / "run_autograder").touch()
    assert located(made) == made
    (tmp_path / "other").mkdir()
    with pytest.raises(BundleError, match=r"has no tests/\*\.py"):
        open_bundle(tmp_path / "other", tmp_path / "work")


def test_an_environment_is_made_for_the_folder_that_otter_writes(written: Path) -> None:
    done = CliRunner().invoke(env.command, ["build", str(written / "autograder")])
    # It has found the lock.
    assert isinstance(done.exception, BundleError)
    assert "has no IPython" in str(done.exception)


def test_points_of_the_whole_are_read(tmp_path: Path) -> None:
    made = bundle(tmp_path / "a", TESTS, points_possible=100, score_threshold=0.5)
    assert open_bundle(made, tmp_path).scale == Scale(100, 0.5)
    assert open_bundle(bundle(tmp_path / "b", TESTS), tmp_path).scale is None


@pytest.mark.parametrize("value", ["100", True, [1], float("nan")])
def test_points_of_the_whole_that_are_no_number_are_refused(value: Any, tmp_path: Path) -> None:
    made = bundle(tmp_path / "a", TESTS, points_possible=value)
    with pytest.raises(BundleError, match=r"points_possible in otter_config\.json is no number"):
        open_bundle(made, tmp_path)


def test_settings_that_are_not_followed_are_named(tmp_path: Path) -> None:
    made = bundle(tmp_path / "a", TESTS, grade_from_log=True, plugins=["p"], debug=False)
    said = open_bundle(made, tmp_path).unfollowed
    assert "grade_from_log" in said
    assert "plugins" in said
    assert "debug" not in said
    plain = bundle(tmp_path / "b", TESTS, grade_from_log=False, plugins=[])
    assert open_bundle(plain, tmp_path).unfollowed == ""
