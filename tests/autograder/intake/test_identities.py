"""Nobody becomes another student by the name of a file."""

from pathlib import Path

import pytest
from uploaded import cell, laid, notebook, packed

from autograder.errors import Rejected
from autograder.intake import Upload, discover
from autograder.intake.layouts import CANVAS, GRADESCOPE, MOODLE

ADA, BEN = notebook(cell("who = 'ada'")), notebook(cell("who = 'ben'"))
OF_BEN = "Ben Hur_99_assignsubmission_file_"
METADATA = b"submission_1:\n  :submitters:\n  - :name: Ada Lee\n    :sid: '11'\n"


def people(path: Path) -> list[tuple[str, str, str]]:
    """Name, number and layout of each submission in a path."""
    return [(one.student, one.identifier, one.layout) for one in discover([path])]


@pytest.mark.parametrize(
    "name",
    [
        "Ada Lee_11_assignsubmission_file_X_99_assignsubmission_file_hw.ipynb",
        f"Ada Lee_11_assignsubmission_file_{OF_BEN}hw.ipynb",
        f"Ada Lee_11_assignsubmission_file_/{OF_BEN}hw.ipynb",
        f"Ada Lee_11_assignsubmission_file_/{OF_BEN}/hw.ipynb",
        # A student's zip, unpacked by the teacher into a folder of its name.
        f"Ada Lee_11_assignsubmission_file_{OF_BEN}/hw.ipynb",
        "Ada Lee_11_assignsubmission_file_benhur_99_7_hw.ipynb",
        "Ada Lee_11_assignsubmission_file_submission_99/hw.ipynb",
    ],
)
@pytest.mark.parametrize("alone", [True, False])
def test_in_moodle_the_first_name_and_number_count(name: str, alone: bool, tmp_path: Path) -> None:
    laid(tmp_path, {name: ADA, **({} if alone else {f"{OF_BEN}hw.ipynb": BEN})})
    ben = [] if alone else [("Ben Hur", "99", "Moodle")]
    assert people(tmp_path) == [("Ada Lee", "11", "Moodle"), *ben]


@pytest.mark.parametrize(
    "name", [f"{OF_BEN}hw.ipynb", "x_5_assignsubmission_file_hw.ipynb", "benhur_99_7_hw.ipynb"]
)
@pytest.mark.parametrize("alone", [True, False])
def test_in_canvas_the_first_name_and_number_count(name: str, alone: bool, tmp_path: Path) -> None:
    others = {} if alone else {"benhur_99_22_hw.ipynb": BEN}
    laid(tmp_path, {f"adalee_11_21_{name}": ADA, **others})
    assert people(tmp_path) == [
        ("adalee", "11", "Canvas"),
        *([] if alone else [("benhur", "99", "Canvas")]),
    ]


def test_many_files_of_one_student_do_not_turn_a_class_into_moodles(tmp_path: Path) -> None:
    own = {f"adalee_11_{n}_x_5_assignsubmission_file_{n}.ipynb": ADA for n in range(9)}
    laid(tmp_path, {**own, "benhur_99_22_hw.ipynb": BEN})
    assert people(tmp_path) == [("adalee", "11", "Canvas"), ("benhur", "99", "Canvas")]


@pytest.mark.parametrize(
    "files",
    [
        {f"{OF_BEN}hw.ipynb": ADA},
        {"benhur_99_7_hw.ipynb": ADA},
        {"submission_metadata.yml": METADATA, "submission_1/hw.ipynb": ADA},
    ],
)
def test_one_file_that_is_named_like_a_platforms_leaves_a_class_as_it_is(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    laid(tmp_path, {**files, "ben.ipynb": BEN, "cy.ipynb": BEN})
    found = discover([tmp_path])
    assert len(found) == 3
    assert {(one.identifier, one.layout) for one in found} == {("", "plain")}


def test_what_gradescope_did_not_list_stands_for_itself(tmp_path: Path) -> None:
    files = {"submission_metadata.yml": METADATA, "submission_1/hw.ipynb": ADA}
    laid(tmp_path, {**files, "late by mail.ipynb": BEN, "submission_1/data.csv": b""})
    assert people(tmp_path) == [("", "", "plain"), ("Ada Lee", "11", "Gradescope")]


def test_a_students_zip_from_moodle_is_one_submission_whatever_lies_in_it(tmp_path: Path) -> None:
    path = tmp_path / "Ada Lee_11_assignsubmission_file_hw.zip"
    path.write_bytes(
        packed({f"{OF_BEN}/hw.ipynb": ADA, "Cy_12_assignsubmission_file_/x.ipynb": ADA})
    )
    (upload,) = discover([path])
    assert (upload.student, upload.identifier) == ("", "")
    with pytest.raises(Rejected, match="2 notebooks"):
        upload.read()


def test_a_zip_in_a_folder_is_one_students_whatever_lies_in_it(tmp_path: Path) -> None:
    inner = packed({f"{OF_BEN}/hw.ipynb": ADA})
    laid(tmp_path, {"ada.zip": inner, "ben.ipynb": BEN})
    assert people(tmp_path) == [("", "", "plain"), ("", "", "plain")]


def test_no_path_is_of_two_platforms() -> None:
    for path in ("Ada_1_assignsubmission_file_hw", "a_1_2_x_5_assignsubmission_file_hw"):
        patterns = (MOODLE, CANVAS, GRADESCOPE)
        assert sum(pattern.fullmatch(path) is not None for pattern in patterns) == 1


def test_an_upload_says_where_it_was_found(tmp_path: Path) -> None:
    laid(tmp_path, {"a.ipynb": ADA})
    (upload,) = discover([tmp_path / "a.ipynb"])
    assert (upload.source, upload.layout) == (str(tmp_path / "a.ipynb"), "plain")
    assert Upload("x").layout == "plain"
