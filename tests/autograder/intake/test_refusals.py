"""What is refused, and that the student is told why."""

import io
import json
import os
import resource
import stat
import zipfile
from pathlib import Path

import pytest
from uploaded import cell, laid, notebook, packed, read, uploads

from autograder.errors import Rejected
from autograder.intake import Limits, archives, discover, notebooks
from autograder.intake.entries import Entry

GOOD = notebook()
NOTEBOOKS = {
    "nothing": (b"", "empty"),
    "a PDF": (b"%PDF-1.7", "PDF"),
    "text": (b"print(1)", "not a Jupyter notebook"),
    "not UTF-8": (b"\xff\xfe{", "not a Jupyter notebook"),
    "a list": (b"[]", "no cells"),
    "no cells": (b"{}", "no cells"),
    "cells that are no list": (b'{"cells": {}, "nbformat": 4}', "no cells"),
    "an old format": (b'{"worksheets": [], "nbformat": 3}', "2015"),
    "format 3": (notebook(nbformat=3), "format 4"),
    "format true": (notebook(nbformat=True), "format 4"),
    "a format of text": (notebook(nbformat="4"), "format 4"),
    "a cell of another kind": (notebook(cell(cell_type="heading")), "Cell 1"),
    "a cell that is a number": (notebook(cell(), 7), "Cell 2"),  # type: ignore[arg-type]
    "source that is a number": (notebook(cell(source=[1])), "Cell 1"),
    "outputs that are no list": (notebook(cell(outputs={})), "Cell 1"),
    "half a character": (notebook(cell("\ud800")), "half a character"),
    "depth for a stack": (b'{"cells":' * 5000, "too deeply"),
    "depth": (notebook(metadata={"a": json.loads("[" * 70 + "]" * 70)}), "too deeply"),
    "a number of 5,000 digits": (b"9" * 5000, "not a Jupyter notebook"),
}


@pytest.mark.parametrize("what", NOTEBOOKS)
def test_a_file_that_is_no_notebook_is_refused(what: str, tmp_path: Path) -> None:
    data, reason = NOTEBOOKS[what]
    (tmp_path / "hw.ipynb").write_bytes(data)
    with pytest.raises(Rejected, match=reason):
        read(tmp_path / "hw.ipynb")


LARGE = {
    "bytes": (notebook(cell("x" * 3000)), Limits(notebook=2000), "Clear the outputs"),
    "cells": (notebook(*[cell()] * 4), Limits(cells=3), "4 cells"),
    "outputs": (notebook(cell(outputs=[{}] * 4)), Limits(outputs=3), "4 outputs"),
    "source": (notebook(cell("xyz")), Limits(source=2), "Move data"),
    "brackets": (notebook(), Limits(brackets=4), "too many parts"),
    "commas": (notebook(), Limits(commas=3), "too many parts"),
}


@pytest.mark.parametrize("what", LARGE)
def test_a_notebook_with_too_much_in_it_is_refused(what: str) -> None:
    data, limits, reason = LARGE[what]
    notebooks.check(data, Limits())
    with pytest.raises(Rejected, match=reason):
        notebooks.check(data, limits)


