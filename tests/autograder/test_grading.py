"""One small assignment, and what becomes of notebooks that are not quite right."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder import session
from autograder.assignment import Assignment, open_bundle
from autograder.commands import group
from autograder.errors import BundleError, SandboxError
from autograder.grading import grade
from autograder.records import Case, Grade
from autograder.sandbox.limits import Limits
from autograder.settings import MODES, Settings
from autograder.trusted.cases import HIDDEN_DOUBT
from autograder.trusted.run import fitted
from autograder.values.wire import Message, pack
from autograder.warm import shared
from tests.autograder.bundles import WARM, bundle, exceptions, notebook

TESTS = {
    "q1": exceptions(
        "q1",
        "@test_case(points=1)\ndef test_public(total):\n    assert total == 6, 'add them'\n",
        "@test_case(points=2, hidden=True, failure_message='Not for all numbers.')\n"
        "def test_hidden(add):\n    assert add([10, 20]) == 30\n",
    ),
    "q2": exceptions(
        "q2",
        "@test_case(points=1)\ndef test_box(box):\n    assert box.side() == 2\n"
        "    assert box == box\n",
    ),
}
RIGHT = ["def add(numbers):\n    return sum(numbers)", "total = add([1, 2, 3])"]


@pytest.fixture
def assignment(tmp_path: Path) -> Assignment:
    return open_bundle(bundle(tmp_path / "bundle", TESTS), tmp_path)


@pytest.fixture(scope="module", autouse=True)
def own_templates() -> Iterator[None]:
    yield
    shared().close()


def graded(assignment: Assignment, tmp_path: Path, cells: list[str], limits: Limits) -> Grade:
    return grade(
        assignment, notebook(tmp_path / "a.ipynb", cells), Settings(mode="warm", limits=limits)
    )


def cases(found: Grade) -> dict[str, Case]:
    return {case.name: case for question in found.questions for case in question.cases}


def test_an_object_that_cannot_be_copied_is_left_to_a_teacher(
    assignment: Assignment, tmp_path: Path
) -> None:
    box = "class Box:\n    def side(self):\n        return 2\nbox = Box()"
    found = graded(assignment, tmp_path, [*RIGHT, box], Limits())
    assert found.status == "needs a teacher"
    assert cases(found)["q2 - 1"].passed is None
    assert "Box" in found.questions[1].reason
    assert found.score == 3


def test_what_ran_before_the_time_limit_is_graded(assignment: Assignment, tmp_path: Path) -> None:
    loop = "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    found = graded(assignment, tmp_path, [*RIGHT, loop], Limits(cell_seconds=1, seconds=60))
    assert found.score == 3


def test_a_cell_that_takes_too_long_costs_itself_only(
    assignment: Assignment, tmp_path: Path
) -> None:
    slow = "import time\ntime.sleep(600)"
    found = graded(assignment, tmp_path, [slow, *RIGHT], Limits(cell_seconds=1, seconds=60))
    assert found.score == 3
    assert any("TimeLimit" in warning for warning in found.warnings)


def test_points_of_the_whole_are_as_the_settings_say(tmp_path: Path) -> None:
    made = bundle(tmp_path / "bundle", {"q1": TESTS["q1"]}, points_possible=12)
    found = graded(open_bundle(made, tmp_path), tmp_path, ["total = 6\nadd = max"], Limits())
    assert (found.questions[0].score, found.score, found.possible) == (1, 4, 12)


def test_a_failed_hidden_case_shows_the_message_of_its_author_only(
    assignment: Assignment, tmp_path: Path
) -> None:
    found = graded(assignment, tmp_path, ["total = 5\nadd = max"], Limits())
    assert cases(found)["q1 - 2"].message == "Not for all numbers."
    assert "add them" in cases(found)["q1 - 1"].message


@pytest.mark.attacks
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "cells",
    [
        ["\n" * 200_000 + "("],
        ["\n" * 200_000 + "x = 1", "import nonexistent_module"],
        ["%" + "\n" * 200_000 + "x = 1", "import nonexistent_module"],
    ],
    ids=["syntax", "module", "magic"],
)
def test_long_cells_of_empty_lines_cost_nobody_anything(
    assignment: Assignment, tmp_path: Path, mode: str, cells: list[str]
) -> None:
    path = notebook(tmp_path / "a.ipynb", [*cells, *RIGHT])
    found = grade(assignment, path, Settings(mode=mode))
    assert found.score == 3


def test_shell_lines_plots_and_magics_work(assignment: Assignment, tmp_path: Path) -> None:
    cells = [
        "names = !ls",
        "!echo made > by-shell",
        "%matplotlib inline",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
        "from tqdm.auto import tqdm\nfor _ in tqdm(range(3)): pass",
        "total = 6 if open('by-shell').read() == 'made\\n' and 'tests' in names else 0",
        "%%time\nadd = sum",
    ]
    found = graded(assignment, tmp_path, cells, Limits())
    assert (found.score, found.warnings) == (3, ())


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"cells": 3}', "{" * 9000])
def test_what_is_no_notebook_is_rejected(
    assignment: Assignment, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "no.ipynb"
    path.write_text(content)
    found = grade(assignment, path, WARM)
    assert found.status == "rejected"
    assert "notebook" in found.reason


def test_a_broken_test_file_is_not_the_students_fault(tmp_path: Path) -> None:
    broken = {"q1": exceptions("q1", "@test_case(points=missing)\ndef t(x): pass\n")}
    opened = open_bundle(bundle(tmp_path / "bundle", broken), tmp_path)
    with pytest.raises(BundleError, match="missing"):
        grade(opened, notebook(tmp_path / "a.ipynb", []))


def test_the_command_writes_scores_and_prints_json(assignment: Assignment, tmp_path: Path) -> None:
    path, out = notebook(tmp_path / "a.ipynb", RIGHT), tmp_path / "out"
    asked = ["grade", str(path), "--assignment", str(assignment.folder), "--out", str(out)]
    told = CliRunner().invoke(group, asked)
    assert told.exit_code == 0, told.output
    assert "1 graded" in told.output
    assert "a.ipynb" in (out / "scores.csv").read_text(encoding="utf-8-sig")
    (shown,) = json.loads(CliRunner().invoke(group, [*asked, "--json"]).stdout)
    found = Grade.from_json(json.dumps(shown))
    assert found.score == 3
    assert found.provenance["sandbox"] == "bubblewrap"


def test_without_a_sandbox_the_command_says_so(assignment: Assignment, tmp_path: Path) -> None:
    path, out = notebook(tmp_path / "a.ipynb", RIGHT), tmp_path / "out"
    asked = ["grade", str(path), "--assignment", str(assignment.folder), "--out", str(out)]
    said = CliRunner().invoke(group, [*asked, "--sandbox", "none"]).output
    assert "WITHOUT a sandbox" in said


def test_files_handed_in_beside_the_notebook_reach_it_and_replace_nothing(tmp_path: Path) -> None:
    folder = bundle(tmp_path / "bundle", {"q1": TESTS["q1"]})
    (folder / "files").mkdir(exist_ok=True)
    (folder / "files" / "data.txt").write_text("4")
    assignment = open_bundle(folder, tmp_path)
    handed_in = tmp_path / "in"
    for name, text in (("data.txt", "1000"), ("own/two.txt", "2"), ("tests/q1.py", "raise Fault")):
        (handed_in / name).parent.mkdir(parents=True, exist_ok=True)
        (handed_in / name).write_text(text)
    source = "total = int(open('data.txt').read()) + int(open('own/two.txt').read())"
    path = notebook(handed_in / "a.ipynb", [source])
    assert grade(assignment, path, WARM).score == 0
    assert grade(assignment, path, WARM, beside=handed_in).score == 1


def test_a_folder_with_the_name_of_a_module_is_none(tmp_path: Path) -> None:
    assignment = open_bundle(bundle(tmp_path / "bundle", {"q1": TESTS["q1"]}), tmp_path)
    inside = tmp_path / "in" / "x.py" / "a.csv"
    inside.parent.mkdir(parents=True)
    inside.write_text("6", "utf-8")
    path = notebook(tmp_path / "in" / "a.ipynb", ["total = int(open('x.py/a.csv').read())"])
    assert grade(assignment, path, WARM, beside=tmp_path / "in").score == 1


@pytest.mark.parametrize("below", ["y.csv", "deep/y.csv"])
def test_a_folder_with_the_name_of_a_given_file_is_refused(tmp_path: Path, below: str) -> None:
    made = bundle(tmp_path / "bundle", {"q1": TESTS["q1"]}, {"data.csv": "1", "sub/b.csv": "2"})
    assignment = open_bundle(made, tmp_path)
    inside = tmp_path / "in" / "data.csv" / below
    inside.parent.mkdir(parents=True)
    inside.write_text("6", "utf-8")
    path = notebook(tmp_path / "in" / "a.ipynb", RIGHT)
    found = grade(assignment, path, WARM, beside=tmp_path / "in")
    assert found.status == "rejected"
    assert found.reason.startswith("You handed in a folder data.csv, and the assignment has a file")


def test_words_of_the_student_about_hidden_inputs_reach_the_teacher_only(
    assignment: Assignment, tmp_path: Path
) -> None:
    add = "def add(numbers):\n    return type(f'SEEN_{numbers[1]}', (), {})()"
    found = graded(assignment, tmp_path, [add, "total = 6"], Limits())
    hidden = cases(found)["q1 - 2"]
    assert (hidden.passed, found.status) == (None, "needs a teacher")
    assert "SEEN_20" in hidden.detail
    assert "SEEN_" not in hidden.message + found.questions[0].reason


def test_the_record_keeps_what_passing_tests_saw_and_asked(
    assignment: Assignment, tmp_path: Path
) -> None:
    found = graded(assignment, tmp_path, [*RIGHT, "total = 6.0"], Limits())
    assert (found.questions[0].score, cases(found)["q1 - 2"].passed) == (3, True)
    assert found.questions[0].values == {"add": "function add", "total": "6.0"}
    assert cases(found)["q1 - 2"].detail.splitlines()[-1] == "add(list of 2: 10, 20) → 30"


def test_values_are_those_of_the_check_and_not_what_a_test_made_of_them(tmp_path: Path) -> None:
    changes = "@test_case(points=1)\ndef t(numbers):\n    numbers.append(9)\n"
    opened = open_bundle(bundle(tmp_path / "bundle", {"q1": exceptions("q1", changes)}), tmp_path)
    checked = ["numbers = [1]", "import otter\notter.Notebook().check('q1')", "numbers = [2, 3]"]
    found = graded(opened, tmp_path, checked, Limits())
    assert found.questions[0].values == {"numbers": "list of 1: 1"}


def test_the_students_page_shows_no_value_and_no_call(
    assignment: Assignment, tmp_path: Path
) -> None:
    path, out = notebook(tmp_path / "a.ipynb", RIGHT), tmp_path / "out"
    asked = ["grade", str(path), "--assignment", str(assignment.folder), "--out", str(out)]
    told = CliRunner().invoke(group, [*asked, "--json"])
    (student,), (teacher,) = ((out / name).glob("*.html") for name in ("reports", "teacher"))
    (kept,) = (out / "grades").glob("*.json")
    for hidden in ("list of 2: 10, 20", "function add"):
        assert hidden in teacher.read_text()
        assert hidden in kept.read_text()
        assert hidden not in student.read_text()
        assert hidden not in told.stdout


@pytest.mark.parametrize("mode", ["cold", "warm"])
@pytest.mark.parametrize("name", ["bundle", "bundle.zip"])
def test_a_strict_umask_keeps_results_closed_and_the_sandbox_working(
    name: str, mode: str, assignment: Assignment, tmp_path: Path
) -> None:
    path, out = notebook(tmp_path / "a.ipynb", RIGHT), tmp_path / "out"
    if name.endswith(".zip"):
        shutil.make_archive(str(assignment.folder), "zip", assignment.folder)
    asked = ["grade", str(path), "--assignment", str(tmp_path / name), "--out", str(out)]
    before = os.umask(0o077)
    try:
        told = CliRunner().invoke(group, [*asked, "--mode", mode])
    finally:
        os.umask(before)
    assert told.exit_code == 0, told.output
    assert "1 graded" in told.output
    assert not [item for item in out.rglob("*") if item.stat().st_mode & 0o077]


def test_a_value_that_is_too_large_costs_no_other_question(tmp_path: Path) -> None:
    tests = {
        "q1": TESTS["q1"],
        "q2": exceptions("q2", "@test_case(points=1)\ndef t(big): big[0]\n"),
    }
    opened = open_bundle(bundle(tmp_path / "bundle", tests), tmp_path)
    big = "big = [i / 7 for i in range(1_000_000)]"
    found = graded(opened, tmp_path, [*RIGHT, big], Limits())
    assert [question.score for question in found.questions] == [3, 0]
    assert "too large" in found.questions[1].reason


def test_an_end_of_the_process_leaves_its_functions_to_a_teacher(
    assignment: Assignment, tmp_path: Path
) -> None:
    checked = [*RIGHT, "import otter\notter.Notebook().check('q1')", "import os\nos._exit(0)"]
    found = graded(assignment, tmp_path, checked, Limits())
    assert found.status == "needs a teacher"
    assert (found.score, cases(found)["q1 - 2"].passed) == (1, None)
    # What was never handed over may have been there.
    assert cases(found)["q2 - 1"].passed is None
    assert "ended before" in found.questions[1].reason


def test_the_last_words_of_tests_that_ended_reach_the_teacher(tmp_path: Path) -> None:
    ends = (
        "@test_case(points=1)\ndef t(total):\n    import os\n"
        "    os.write(2, b'no more room')\n    os._exit(3)\n"
    )
    opened = open_bundle(bundle(tmp_path / "bundle", {"q1": exceptions("q1", ends)}), tmp_path)
    found = graded(opened, tmp_path, ["total = 6"], Limits())
    assert found.status == "failed"
    assert "no more room" in found.warnings[0]
    assert "no more room" not in found.reason


@pytest.mark.attacks
def test_a_late_answer_costs_its_own_case_only(tmp_path: Path) -> None:
    late = "@test_case(points=1)\ndef t(slow): slow()\n"
    tests = {"q1": exceptions("q1", late), "q2": TESTS["q1"].replace("q1", "q2")}
    opened = open_bundle(bundle(tmp_path / "bundle", tests), tmp_path)
    # As in a long call of C, where no signal of Python's arrives.
    slow = (
        "import signal, time\ndef slow():\n"
        "    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])\n    time.sleep(5)\n"
        "    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGALRM])"
    )
    found = graded(opened, tmp_path, [slow, *RIGHT], Limits(case_seconds=1))
    assert [question.score for question in found.questions] == [0, 3]


# A sum in C: no signal of Python's arrives before its end.
ENDLESS = "import otter\ngrader = otter.Notebook()\nnumbers = range(10**18)"
SUMS = {
    "q1": TESTS["q1"],
    "q2": exceptions("q2", "@test_case(points=1)\ndef t(numbers):\n    assert sum(numbers) == 3\n"),
    "q3": exceptions("q3", "@test_case(points=1)\ndef t(total):\n    assert total == 6\n"),
}


@pytest.mark.attacks
@pytest.mark.parametrize("mode", MODES)
def test_a_case_that_takes_no_signal_is_ended_and_what_was_graded_before_it_stays(
    mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "CASE_GRACE", 4.0)
    opened = open_bundle(bundle(tmp_path / "bundle", SUMS), tmp_path)
    checks = [f"grader.check('q{number}')" for number in (1, 2, 3)]
    path = notebook(tmp_path / "a.ipynb", [*RIGHT, ENDLESS, *checks])
    started = time.monotonic()
    found = grade(opened, path, Settings(mode=mode, limits=Limits(case_seconds=1)))
    # The limit of everything together is half an hour here.
    assert time.monotonic() - started < 120
    assert (found.status, found.score) == ("needs a teacher", 1)
    assert {name: case.passed for name, case in cases(found).items()} == {
        "q1 - 1": True,
        "q1 - 2": None,
        "q2 - 1": False,
        "q3 - 1": None,
    }
    said = "The test did not end within 1 s, or took too much memory."
    assert cases(found)["q2 - 1"].message == said
    assert "was not run" in found.questions[2].reason
    # Of a hidden case the student reads no more than of any that could not decide.
    assert found.questions[0].reason == HIDDEN_DOUBT
    assert found.questions[0].doubt not in ("", HIDDEN_DOUBT)
    assert any("q2 - 1" in warning for warning in found.warnings)
    assert found.provenance["mode"] == mode, found.provenance


@pytest.mark.parametrize("mode", MODES)
def test_a_case_that_takes_too_much_memory_costs_no_points_before_it(
    mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "TRUSTED_MB", 400)
    much = "@test_case(points=1)\ndef t(n):\n    import time\n    kept = b'1' * (n << 20)\n"
    tests = {**SUMS, "q2": exceptions("q2", f"{much}    time.sleep(60)\n")}
    opened = open_bundle(bundle(tmp_path / "bundle", tests), tmp_path)
    cells = [*RIGHT, "n = 700", "numbers = [1, 2]", "grader.check('q1')", "grader.check('q2')"]
    path = notebook(tmp_path / "a.ipynb", cells)
    found = grade(opened, path, Settings(mode=mode, limits=Limits(memory_mb=300)))
    assert (found.status, found.score) == ("needs a teacher", 1)
    assert {name: case.passed for name, case in cases(found).items()} == {
        "q1 - 1": True,
        "q1 - 2": None,
        "q2 - 1": False,
        "q3 - 1": None,
    }
    assert any("took too much memory over q2 - 1" in warning for warning in found.warnings)


def waiting(caught: str, tmp_path: Path) -> Assignment:
    """An assignment whose one test waits for an exception of the student's function."""
    waits = f"    try:\n        withdraw(-5)\n    {caught}:\n        return\n    assert False\n"
    test = f"@test_case(points=1, hidden=True)\ndef t(withdraw):\n{waits}"
    return open_bundle(bundle(tmp_path / "bundle", {"q1": exceptions("q1", test)}), tmp_path)


