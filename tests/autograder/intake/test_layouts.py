"""Whose is which file: the three platforms' downloads, packed and unpacked, and plain folders."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest
from uploaded import cell, laid, notebook, packed, read, uploads

from autograder.errors import GraderError, Rejected
from autograder.intake import discover

ADA, BEN = notebook(cell("who = 'ada'")), notebook(cell("who = 'ben'"))

MOODLE = {
    "Ada Lee_101_assignsubmission_file_/hw.ipynb": ADA,
    "Ben O'Neil_102_assignsubmission_file/hw.ipynb": BEN,
}
MOODLE_FLAT = {
    "Ada Lee_101_assignsubmission_file_hw.ipynb": ADA,
    "Ben O'Neil_102_assignsubmission_file_hw.ipynb": BEN,
}
CANVAS = {"leeada_101_9001_hw.ipynb": ADA, "oneilben_LATE_102_9002_hw-1.ipynb": BEN}
# As Gradescope writes it, with what an autograder said of the tests and of earlier attempts.
METADATA = b"""---
submission_101:
  :submitters:
  - :name: Ada Lee
    :sid: '77'
    :email: ada@example.org
  :created_at: 2026-01-01 10:00:00.861687000 Z
  :score: 1.0
  :status: processed
  :results:
    execution_time: 12
    output: |-
      submission_102:
        :submitters:
        - :name: Mallory
          :sid: '1'
    tests:
    - name: q1 - 1
      number: '1'
      output: 'name: Eve'
      sid: 99
    - name: q2
      score: 0.0
  :history:
  - :id: 11
    :submitters:
    - :name: Somebody else
      :sid: '5'
    :results:
      tests:
      - name: q1 - 1
submission_102:
  :submitters:
  - :name: Ben O'Neil
    :email: ben@example.org
    :sid: 78
  - :sid: 79
    :name: Cy
  :results:
    :name: q1
    :sid: 5
"""
GRADESCOPE = {
    "assignment_5_export/submission_metadata.yml": METADATA,
    "assignment_5_export/submission_101/hw.ipynb": ADA,
    "assignment_5_export/submission_102/hw.ipynb": BEN,
}
PLATFORMS = {
    "moodle": (MOODLE, [("Ada Lee", "101"), ("Ben O'Neil", "102")]),
    "moodle, flat": (MOODLE_FLAT, [("Ada Lee", "101"), ("Ben O'Neil", "102")]),
    "canvas": (CANVAS, [("leeada", "101"), ("oneilben", "102")]),
    "gradescope": (GRADESCOPE, [("Ada Lee", "77"), ("Ben O'Neil, Cy", "78")]),
    "a folder each": ({"ada/hw.ipynb": ADA, "ben/hw.ipynb": BEN}, [("ada", ""), ("ben", "")]),
    "a file each": ({"ada.ipynb": ADA, "ben.ipynb": BEN}, [("", ""), ("", "")]),
}


def unreadable(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a folder from being listed, for root too, whom rights do not hold."""
    listed = os.scandir

    def refused(folder: Path) -> AbstractContextManager[Iterator[os.DirEntry[str]]]:
        if Path(folder) == closed:
            raise PermissionError(13, "Permission denied")
        return listed(folder)

    monkeypatch.setattr(os, "scandir", refused)


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("form", ["zip", "folder"])
def test_every_student_is_found(platform: str, form: str, tmp_path: Path) -> None:
    files, students = PLATFORMS[platform]
    path = tmp_path / "download"
    if form == "zip":
        path.write_bytes(packed(files))
    else:
        laid(path, files)
    found = [upload.read() for upload in discover([path])]
    assert [(one.student, one.identifier) for one in found] == students
    assert [one.notebook for one in found] == [ADA, BEN]


def test_the_file_that_each_student_packed_is_unpacked(tmp_path: Path) -> None:
    export = packed({"hw.ipynb": ADA, ".OTTER_LOG": b"cos\nsystem\n", "hw.pdf": b"%PDF"})
    laid(tmp_path, {"Ada_1_assignsubmission_file_/hw_2026_01_01.zip": export})
    (upload,) = discover([tmp_path])
    assert (upload.name, upload.read().notebook) == (
        "Ada_1_assignsubmission_file_/hw_2026_01_01.zip",
        ADA,
    )


def test_files_of_one_canvas_student_are_one_submission(tmp_path: Path) -> None:
    laid(tmp_path, {"leeada_1_21_hw.ipynb": ADA, "leeada_1_22_data.csv": b"1", **CANVAS})
    found = uploads(tmp_path, "*.csv")["leeada_1_21/hw.ipynb"].read()
    assert found.files == (("data.csv", b"1"),)


@pytest.mark.parametrize("turn", [1, -1])
def test_a_student_has_the_same_name_in_a_zip_and_in_a_folder(turn: int, tmp_path: Path) -> None:
    files = {
        "Ada Lee_101_assignsubmission_file_/hw.ipynb": ADA,
        "Ada Lee_101_assignsubmission_afile_/notes.pdf": b"%PDF",
        "Ben_102_assignsubmission_file_/essay.pdf": b"%PDF",
        "Ben_102_assignsubmission_onlinetext_/onlinetext.html": b"<p>",
        "Cy_103_assignsubmission_onlinetext_/onlinetext.html": b"<p>",
    }
    (tmp_path / "class.zip").write_bytes(packed(dict([*files.items()][::turn])))
    laid(tmp_path / "class", files)
    for form in ("class.zip", "class"):
        assert [*uploads(tmp_path / form)] == [
            "Ada Lee_101_assignsubmission_file_/hw.ipynb",
            "Ben_102_assignsubmission_file_",
            "Cy_103_assignsubmission_onlinetext_",
        ]


