"""From uploads to grades: what is known already is not done again."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from autograder import scores
from autograder.batch.alike import About, Unlike, grader
from autograder.batch.standing import others
from autograder.batch.store import Store, key, slim
from autograder.batch.work import FAILED, GradeFunction, Task, named
from autograder.batch.workers import answers
from autograder.errors import UNREAD, GraderError, Rejected
from autograder.intake import Submission, Upload, order
from autograder.records import Grade
from autograder.second_look import NOT_DONE, RECORD

Tick = Callable[[], object]


@dataclass
class Batch:
    """A class's submissions on their way to grades.

    Attributes:
        uploads: what was handed in, in the order of the rows.
        grade: gives the grade of a notebook.
        store: where grades are kept.
        bundle: digest of the assignment.
        settings: digest of what else can change a grade.
        jobs, scheduler, about: see `workers.answers`.
        quiet: no progress bar; there is none either where the output is no terminal.
    """

    uploads: Sequence[Upload]
    grade: GradeFunction
    store: Store
    bundle: str
    settings: str
    jobs: int = 1
    scheduler: str = ""
    about: About = grader
    quiet: bool = False
    _owners: dict[str, list[Submission]] = field(default_factory=dict, init=False)
    _keys: dict[str, str] = field(default_factory=dict, init=False)
    _grades: dict[str, Grade] = field(default_factory=dict, init=False)

    def run(self) -> list[Grade]:
        """Grade what has no grade yet; nothing is published.

        Returns:
            The grades in the order of the uploads, without what the tests saw.

        Raises:
            GraderError: the workers or the disk failed; what was graded is kept.
        """
        began = False
        with tqdm(
            total=len(self.uploads), unit="submission", disable=True if self.quiet else None
        ) as bar:
            for task, answer in answers(
                self._open(bar.update), self.grade, self.about, self.jobs, self.scheduler
            ):
                found = self._answered(task, answer, began)
                began = began or found.status != "failed"
                # A failure can be the machine's: the next run tries again.
                if found.status != "failed":
                    self.store.remember(task.key, found)
                for submission in self._owners[task.key]:
                    self._take(named(found, submission), bar.update)
        return [self._grades[upload.name] for upload in self.uploads]

    def publish(self, title: str, layout: scores.Format = "plain") -> list[scores.Left]:
        """Write pages and tables of what `run` graded.

        Grades that stand for other submissions stay in the tables, those excepted whose students
        have handed in under another name now.

        Args:
            title: of the assignment.
            layout: see `Store.conclude`.

        Returns:
            What an import leaves out.
        """
        beside = others(self.store.all_standing(), self.uploads)
        for upload in self.uploads:
            self.store.publish(self._whole(upload), title)
        for grade in beside.replaced:
            self.store.withdraw(grade.submission)
        own = [self._grades[upload.name] for upload in self.uploads]
        ordered = sorted([*own, *beside.kept], key=lambda grade: order(grade.submission))
        return self.store.conclude(ordered, title, layout)

    def _open(self, tick: Tick) -> Iterator[Task]:
        """Read the uploads one by one; those that have to be graded come out."""
        for upload in self.uploads:
            try:
                submission = upload.read()
            except Rejected as reason:
                refused = Grade("", "", "rejected", reason=str(reason))
                self._take(named(refused, _light(upload)), tick)
                continue
            except Exception:
                # One submission never stops the others, whatever its files lead to.
                trace = (traceback.format_exc(limit=-8),)
                failed = Grade("", "", "failed", reason=UNREAD, warnings=trace)
                self._take(named(failed, _light(upload)), tick)
                continue
            name = key(self.bundle, submission.digest, self.settings)
            self._keys[upload.name] = name
            light = _light(upload)
            known = self.store.cached(name)
            if known is not None and known.provenance.get(RECORD) != NOT_DONE:
                self._take(named(known, light), tick)
            elif name in self._owners:
                self._share(name, light, tick)
            else:
                self._owners[name] = [light]
                yield Task(name, submission)

    def _share(self, name: str, light: Submission, tick: Tick) -> None:
        """A second submission with the same bytes as one that is graded or being graded."""
        first = self._grades.get(self._owners[name][0].name)
        self._owners[name].append(light)
        if first is not None:
            self._take(named(first, light), tick)

    def _answered(self, task: Task, answer: str | BaseException, began: bool) -> Grade:
        """The grade of an answer; a machine that grades nobody, or differs, stops the batch."""
        if isinstance(answer, str):
            return Grade.from_json(answer)
        if isinstance(answer, Unlike) or (isinstance(answer, GraderError) and not began):
            raise answer
        lost = f"The worker was lost: {type(answer).__name__}: {answer}"
        return named(Grade("", "", "failed", reason=FAILED, warnings=(lost,)), task.submission)

    def _take(self, grade: Grade, tick: Tick) -> None:
        self._grades[grade.submission] = slim(grade)
        tick()

    def _whole(self, upload: Upload) -> Grade:
        """The grade with what the tests saw, from the store."""
        grade = self._grades[upload.name]
        known = self.store.cached(self._keys.get(upload.name, "none"))
        if known is None:
            return grade
        return named(known, _light(upload))


def _light(upload: Upload) -> Submission:
    """Whose it is: of waiting submissions only this is kept, not the notebooks."""
    whose = (upload.name, upload.student, upload.identifier)
    return Submission(*whose, notebook=b"", members=upload.members)


def grade_all(
    uploads: Sequence[Upload],
    grade: GradeFunction,
    out: Path,
    jobs: int = 1,
    *,
    bundle: str,
    settings: str,
    title: str = "Assignment",
    scheduler: str = "",
    layout: scores.Format = "plain",
    quiet: bool = False,
) -> list[Grade]:
    """Grade a class and publish the grades.

    Args:
        uploads: from `intake.discover`.
        grade: gives the grade of a notebook; see `work.work`.
        out: folder of the results; a second call goes on where the first was stopped.
        jobs, scheduler: see `workers.answers`.
        bundle, settings: digests of the assignment and of what else can change a grade.
        title: of the assignment.
        layout: an import to write beside scores.csv.
        quiet: no progress bar.

    Returns:
        The grades in the order of the uploads.

    Raises:
        GraderError: the workers, the disk or another batch in `out` stand in the way.
    """
    store = Store(out)
    with store.alone(layout):
        batch = Batch(uploads, grade, store, bundle, settings, jobs, scheduler, quiet=quiet)
        grades = batch.run()
        batch.publish(title, layout)
    return grades