@pytest.mark.attacks
@pytest.mark.parametrize(
    "body",
    ["os._exit(0)", "while True: pass", "sys.exit()", "raise KeyboardInterrupt", "raise Gone"],
)
@pytest.mark.parametrize("caught", ["except Exception", "except"])
def test_who_gives_no_answer_has_not_raised_what_a_test_waits_for(
    body: str, caught: str, tmp_path: Path
) -> None:
    code = f"import os, sys\nclass Gone(SystemExit): pass\ndef withdraw(x):\n    {body}"
    found = graded(waiting(caught, tmp_path), tmp_path, [code], Limits(case_seconds=2))
    assert [case.passed for case in cases(found).values()] == [False], found


@pytest.mark.parametrize("caught", ["except Exception", "except"])
def test_who_raises_what_a_test_waits_for_has_its_points(caught: str, tmp_path: Path) -> None:
    right = "def withdraw(x):\n    raise ValueError"
    assert graded(waiting(caught, tmp_path), tmp_path, [right], Limits()).score == 1


@pytest.mark.attacks
def test_after_the_last_case_that_is_ended_nothing_is_left_to_a_teacher(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "CASE_GRACE", 4.0)
    late = "@test_case(points=1, hidden=True)\ndef t(numbers):\n    assert sum(numbers) == 3\n"
    tests = {"q1": TESTS["q1"], "q2": exceptions("q2", late)}
    opened = open_bundle(bundle(tmp_path / "bundle", tests), tmp_path)
    found = graded(opened, tmp_path, [*RIGHT, ENDLESS], Limits(case_seconds=1))
    assert (found.status, found.score) == ("graded", 3)
    assert cases(found)["q2 - 1"].passed is False
    # How long a hidden case took is nothing that a student reads.
    assert cases(found)["q2 - 1"].message == ""


