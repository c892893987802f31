"""What a batch keeps on disk: every grade the moment it is known, and the pages made from them.

OUT/cache/KEY.json     a grade, by digest of bundle, submission and settings
OUT/grades/NAME.json   the grade that stands for a submission, with all that explains it
OUT/reports/NAME.html  the student's page
OUT/teacher/NAME.html  the teacher's page of the same submission
OUT/summary.html       the class
OUT/scores.csv         the class, as a table

`cache`, `grades` and `teacher` hold what hidden tests saw, and `summary.html` can hold some of it:
they are made for their owner alone.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import filelock

from autograder import scores
from autograder.errors import GraderError
from autograder.records import Grade
from autograder.reports import page_name, student_page, summary_page, teacher_page
from autograder.storage import PRIVATE, PRIVATE_FILE, clear_begun, remove, write_whole

LOCK = ".autograder.lock"
FOLDERS = ("cache", "grades", "reports", "teacher")


def key(bundle: str, submission: str, settings: str) -> str:
    """The name under which a grade is cached: all that can change it.

    Args:
        bundle: digest of the assignment.
        submission: digest of the notebook and data files.
        settings: digest of grader version, environment, sandbox, seed, threads and limits.
    """
    return hashlib.sha256("\n".join((bundle, submission, settings)).encode()).hexdigest()


@dataclass(frozen=True)
class Store:
    """The results in a folder."""

    out: Path

    @contextlib.contextmanager
    def alone(self, layout: scores.Format = "plain") -> Iterator[None]:
        """Keeps a second batch out of the folder; a killed one does not keep the next out.

        Args:
            layout: of the import that is to be written, too.

        Raises:
            GraderError: another batch writes there, or the files there are somebody else's.
        """
        self._refuse_foreign(layout)
        with contextlib.ExitStack() as held:
            try:
                self.out.mkdir(parents=True, exist_ok=True)
                held.enter_context(filelock.FileLock(self.out / LOCK, timeout=0))
                for folder in (self.out, *(self.out / name for name in FOLDERS)):
                    clear_begun(folder)
            except filelock.Timeout:
                raise GraderError(
                    f"Another grading is writing to {self.out}. Wait for it, or choose another "
                    "--out."
                ) from None
            except OSError as error:
                raise GraderError(f"{self.out} cannot be written ({error.strerror}).") from error
            yield

    def _refuse_foreign(self, layout: scores.Format) -> None:
        """Leave files alone that have the names of results and lie where no grades are kept."""
        if (self.out / "grades").is_dir():
            return
        names = ["scores.csv", "summary.html"] + [f"{layout}.csv"] * (layout != "plain")
        found = [name for name in names if (self.out / name).exists()]
        if found:
            raise GraderError(
                f"Nothing is written: {self.out} has a file of its own by the name of "
                f"{' and '.join(found)}, and no grades. Choose another --out, or move it away."
            )

    def cached(self, name: str) -> Grade | None:
        """The grade of this key, or None: a damaged file is as good as none."""
        return _read(self.out / "cache" / f"{name}.json")

    def remember(self, name: str, grade: Grade) -> None:
        """Keep a grade under its key."""
        write_whole(self.out / "cache" / f"{name}.json", grade.to_json(), folder=PRIVATE)

    def standing(self, submission: str) -> Grade | None:
        """The grade that was last published for a submission, or None."""
        found = _read(self.out / "grades" / f"{page_name(submission)}.json")
        return found if found is not None and found.submission == submission else None

    def all_standing(self) -> dict[str, Grade]:
        """All grades that stand, by submission, without what the tests saw."""
        read = ((path, _read(path)) for path in sorted((self.out / "grades").glob("*.json")))
        # The file of another submission's grade holds none.
        return {
            grade.submission: slim(grade)
            for path, grade in read
            if grade is not None and path.stem == page_name(grade.submission)
        }

    def withdraw(self, submission: str) -> None:
        """Let the grade of a submission stand no longer: its pages go, the cache keeps it.

        Raises:
            GraderError: the folder cannot be written.
        """
        name = page_name(submission)
        for path in ("reports/{}.html", "teacher/{}.html", "grades/{}.json"):
            remove(self.out / path.format(name))

    def publish(self, grade: Grade, title: str) -> None:
        """Make this the grade that stands, and write its pages."""
        name = page_name(grade.submission)
        write_whole(self.out / "reports" / f"{name}.html", student_page(grade, title))
        teacher = teacher_page(grade, title)
        write_whole(self.out / "teacher" / f"{name}.html", teacher, folder=PRIVATE)
        write_whole(self.out / "grades" / f"{name}.json", grade.to_json(), folder=PRIVATE)

    def conclude(
        self, grades: Iterable[Grade], title: str, layout: scores.Format = "plain"
    ) -> list[scores.Left]:
        """Write the tables and the summary of a class.

        Args:
            grades: of all submissions, in the order of the rows.
            title: of the assignment.
            layout: an import to write beside scores.csv, as OUT/canvas.csv or OUT/moodle.csv.

        Returns:
            What the import leaves out.
        """
        found = list(grades)
        left: list[scores.Left] = []
        if layout != "plain":
            left = scores.write(self.out / f"{layout}.csv", found, layout, title)
        page = summary_page(found, title)
        write_whole(self.out / "summary.html", page, rights=PRIVATE_FILE)
        scores.write(self.out / "scores.csv", found)
        return left


def slim(grade: Grade) -> Grade:
    """A grade without the values that tests saw, of which a class would fill the memory."""
    questions = tuple(
        dataclasses.replace(
            question,
            cases=tuple(dataclasses.replace(case, detail="") for case in question.cases),
            values={},
        )
        for question in grade.questions
    )
    return dataclasses.replace(grade, questions=questions)


def _read(path: Path) -> Grade | None:
    try:
        return Grade.from_json(path.read_text(encoding="utf-8"))
    except (OSError, KeyError, TypeError, ValueError, AttributeError):
        return None