def test_what_a_platform_did_not_name_stands_for_itself(tmp_path: Path) -> None:
    laid(tmp_path, {**MOODLE, "late by mail.ipynb": BEN})
    assert uploads(tmp_path)["late by mail.ipynb"].read().student == ""


def test_an_export_zip_with_two_notebooks_is_one_submission_and_refused(tmp_path: Path) -> None:
    path = tmp_path / "hw.zip"
    path.write_bytes(packed({"a.ipynb": ADA, "b.ipynb": BEN, ".OTTER_LOG": b""}))
    with pytest.raises(Rejected, match="2 notebooks"):
        read(path)


@pytest.mark.parametrize("name", ["hw (1).ipynb", "HW.IPYNB", "hw.ipynb.txt", "blob", "ü\u202e.x"])
def test_a_notebook_may_have_any_name(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(ADA)
    assert read(tmp_path / name).notebook == ADA


def test_leftovers_of_systems_and_editors_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "hw.zip"
    noise = {"__MACOSX/._hw.ipynb": b"", ".ipynb_checkpoints/hw.ipynb": BEN, ".DS_Store": b""}
    path.write_bytes(packed({"hw/hw.ipynb": ADA, **noise}))
    assert read(path).notebook == ADA


def test_listed_data_files_come_along_and_no_others(tmp_path: Path) -> None:
    files = {"hw.ipynb": ADA, "photos/cat/1.jpg": b"1", "photos/dog/2.jpg": b"2", "notes.txt": b"3"}
    found = read(laid(tmp_path, files), "photos/*.jpg")
    assert found.files == (("photos/cat/1.jpg", b"1"), ("photos/dog/2.jpg", b"2"))


def test_the_digest_covers_notebook_and_files(tmp_path: Path) -> None:
    first = read(laid(tmp_path / "1", {"hw.ipynb": ADA, "a": b"1", "b": b"2"}), "[ab]")
    swapped = read(laid(tmp_path / "2", {"hw.ipynb": ADA, "a": b"2", "b": b"1"}), "[ab]")
    renamed = read(laid(tmp_path / "3", {"other.ipynb": ADA, "b": b"2", "a": b"1"}), "[ab]")
    assert first.digest == renamed.digest != swapped.digest


def test_submissions_of_one_name_from_two_places_are_told_apart(tmp_path: Path) -> None:
    paths = [laid(tmp_path / name, {"hw.ipynb": ADA}) / "hw.ipynb" for name in ("a", "b")]
    paths.append(laid(tmp_path / "c", {"HW.ipynb": BEN}) / "HW.ipynb")
    assert [upload.name for upload in discover(paths)] == ["b/hw.ipynb", "c/HW.ipynb", "hw.ipynb"]


@pytest.mark.parametrize("platform", ["moodle", "gradescope", "a folder each"])
def test_a_folder_that_cannot_be_read_is_one_students_fault_alone(
    platform: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = laid(tmp_path / "class", PLATFORMS[platform][0])
    (closed, open_) = sorted(file.parent for file in path.rglob("*.ipynb"))
    unreadable(closed, monkeypatch)
    found = {upload.name.partition("/")[0]: upload for upload in discover([path])}
    assert sorted(found) == [closed.name, open_.name]
    assert found[open_.name].read().notebook == BEN
    with pytest.raises(Rejected, match=f"The folder {closed.name} cannot be read here"):
        found[closed.name].read()


def test_a_folder_in_a_students_that_cannot_be_read_is_this_students_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid(tmp_path, {"hw.ipynb": ADA, "photos/cat/1.jpg": b"1", ".git/config": b""})
    unreadable(tmp_path / ".git", monkeypatch)
    assert read(tmp_path).notebook == ADA
    unreadable(tmp_path / "photos" / "cat", monkeypatch)
    with pytest.raises(Rejected, match="The folder cat cannot be read here"):
        read(tmp_path)


def test_a_path_that_cannot_be_read_is_refused_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [laid(tmp_path / name, {f"{name}.ipynb": ADA}) for name in ("a", "b")]
    unreadable(paths[0], monkeypatch)
    closed, open_ = discover(paths)
    assert open_.read().notebook == ADA
    with pytest.raises(Rejected, match="cannot be read here"):
        closed.read()


def test_a_path_behind_a_closed_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", refused)
    (upload,) = discover([tmp_path / "hw.ipynb"])
    with pytest.raises(Rejected, match=r"hw\.ipynb cannot be read here \(Permission denied\)"):
        upload.read()


def test_a_file_that_is_gone_meanwhile_is_one_submissions_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid(tmp_path, {"a.ipynb": ADA, "b.ipynb": BEN, "c.ipynb": BEN})
    listed = os.scandir

    def emptied(folder: Path) -> AbstractContextManager[Iterator[os.DirEntry[str]]]:
        found = list(listed(folder))
        (tmp_path / "b.ipynb").unlink()
        return nullcontext(iter(found))

    monkeypatch.setattr(os, "scandir", emptied)
    found = discover([tmp_path])
    assert [upload.name for upload in found] == ["a.ipynb", "b.ipynb", "c.ipynb"]
    with pytest.raises(Rejected, match=r"b\.ipynb cannot be read here"):
        found[1].read()


def test_a_path_that_is_not_there_is_the_teachers_to_mend(tmp_path: Path) -> None:
    with pytest.raises(GraderError, match="does not exist"):
        discover([tmp_path / "nothing"])