@pytest.mark.attacks
def test_values_that_take_too_long_to_read_are_left_to_a_teacher(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "CASE_GRACE", 4.0)
    opened = open_bundle(bundle(tmp_path / "bundle", SUMS), tmp_path)
    # Numbers with one hash: to make a set of them, each is compared with each.
    alike = (
        "import sys\nsys.modules['autograder.values.encode'].Encoder.value = (\n"
        "    lambda self, value: {'set': [n * (2**61 - 1) for n in range(200_000)]})"
    )
    cells = [*RIGHT, ENDLESS, "grader.check('q1')", alike, "grader.check('q2')"]
    started = time.monotonic()
    found = graded(opened, tmp_path, cells, Limits(case_seconds=1))
    assert time.monotonic() - started < 120
    assert (found.status, found.score) == ("needs a teacher", 1)
    assert cases(found)["q2 - 1"].passed is None
    assert any("the values of q2" in warning for warning in found.warnings)


def test_check_finds_data_in_folders(tmp_path: Path) -> None:
    folder = bundle(tmp_path / "bundle", {"q1": TESTS["q1"]})
    (folder / "data").mkdir()
    (folder / "data" / "x.txt").write_text("6")
    path = notebook(folder / "mine.ipynb", ["total = int(open('data/x.txt').read())"])
    assert "1 of 3" in CliRunner().invoke(group, ["check", str(path)]).output


