"""`course data` as a user types it: what it prints and how it exits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from course.commands.data import command
from course.data import checksums
from course.errors import CourseError

from .conftest import (
    CLOSED,
    NUMBERS,
    digits,
    file_entry,
    jpeg,
    kaggle,
    npz,
    packed,
    small_set,
    variant_entry,
)

WHOLE = npz(digits())
READY = packed(small_set())

Run = Callable[..., Result]


@pytest.fixture
def run(register: Callable[..., None]) -> Run:
    register(
        mnist={
            "original": variant_entry(
                file_entry("a.npz", "npz", WHOLE, f"{CLOSED}/a.npz"),
                checksum=checksums.of_arrays(digits().values()),
            )
        },
        cats_and_dogs={
            "small-own": variant_entry(file_entry("own.zip", "pictures", None), numbers=NUMBERS),
            "small-240": variant_entry(file_entry("b.zip", "pictures", READY)),
        },
    )

    def invoke(*words: str | Path) -> Result:
        return CliRunner().invoke(command, [str(word) for word in words])

    return invoke


@pytest.fixture
def filled(mirror: Path) -> Path:
    (mirror / "a.npz").write_bytes(WHOLE)
    (mirror / "b.zip").write_bytes(READY)
    return mirror


def test_list_shows_what_is_where(run: Run, filled: Path) -> None:
    done = run("list")
    assert done.exit_code == 0
    lines = done.output.splitlines()
    assert lines[0].startswith("mnist/original")
    assert lines[0].endswith(f"mirror: {filled / 'a.npz'}")
    assert f"source: {CLOSED}/a.npz" in lines[1]
    assert lines[2].startswith("cats_and_dogs/small-own")
    assert lines[2].endswith("not here")
    assert f"CNN_COURSE_DATA): {filled}" in done.output


def test_list_says_that_the_mirror_does_not_exist(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CNN_COURSE_DATA", "/nowhere")
    assert "/nowhere (there is no such folder)" in run("list").output


def test_fetch_makes_everything_ready(run: Run, filled: Path, cache: Path) -> None:
    done = run("fetch")
    assert done.exit_code == 0
    assert "mnist/original: ready" in done.output
    assert "cats_and_dogs/small-240: ready" in done.output
    assert (cache / "cats_and_dogs" / "small-240" / "train").is_dir()


def test_fetch_reports_what_it_cannot_get_and_fetches_the_rest(run: Run, mirror: Path) -> None:
    (mirror / "b.zip").write_bytes(READY)
    done = run("fetch")
    assert done.exit_code == 1
    assert "error: MNIST (original) is not on this machine" in done.stderr
    assert "not fetched: 1" in done.stderr
    assert "cats_and_dogs/small-240: ready" in done.stdout


@pytest.mark.parametrize(
    "words", [("fetch", "minst"), ("verify", "mnist/orginal"), ("mirror", "x", "nist")]
)
def test_an_unknown_name_is_refused_with_a_suggestion(run: Run, words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.exit_code == 1
    assert isinstance(done.exception, CourseError)
    assert "did you mean" in str(done.exception)


def test_fetch_from_an_archive_says_what_was_skipped(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "train.zip"
    path.write_bytes(packed(kaggle() | {"train/cat.1.jpg": b"", "train/.DS_Store": b""}))
    done = run("fetch", "cats_and_dogs", "--from", path)
    assert done.exit_code == 0
    assert "cats_and_dogs/small-own: ready" in done.output
    assert "hidden files ignored: 1" in done.output
    assert "pictures skipped and replaced: 1\n  train/cat.1.jpg is empty" in done.output


def test_many_skipped_pictures_are_cut_short(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("course.commands.data.SHOWN", 2)
    damaged = {f"train/cat.{number}.jpg": b"" for number in range(5)}
    path = tmp_path / "train.zip"
    path.write_bytes(packed(kaggle(20) | damaged))
    assert "… and 3 more, listed in" in run("fetch", "cats_and_dogs", "--from", path).output


def test_fetch_from_an_archive_needs_a_name(run: Run, tmp_path: Path) -> None:
    done = run("fetch", "--from", tmp_path)
    assert done.exit_code == 2
    assert "--from needs one name" in done.output


def test_fetch_from_another_archive_than_the_named_variant_says_so(
    run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "train.zip"
    path.write_bytes(packed(kaggle()))
    done = run("fetch", "cats_and_dogs/small-240", "--from", path)
    assert done.exit_code == 1
    assert "it gave is cats_and_dogs/small-own" in str(done.exception)


def test_verify_reads_everything_and_is_content(run: Run, filled: Path) -> None:
    run("fetch")
    done = run("verify")
    assert done.exit_code == 0
    assert done.output.count("ok  ") == 3
    assert "arrays" in done.output
    assert "12 pictures as first measured" in done.output


def test_verify_names_what_is_altered_and_touches_nothing(
    run: Run, filled: Path, cache: Path
) -> None:
    run("fetch")
    (filled / "a.npz").write_bytes(WHOLE[:-3])
    picture = cache / "cats_and_dogs" / "small-240" / "train" / "cats" / "cat.1.jpg"
    picture.write_bytes(jpeg(seed=9))
    done = run("verify")
    assert done.exit_code == 1
    assert f"wrong  mnist/original  {filled / 'a.npz'} is altered" in done.output
    assert "small-240 is altered or incomplete. Run `course data fetch" in done.output
    assert "wrong or missing: 2" in done.stderr
    assert (filled / "a.npz").read_bytes() == WHOLE[:-3]
    assert picture.read_bytes() == jpeg(seed=9)


def test_verify_does_not_trust_what_an_earlier_check_remembered(
    run: Run, filled: Path, cache: Path
) -> None:
    run("fetch")
    path = filled / "b.zip"
    before = path.stat()
    path.write_bytes(READY[:-1] + b"x")
    after = path.stat()
    for stamp in (cache / "stamps").iterdir():
        text = stamp.read_text().replace(str(before.st_mtime_ns), str(after.st_mtime_ns))
        stamp.write_text(text.replace(str(before.st_ctime_ns), str(after.st_ctime_ns)))
    done = run("verify", "cats_and_dogs/small-240")
    assert done.exit_code == 1
    assert "b.zip is altered" in done.output


def test_verify_of_nothing_is_no_error_but_of_a_named_missing_set_it_is(run: Run) -> None:
    assert run("verify").exit_code == 0
    done = run("verify", "mnist")
    assert done.exit_code == 1
    assert "mnist  not here" in done.output


def test_mirror_writes_a_folder_that_works(
    run: Run, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run("mirror", tmp_path / "out")
    assert done.exit_code == 0
    assert f"{tmp_path / 'out' / 'a.npz'}: written" in done.output
    assert f"export CNN_COURSE_DATA={tmp_path / 'out'}" in done.output
    monkeypatch.setenv("CNN_COURSE_DATA", str(tmp_path / "out"))
    assert run("verify", "mnist", "cats_and_dogs/small-240").exit_code == 0


def test_mirror_writes_what_there_is_and_reports_the_rest(
    run: Run, mirror: Path, tmp_path: Path
) -> None:
    (mirror / "b.zip").write_bytes(READY)
    done = run("mirror", tmp_path / "out")
    assert done.exit_code == 1
    assert "error: MNIST (original) is not on this machine" in done.stderr
    assert (tmp_path / "out" / "b.zip").read_bytes() == READY
