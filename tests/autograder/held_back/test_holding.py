"""Pictures of a submission held back, through the confined process."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from autograder.assignment import Assignment, open_bundle
from autograder.errors import SandboxError
from autograder.handed_in import Uploads, hold_back
from autograder.held_back import hold
from autograder.held_back.held import Held
from autograder.held_back.reader import Reader, Unreadable
from autograder.sandbox.limits import Limits
from autograder.sandbox.running import Running
from autograder.values.wire import Message
from tests.autograder.bundles import bundle, exceptions
from tests.autograder.held_back.drawn import EXERCISE, PLAN, folder, scene

TESTS = {"q1": exceptions("q1", "@test_case(points=1)\ndef t(total):\n    assert total == 6\n")}
Holding = Callable[..., Held]


@pytest.fixture
def assignment(tmp_path: Path) -> Assignment:
    return open_bundle(bundle(tmp_path / "bundle", TESTS, exercise=EXERCISE), tmp_path)


@pytest.fixture
def holding(tmp_path: Path, assignment: Assignment) -> Holding:
    """Holds back from the folder `in`, in a sandbox or without."""

    def held(sandbox: str = "bubblewrap") -> Held:
        work = tmp_path / "work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        uploads = Uploads(tmp_path / "in", tmp_path / "in" / "a.ipynb")
        plan = assignment.held_back
        assert plan is not None
        return hold_back(plan, uploads, sandbox, Limits(), work).held

    return held


def laid(held: Held, target: Path) -> list[str]:
    """Paths of what the tests find."""
    held.lay(target)
    return sorted(p.relative_to(target).as_posix() for p in target.rglob("*") if p.is_file())


def test_the_tests_get_what_the_notebook_does_not(tmp_path: Path, holding: Holding) -> None:
    files = folder(tmp_path / "in", {"cup": 20, "glass": 22})
    held = holding()
    assert (held.doubt, held.warnings) == ("", ())
    assert len(held.left_out) == 8
    assert held.left_out <= files.keys()
    assert held.measured["held back"] == "cup 4 of 20, glass 4 of 22"
    found = laid(held, tmp_path / "tests")
    assert [path.rsplit("/", 1)[0] for path in found] == ["held-back/cup"] * 4 + [
        "held-back/glass"
    ] * 4
    for name, path in zip(sorted(held.left_out), found, strict=True):
        before = np.asarray(Image.open(files[name]).convert("RGB")).astype(int)
        after = np.asarray(Image.open(tmp_path / "tests" / path)).astype(int)
        assert after.shape == (47, 63, 3)
        assert np.abs(before[:-1, :-1] - after).mean() < 12


def test_a_regrade_makes_the_same_files_and_without_a_sandbox_too(
    tmp_path: Path, holding: Holding
) -> None:
    folder(tmp_path / "in", {"cup": 20, "glass": 20})
    contents = []
    for number, sandbox in enumerate(("bubblewrap", "bubblewrap", "none")):
        target = tmp_path / f"tests{number}"
        found = laid(holding(sandbox), target)
        contents.append([(target / name).read_bytes() for name in found])
    assert contents[0] == contents[1] == contents[2]
    assert len(contents[0]) == 8


def test_other_pictures_and_another_secret_change_the_choice(
    tmp_path: Path, holding: Holding, assignment: Assignment
) -> None:
    files = folder(tmp_path / "in", {"cup": 30, "glass": 30})
    first = holding().left_out
    object.__setattr__(
        assignment, "held_back", dataclasses.replace(PLAN, seed="another secret of the tests")
    )
    assert holding().left_out != first
    object.__setattr__(assignment, "held_back", PLAN)
    assert holding().left_out == first
    scene(np.random.default_rng(99)).save(files["photos/cup/000.jpg"])
    assert holding().left_out != first


def test_nothing_of_what_a_camera_wrote_reaches_the_tests(tmp_path: Path, holding: Holding) -> None:
    rng = np.random.default_rng(0)
    notes = Image.Exif()
    notes[0x010F] = "A maker of telephones"
    for name, path in folder(tmp_path / "in", {"cup": 20, "glass": 20}).items():
        scene(rng).save(path, exif=notes, comment=f"taken at home {name}".encode())
    found = laid(holding(), tmp_path / "tests")
    for name in found:
        content = (tmp_path / "tests" / name).read_bytes()
        assert content.startswith(b"\x89PNG")
        assert not any(word in content for word in (b"Exif", b"telephones", b"home"))
        assert not Image.open(tmp_path / "tests" / name).getexif()


def test_what_is_no_picture_of_a_class_does_not_reach_the_notebook(
    tmp_path: Path, holding: Holding
) -> None:
    folder(tmp_path / "in", {"cup": 20, "glass": 20})
    photos = tmp_path / "in" / "photos"
    (photos / "cup" / "notes.txt").write_text("no picture")
    (photos / "all.zip").write_bytes(b"PK")
    (photos / "cup" / "deeper").mkdir()
    (photos / "cup" / "deeper" / "copy.jpg").write_bytes((photos / "cup" / "000.jpg").read_bytes())
    (tmp_path / "in" / "own.csv").write_text("1,2")
    held = holding()
    names = {"photos/cup/notes.txt", "photos/all.zip", "photos/cup/deeper/copy.jpg"}
    assert names < held.left_out
    assert len(held.left_out) == 8 + 3
    assert held.warnings == (
        "photos/cup/notes.txt was left out: it is no JPEG, PNG or WebP file.",
        "2 more files in photos are no pictures of a class and were left out.",
    )


def test_links_are_not_followed(tmp_path: Path, holding: Holding) -> None:
    folder(tmp_path / "in", {"cup": 20, "glass": 20})
    outside = tmp_path / "outside"
    folder(outside, {"plate": 20}, seed=1)
    (tmp_path / "in" / "photos" / "plate").symlink_to(outside / "photos" / "plate")
    secret = tmp_path / "in" / "photos" / "cup" / "link.jpg"
    secret.symlink_to(outside / "photos" / "plate" / "000.jpg")
    held = holding()
    assert held.measured["held back"] == "cup 4 of 20, glass 4 of 20"


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"cup": 20, "glass": 7}, "Your class glass has 7 pictures; 8 are needed to hold 4 back."),
        ({"cup": 20}, "has one class only: cup."),
    ],
)
def test_where_too_little_can_be_held_back_a_teacher_decides(
    tmp_path: Path, holding: Holding, counts: Mapping[str, int], said: str
) -> None:
    folder(tmp_path / "in", counts)
    held = holding()
    assert said in held.doubt
    assert "your teacher looks at this grade" in held.doubt
    assert held.left_out == frozenset()
    # The tests see that there were pictures.
    assert laid(held, tmp_path / "tests") == ["photos/class/handed-in"]


def test_odd_names_of_classes_stay_what_they_are(tmp_path: Path, holding: Holding) -> None:
    names = ["-rf", "a b", ".hidden", "Größe", "杯子", "x" * 60, "$(reboot)"]
    folder(tmp_path / "in", dict.fromkeys(names, 10))
    found = laid(holding(), tmp_path / "tests")
    assert sorted({path.split("/")[1] for path in found}) == sorted(names)


def test_a_class_with_other_endings_is_left_to_a_teacher(tmp_path: Path, holding: Holding) -> None:
    files = folder(tmp_path / "in", {"cup": 20, "glass": 20})
    for name, path in files.items():
        if name.startswith("photos/glass"):
            path.rename(path.with_suffix(".jpeg"))
    assert "different endings (.jpeg, .jpg)" in holding().doubt


def test_pictures_that_are_all_alike_are_left_to_a_teacher(
    tmp_path: Path, holding: Holding
) -> None:
    for path in folder(tmp_path / "in", {"cup": 20, "glass": 20}).values():
        scene(np.random.default_rng(7)).save(path)
    assert "too much alike" in holding().doubt


def test_a_folder_without_a_picture_is_left_to_a_teacher(tmp_path: Path, holding: Holding) -> None:
    for path in folder(tmp_path / "in", {"cup": 10, "glass": 10}).values():
        path.write_bytes(b"HEIC, renamed")
    assert "No file in your folder photos is a picture" in holding().doubt


def never(*_: object) -> Running:
    raise AssertionError("nothing is to be started")


def test_ten_thousand_files_are_not_opened(tmp_path: Path) -> None:
    files = {f"photos/cup/{number}.jpg": tmp_path / "missing" for number in range(10_000)}
    held = hold.hold(PLAN, files, tmp_path, never)
    assert "holds 10,000 files; at most 5,000 are looked at." in held.doubt


@pytest.mark.parametrize(("classes", "count"), [(101, 8), (30, 100)])
def test_more_than_the_tests_can_hold_is_left_to_a_teacher(classes: int, count: int) -> None:
    names = [f"class {number}" for number in range(classes)] * count
    files = [f"photos/{name}/{number}.jpg" for number, name in enumerate(names)]
    with pytest.raises(hold.Doubt, match="more than can be held back from"):
        hold.checked(PLAN, names, files)


def test_a_folder_whose_name_is_spelt_otherwise_is_left_to_a_teacher(
    tmp_path: Path, holding: Holding
) -> None:
    folder(tmp_path / "in", {"cup": 20, "glass": 22})
    (tmp_path / "in" / "photos").rename(tmp_path / "in" / "Photos")
    assert "Your folder Photos has to be called photos." in holding().doubt


def test_without_files_in_the_folder_nothing_is_started(tmp_path: Path, holding: Holding) -> None:
    (tmp_path / "in" / "photos").mkdir(parents=True)
    (tmp_path / "in" / "other.csv").write_text("1")
    assert holding() == Held()
    assert list((tmp_path / "work").iterdir()) == []


def test_a_picture_that_ends_the_process_is_named_to_the_teacher(
    tmp_path: Path, holding: Holding, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder(tmp_path / "in", {"cup": 20, "glass": 20})
    true_message = Reader.message

    def message(self: Reader, place: int) -> object:
        if place == 3:
            self.running.kill()
            self.running.process.wait()
        if place >= 3:
            self.deadline = 0.0
        return true_message(self, place)

    monkeypatch.setattr(Reader, "message", message)
    held = holding()
    assert "could not all be opened" in held.doubt
    (warning,) = held.warnings
    assert warning.startswith("photos/cup/003.jpg: the process that opens it ended")


def test_a_process_that_does_not_start_is_not_the_students_fault(
    tmp_path: Path, holding: Holding, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder(tmp_path / "in", {"cup": 20, "glass": 20})
    monkeypatch.setattr("autograder.handed_in.package", lambda _: {})
    with pytest.raises(SandboxError, match="did not start"):
        holding()


def answering(monkeypatch: pytest.MonkeyPatch, head: dict[str, object], blob: bytes) -> Reader:
    """The grader's end of a process that has been taken over: it says what the test says."""

    class Sink:
        def send(self, _: object) -> None:
            """Take it."""

    made = object.__new__(Reader)
    made.count, made.channel = 1, Sink()  # type: ignore[assignment]
    monkeypatch.setattr(Reader, "message", lambda *_: Message(head, blob))
    return made