def test_a_notebook_that_asks_whether_otter_is_installed_is_told_that_it_is(
    assignment: Assignment, tmp_path: Path
) -> None:
    asks = (
        "import importlib.util\nassert importlib.util.find_spec('otter') is not None\nimport otter"
    )
    found = graded(assignment, tmp_path, [asks, *RIGHT], Limits())
    assert (found.warnings, found.score) == ((), 3)


def test_questions_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    names = ["q1", "q2", "q10"]
    tests = {name: TESTS["q1"] for name in reversed(names)}
    found = open_bundle(bundle(tmp_path / "bundle", tests), tmp_path)
    assert [test.stem for test in found.tests] == names


def test_an_unknown_sandbox_is_refused_before_anything_runs(
    assignment: Assignment, tmp_path: Path
) -> None:
    path = notebook(tmp_path / "a.ipynb", RIGHT)
    with pytest.raises(SandboxError, match="use one of bubblewrap, docker, none"):
        grade(assignment, path, Settings(sandbox="chroot"))


def test_check_runs_the_public_tests_beside_a_notebook(tmp_path: Path) -> None:
    bundle(tmp_path / "bundle", {"q1": TESTS["q1"]})
    (tmp_path / "bundle" / "data.txt").write_text("6")
    path = notebook(tmp_path / "bundle" / "mine.ipynb", ["total = int(open('data.txt').read())"])
    said = CliRunner().invoke(group, ["check", str(path)]).output
    assert "q1                1 of 3" in said
    assert json.loads(path.read_text())["cells"]