def entry(name: str, **attributes: int) -> bytes:
    """An archive with a notebook and one more entry, which has these attributes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("hw.ipynb", GOOD)
        info = zipfile.ZipInfo(name)
        info.filename = name
        for attribute, value in attributes.items():
            setattr(info, attribute, value)
        archive.writestr(info, b"target")
    return buffer.getvalue()


def encrypted() -> bytes:
    """An archive whose entries say that they are encrypted."""
    data = bytearray(packed({"hw.ipynb": GOOD}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def overlapping() -> bytes:
    """An archive with two entries of one place."""
    data = bytearray(packed({"hw.ipynb": GOOD, "b.txt": GOOD}))
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = (4).to_bytes(4, "little")
    return bytes(data)


ARCHIVES = {
    "a link": (entry("link", external_attr=(stat.S_IFLNK | 0o777) << 16), "link or a device"),
    "a device": (entry("tty", external_attr=(stat.S_IFCHR | 0o666) << 16), "link or a device"),
    "a pipe": (entry("pipe", external_attr=(stat.S_IFIFO | 0o666) << 16), "link or a device"),
    "a climbing path": (entry("../../.bashrc"), "leads out"),
    "a climbing path of Windows": (entry("..\\evil.txt"), "leads out"),
    "an absolute path": (entry("/etc/passwd"), "leads out"),
    "a drive": (entry("C:\\evil.txt"), "leads out"),
    "a line end in a name": (entry("a\nb"), "cannot be shown"),
    "an empty part": (entry("a//b"), "odd path"),
    "a name of a thousand letters": (entry("a" * 1001), "too long"),
    "a password": (encrypted(), "password"),
    "overlapping entries": (overlapping(), "over each other"),
    "another method": (packed({"hw.ipynb": GOOD}, zipfile.ZIP_LZMA), "unusual way"),
    "a bomb": (packed({"hw.ipynb": GOOD, "zeros": b"\0" * 5_000_000}), "far more"),
    "a bombed notebook": (packed({"hw.ipynb": b" " * 5_000_000 + GOOD}), "far more"),
    "names that differ by case": (packed({"hw.ipynb": GOOD, "A": b"", "a": b""}), "one name"),
    "a file that is a folder": (packed({"hw.ipynb": GOOD, "a": b"", "a/b": b""}), "also a file"),
    "two notebooks": (packed({"a.ipynb": GOOD, "b.ipynb": GOOD}), "2 notebooks"),
    "nothing": (packed({}), "no notebook"),
    "no notebook": (packed({"a.txt": b"", "b.txt": b""}), "no notebook"),
    "a zip in a zip": (packed({"a.zip": packed({"hw.ipynb": GOOD}), "b": b""}), "inner one"),
    "damage": (packed({"hw.ipynb": GOOD})[:-30], "damaged"),
    "changed bytes": (packed({"hw.ipynb": GOOD}).replace(b"hw.ipynb", b"no.ipynb", 1), "damaged"),
}


@pytest.mark.parametrize("what", ARCHIVES)
def test_a_hostile_archive_is_refused(what: str, tmp_path: Path) -> None:
    data, reason = ARCHIVES[what]
    # Beside another student's file, so that it is one student's archive and not a class's.
    laid(tmp_path, {"bad.zip": data, "good.ipynb": GOOD})
    found = uploads(tmp_path)
    with pytest.raises(Rejected, match=reason):
        found["bad.zip"].read()
    assert found["good.ipynb"].read().notebook == GOOD


@pytest.mark.parametrize("name", ["empty.zip", "Ada Li_12_assignsubmission_file_empty.zip"])
def test_an_archive_of_nothing_is_refused_wherever_it_lies(name: str, tmp_path: Path) -> None:
    other = "Ben Oz_13_assignsubmission_file_hw.ipynb"
    (tmp_path / "class.zip").write_bytes(packed({name: packed({}), other: GOOD}))
    (tmp_path / name).write_bytes(packed({}))
    single, *both = discover([tmp_path / name, tmp_path / "class.zip"])
    assert len(both) == 2
    for upload in (single, *both):
        if "hw.ipynb" in upload.name:
            assert upload.read().notebook == GOOD
            continue
        with pytest.raises(Rejected, match="no notebook in your upload"):
            upload.read()


def test_a_path_that_nobody_has_foreseen_leaves_the_others_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*arguments: object) -> None:
        raise ZeroDivisionError

    laid(tmp_path, {"bad.zip": packed({"hw.ipynb": GOOD}), "good.ipynb": GOOD})
    monkeypatch.setattr(archives, "of_archive", stumble)
    bad, good = discover([tmp_path / "good.ipynb", tmp_path / "bad.zip"])
    assert good.read().notebook == GOOD
    with pytest.raises(ZeroDivisionError):
        bad.read()


def test_a_directory_of_millions_is_refused_before_it_is_read() -> None:
    data = bytearray(packed({"hw.ipynb": GOOD}) + b"\0" * 9_000_000)
    end = data.index(b"PK\x05\x06")
    record = bytearray(data[end : end + 22])
    record[12:16] = (8_000_000).to_bytes(4, "little")
    with pytest.raises(Rejected, match="more than the 5000"):
        archives.of_archive(io.BytesIO(bytes(data) + bytes(record)), 5_000, Limits())


def test_a_wide_directory_of_millions_is_refused_before_it_is_read() -> None:
    wide = b"PK\x06\x06" + (44).to_bytes(8, "little") + b"\0" * 28
    wide += (8_000_000).to_bytes(8, "little") + b"\0" * 8
    locator = b"PK\x06\x07" + b"\0" * 16
    end = b"PK\x05\x06" + b"\xff" * 16 + b"\0\0"
    data = b"\0" * 9_000_000 + wide + locator + end
    with pytest.raises(Rejected, match="more than the 5000"):
        archives.of_archive(io.BytesIO(data), 5_000, Limits())


def test_many_files_are_refused() -> None:
    data = packed({f"{number}": b"" for number in range(30)})
    with pytest.raises(Rejected, match="more than the 20"):
        archives.of_archive(io.BytesIO(data), 20, Limits())


def test_one_bad_file_in_a_platforms_download_is_one_students(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("Ada_1_assignsubmission_file_/hw.ipynb", GOOD)
        archive.writestr("Ben_2_assignsubmission_file_/hw.ipynb", GOOD)
        link = zipfile.ZipInfo("Ben_2_assignsubmission_file_/photo.jpg")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    path = tmp_path / "moodle.zip"
    path.write_bytes(buffer.getvalue())
    found = {upload.student: upload for upload in discover([path])}
    assert found["Ada"].read().notebook == GOOD
    with pytest.raises(Rejected, match="link"):
        found["Ben"].read()


@pytest.mark.parametrize("kind", ["link", "dangling link", "link to a folder", "pipe"])
def test_what_is_no_file_in_a_folder_is_never_followed(kind: str, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "hw.ipynb").write_bytes(GOOD)
    folder = laid(tmp_path / "in", {"good.ipynb": GOOD, "fine.ipynb": GOOD})
    if kind == "pipe":
        os.mkfifo(folder / "bad.ipynb")
    else:
        target = {"link": "secret/hw.ipynb", "dangling link": "no", "link to a folder": "secret"}
        (folder / "bad.ipynb").symlink_to(tmp_path / target[kind])
    found = uploads(folder)
    assert set(found) == {"bad.ipynb", "fine.ipynb", "good.ipynb"}
    with pytest.raises(Rejected, match="link or a device"):
        found["bad.ipynb"].read()


def test_a_file_that_becomes_a_link_after_the_look_is_not_followed(tmp_path: Path) -> None:
    folder = laid(tmp_path / "in", {"hw.ipynb": GOOD})
    (upload,) = discover([folder])
    (folder / "hw.ipynb").unlink()
    (folder / "hw.ipynb").symlink_to("/etc/passwd")
    with pytest.raises(Rejected, match="cannot be read"):
        upload.read()


def test_a_file_that_cannot_be_read_is_rejected_with_the_systems_reason(tmp_path: Path) -> None:
    folder = laid(tmp_path / "in", {"hw.ipynb": GOOD})
    (upload,) = discover([folder])
    (folder / "hw.ipynb").unlink()
    with pytest.raises(Rejected, match="No such file"):
        upload.read()


@pytest.mark.parametrize("name", [".OTTER_LOG", "model.pkl", "x.PICKLE", "m.joblib"])
def test_what_could_run_code_is_never_opened_whatever_the_assignment_lists(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    reads = Entry.read

    def noted(self: Entry, most: int) -> bytes:
        opened.append(self.name)
        return reads(self, most)

    monkeypatch.setattr(Entry, "read", noted)
    path = tmp_path / "hw.zip"
    path.write_bytes(packed({"hw.ipynb": GOOD, name: b"cos\nsystem\n", "data.csv": b"1"}))
    found = read(path, "*")
    assert found.files == (("data.csv", b"1"),)
    assert opened == ["hw.ipynb", "data.csv"]


def test_data_files_are_bounded_one_by_one_and_together(tmp_path: Path) -> None:
    folder = laid(tmp_path, {"hw.ipynb": GOOD, "a": b"1" * 600, "b": b"1" * 600})
    (one,) = discover([folder], "*", Limits(file=500))
    with pytest.raises(Rejected, match="larger than the 500 bytes"):
        one.read()
    (both,) = discover([folder], "*", Limits(total=1200))
    with pytest.raises(Rejected, match="1200 bytes"):
        both.read()


def test_an_entry_that_lies_about_its_size_is_not_unpacked_beyond_the_bound() -> None:
    honest = packed({"hw.ipynb": b" " * 900_000 + GOOD})
    length = (900_000 + len(GOOD)).to_bytes(4, "little")
    (found,) = archives.of_archive(
        io.BytesIO(honest.replace(length, (50).to_bytes(4, "little"))), 10, Limits()
    )
    with pytest.raises(Rejected):
        found.read(1000)


def test_more_archives_than_may_be_open_are_read(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number:03}.zip" for number in range(200)]
    for number, path in enumerate(paths):
        path.write_bytes(packed({"hw.ipynb": notebook(cell(f"x = {number}"))}))
    with path.open("rb") as file:
        few = file.fileno() + 20
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (few, before[1]))
    try:
        found = [upload.read().notebook for upload in discover(paths)]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert found == [notebook(cell(f"x = {number}")) for number in range(200)]


@pytest.mark.parametrize("same", ["size", "time"])
def test_an_archive_that_has_changed_is_not_read(tmp_path: Path, same: str) -> None:
    path = tmp_path / "hw.zip"
    path.write_bytes(packed({"hw.ipynb": GOOD}, zipfile.ZIP_STORED))
    seen = path.stat()
    (upload,) = discover([path])
    assert upload.read().notebook == GOOD
    other = GOOD.replace(b"x = 1", b"x = 2" if same == "size" else b"x = 22")
    path.write_bytes(packed({"hw.ipynb": other}, zipfile.ZIP_STORED))
    later = seen.st_mtime_ns + (10**9 if same == "size" else 0)
    os.utime(path, ns=(later, later))
    with pytest.raises(Rejected, match="changed while"):
        upload.read()
    (anew,) = discover([path])
    assert anew.read().notebook == other