LOOK = np.zeros(144).tobytes()


@pytest.mark.parametrize(
    ("head", "blob"),
    [
        ({"kind": "other"}, LOOK),
        ({"kind": "look", "fault": "an own <b>text</b>"}, b""),
        ({"kind": "look", "fault": ["damaged"]}, b""),
        ({"kind": "look", "fault": ""}, LOOK[:-8]),
        ({"kind": "look", "fault": ""}, np.full(144, np.nan).tobytes()),
        ({"kind": "look", "fault": ""}, np.full(144, 1e300).tobytes()),
    ],
)
def test_a_look_that_is_none_is_refused(
    head: dict[str, object], blob: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Unreadable):
        answering(monkeypatch, head, blob).seen()


@pytest.mark.parametrize(
    ("height", "width", "size"),
    [(2, 2, 11), (0, 5, 0), (-2, -2, 12), (10_000, 1, 30_000), (True, 4, 12), ("2", 2, 12)],
)
def test_pixels_of_another_size_are_refused(
    height: object, width: object, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = {"kind": "pixels", "height": height, "width": width}
    with pytest.raises(Unreadable):
        list(answering(monkeypatch, head, bytes(size)).pixels([0], 1))


def test_so_many_pictures_are_enough() -> None:
    assert [PLAN.wanted(count) for count in (8, 20, 100, 250, 5000)] == [4, 4, 20, 50, 50]