def test_an_upload_that_goes_into_no_room_is_refused_in_words(tmp_path: Path) -> None:
    exercise = "schema = 1\n[limits]\nfile_mb = 1\nmemory_mb = 16\n"
    folder = bundle(tmp_path / "bundle", {"q1": TESTS["q1"]}, exercise=exercise)
    for name, sizes in (("one large", [1_100_000]), ("many", [900_000] * 3)):
        (tmp_path / "in" / name).mkdir(parents=True)
        notebook(tmp_path / "in" / name / "a.ipynb", RIGHT)
        for number, size in enumerate(sizes):
            (tmp_path / "in" / name / f"{number}.csv").write_bytes(bytes(size))
    asked = ["grade", str(tmp_path / "in"), "--assignment", str(folder), "--data", "*.csv"]
    told = CliRunner().invoke(group, [*asked, "--out", str(tmp_path / "out"), "--json"])
    many, large = json.loads(told.stdout)
    assert (many["status"], large["status"]) == ("rejected", "rejected")
    assert many["reason"] == "Your files are larger than the 2.1 MB that are allowed."
    assert large["reason"] == "0.csv is larger than the 1.0 MB that are allowed."


def test_a_test_that_opens_a_file_of_the_notebooks_is_left_to_a_teacher(tmp_path: Path) -> None:
    opens = "@test_case(points=1)\ndef t():\n    assert open('out.txt').read() == 'done'\n"
    opened = open_bundle(bundle(tmp_path / "bundle", {"q1": exceptions("q1", opens)}), tmp_path)
    cells = ["import otter\ngrader = otter.Notebook()\nopen('out.txt', 'w').write('done')"]
    found = graded(opened, tmp_path, [*cells, "grader.check('q1')"], Limits())
    assert (found.status, found.score) == ("needs a teacher", 0)
    assert "looks for a file" in found.questions[0].reason


def test_a_class_of_exceptions_is_not_asked_for_anything_before_a_test_does(tmp_path: Path) -> None:
    test = "@test_case(points=1)\ndef t(Poor):\n    assert issubclass(Poor, ValueError)\n"
    opened = open_bundle(bundle(tmp_path / "bundle", {"q1": exceptions("q1", test)}), tmp_path)
    cells = [
        "class Meta(type):\n    def __getattr__(cls, name):\n        raise SystemExit\n"
        "class Poor(ValueError, metaclass=Meta):\n    pass"
    ]
    found = graded(opened, tmp_path, cells, Limits())
    assert (found.status, found.score) == ("graded", 1)
    assert found.questions[0].values == {"Poor": "class Poor"}


def test_long_texts_of_many_cases_cost_nothing(tmp_path: Path) -> None:
    case = "@test_case(points=1)\ndef test_{0}(f):\n    assert f({0}) == 1\n"
    tests = {
        f"q{number}": exceptions(f"q{number}", *(case.format(place) for place in range(12)))
        for number in range(12)
    }
    loud = """
class Loud(Exception): pass
def f(n):
    print("\\U0001f600" * 5000)
    if n < 2:
        return 1
    raise Loud("\\U0001f600" * 5000)
"""
    found = graded(open_bundle(bundle(tmp_path / "b", tests), tmp_path), tmp_path, [loud], Limits())
    assert found.score == 24, found
    details = [case.detail for question in found.questions for case in question.cases]
    assert sum(len(json.dumps(detail)) for detail in details) > 12 << 20


@pytest.mark.parametrize("cases", [1, 70, 5_000])
def test_what_holds_of_a_question_fits_into_a_message(cases: int) -> None:
    case = {"name": "q", "message": "\U0001f600" * 20_000, "detail": "\U0001f600" * 20_000}
    result = {"cases": [case] * cases}
    short = fitted(result)
    assert len(short["cases"]) == cases
    assert (short == result) is (cases == 1)
    pack(Message({"kind": "begins", "result": short}))
