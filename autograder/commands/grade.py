"""`autograder grade PATH…`: a class's grades, in tables and pages."""

from __future__ import annotations

import dataclasses
import json
import shlex
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from autograder import scores
from autograder.assignment import located
from autograder.batch import Batch, Change, Store, replaced
from autograder.batch.bundle import read_bundle
from autograder.batch.standing import of_another, others, unasked
from autograder.commands.options import (
    chosen,
    grading,
    line,
    once,
    refuse_both,
    refuse_together,
    resumable,
    submissions,
)
from autograder.errors import GraderError
from autograder.intake import Upload, class_within, discover
from autograder.intake.limits import within
from autograder.records import Grade
from autograder.repeated import HINT, repeated
from autograder.rooms import trial
from autograder.sandbox.bubblewrap import room_for_files
from autograder.second_look import RECORD
from autograder.second_look.look import possible
from autograder.settings import Settings

# To start the interpreters that wait takes as long as a few notebooks.
HANDFUL = 5
TOLD = 10  # rejected submissions, and students with several, that are named


def fitting(submissions: int, sandbox: str, *, elsewhere: bool) -> str:
    """The mode for so many submissions; whether forks work `elsewhere` shows there."""
    if submissions <= HANDFUL or sandbox != "bubblewrap":
        return "cold"
    reason = "" if elsewhere else trial()
    if reason:
        click.echo(f"Slower than it could be, in cold rooms: {line(reason)}", err=True)
    return "cold" if reason else "warm"


def prepared(
    paths: tuple[Path, ...],
    bundle: Path,
    out: Path,
    jobs: int,
    scheduler: str,
    python: Path | None,
    sandbox: str,
    image: str,
    mode: str,
    second_look: bool,
    wanted: tuple[str, ...],
) -> tuple[Batch, str]:
    """A batch from the options of a command, and the assignment's title."""
    # Known at once where the bundle cannot be read, and it says which files come along.
    interpreter = chosen(python, sandbox, image)
    given, bundle = bundle, located(bundle)
    if bundle != given:
        click.echo(f"Bundle: {line(str(bundle))}", err=True)
    assignment = read_bundle(bundle, interpreter, sandbox).assignment()
    if assignment.unfollowed:
        click.echo(line(assignment.unfollowed), err=True)
    limits = assignment.limits
    # The other half of the room is for the assignment's files and for what the notebook writes.
    most = within(limits.file_mb << 20, room_for_files(limits) // 2)
    uploads = discover(once(paths), (*wanted, *assignment.wanted), most)
    for text in layouts(uploads):
        click.echo(text, err=True)
    if mode == "auto":
        mode = fitting(len(uploads), sandbox, elsewhere=bool(scheduler))
    grader = read_bundle(bundle, interpreter, sandbox, mode, image)
    grader = dataclasses.replace(grader, second_look=second_look)
    if second_look:
        possible(Settings(interpreter, sandbox=sandbox, image=image))
    batch = Batch(
        uploads,
        grader,
        Store(out),
        bundle=assignment.digest,
        settings=grader.settings_digest(),
        jobs=jobs,
        scheduler=scheduler,
        about=grader.about(),
    )
    return batch, assignment.name


def layouts(uploads: Sequence[Upload]) -> list[str]:
    """Lines on whose layout each path was read in: it decides whose grades these become.

    Paths in which no platform's names were found share a line.
    """
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for upload in uploads:
        found[upload.source][upload.layout] += 1
    lines, plain = [], []
    for path, counted in found.items():
        if set(counted) == {"plain"}:
            plain.append(path)
            continue
        parts = ", ".join(f"{count} {layout}" for layout, count in counted.most_common())
        lines.append(f"Layout of {line(path)}: {parts}.")
    if plain:
        where = line(plain[0]) if len(plain) == 1 else f"{len(plain)} paths"
        lines.append(f"Layout of {where}: {sum(found[p].total() for p in plain)} plain.")
    return lines


def described(change: Change) -> str:
    """A line on one submission."""
    before = "–" if change.before is None else f"{change.before:g}"
    after = "–" if change.after is None else f"{change.after:g}"
    parts = [f"{change.difference:+7g}  {before:>6} → {after:<6}", line(change.submission)]
    parts += [line(question) for question in change.questions]
    return "  ".join([*parts, change.status]).rstrip()


def refuse_another_bundle(standing: Mapping[str, Grade], bundle: str, out: Path) -> None:
    """Leave grades alone that were made with other tests.

    Args:
        standing: in the folder of results, by submission.
        bundle: digest of the assignment.
        out: the folder.

    Raises:
        GraderError: there are some.
    """
    count = len(of_another(standing.values(), bundle))
    if count:
        raise GraderError(
            f"{out} holds grades that were made with another bundle: {count} of {len(standing)}. "
            "Where the assignment was changed, `autograder regrade` with the same options shows "
            "who gains and who loses before it writes. For another assignment choose another --out."
        )


def looked_at(standing: Mapping[str, Grade]) -> list[str]:
    """The submissions whose grades were made with a second look."""
    return [name for name, grade in standing.items() if RECORD in grade.provenance]


def refuse_without_look(standing: Mapping[str, Grade], out: Path) -> None:
    """Keep what a second look left to a teacher from becoming lost points in silence.

    Args:
        standing: in the folder of results, by submission.
        out: the folder.

    Raises:
        GraderError: grades were made with one, and now none is asked for.
    """
    count = len(looked_at(standing))
    if count:
        raise GraderError(
            f"{out} holds grades that were made with --second-look: {count} of {len(standing)}. "
            "Give it again. To go on without it, `autograder regrade` on all of them shows who "
            "gains and who loses before it writes."
        )


def refuse_unasked(standing: Mapping[str, Grade], grades: Sequence[Grade], out: Path) -> None:
    """Leave grades alone whose points only the grader or the environment would change.

    Args:
        standing: in the folder of results, by submission.
        grades: new ones.
        out: the folder.

    Raises:
        GraderError: there are some.
    """
    names = unasked(standing, grades)
    if names:
        raise GraderError(
            f"Nothing is written: in {out}, the points of {len(names)} would change, such as those "
            f"of {line(names[0])}, though neither the assignment nor the notebook did. The grader "
            "or its environment is another one. `autograder regrade` with the same options shows "
            "who gains and who loses; or choose another --out."
        )


def claims(grade: Grade, upload: Upload) -> str:
    """A line on two students of one number: whose grade stands, and who hands in now."""
    return (
        f"{line(grade.student)} ({line(grade.submission)}) and {line(upload.student)} "
        f"({line(upload.name)}) have one number, {line(upload.identifier)}"
    )


def told(left: list[scores.Left], layout: str) -> None:
    """Say which submissions an import leaves out."""
    for item in left:
        click.echo(f"not in {layout}.csv: {line(item.submission)}: {line(item.reason)}", err=True)


def tell_repeated(grades: Sequence[Grade], out: Path) -> None:
    """Say of which students there are several submissions, since each has a row."""
    found = repeated(grades)
    for text in found[:TOLD]:
        click.echo(f"{line(text)}.", err=True)
    if len(found) > TOLD:
        click.echo(f"and {len(found) - TOLD} more: see {out / 'summary.html'}", err=True)
    if found:
        click.echo(HINT, err=True)


def refused(grades: Sequence[Grade], out: Path) -> None:
    """Say which submissions were rejected, and why."""
    found = [grade for grade in grades if grade.status == "rejected"]
    for grade in found[:TOLD]:
        click.echo(f"rejected: {line(grade.submission)}: {line(grade.reason)}", err=True)
    if len(found) > TOLD:
        click.echo(f"and {len(found) - TOLD} more: see {out / 'summary.html'}", err=True)


def perhaps_a_class(uploads: Sequence[Upload]) -> str:
    """A sentence on a folder that is one submission and holds the zip of a class, or "".

    Only for where nobody was graded: among others' submissions it could be the zip of a student who
    makes up whose files are in it.
    """
    for source, count in Counter(upload.source for upload in uploads).items():
        found = class_within(Path(source)) if count == 1 and Path(source).is_dir() else None
        if found is not None:
            return (
                f" {line(source)} was taken for one submission. If {line(found.name)} is the "
                "download of a class, name the zip itself, not its folder: "
                f"autograder grade {line(shlex.quote(str(found)))} …"
            )
    return ""


def refuse_nobody(grades: Sequence[Grade], uploads: Sequence[Upload]) -> None:
    """A class in which nobody has a grade looks like one that is done.

    Args:
        grades: in the order of the uploads.
        uploads: what was handed in.

    Raises:
        GraderError: all submissions were rejected; their results are written before.
    """
    count = sum(grade.status == "rejected" for grade in grades)
    if count == len(grades):
        all_of_them = "The only submission was" if count == 1 else f"All {count} submissions were"
        raise GraderError(
            f"{all_of_them} rejected, and nothing was graded; the results say why. "
            "Check the paths: are these the notebooks that students handed in?"
            + perhaps_a_class(uploads)
        )


@click.command(name="grade")
@submissions
@grading
@click.option("--json", "as_json", is_flag=True, help="Print all grades as JSON.")
def command(
    paths: tuple[Path, ...],
    bundle: Path,
    out: Path,
    jobs: int,
    scheduler: str,
    python: Path | None,
    sandbox: str,
    image: str,
    mode: str,
    second_look: bool,
    wanted: tuple[str, ...],
    layout: scores.Format,
    as_json: bool,
) -> None:
    """Grade what lies in PATHS: notebooks, zips, or a platform's download of a class.

    Where OUT holds grades already, what is new is added to the class. Grades of another version of
    the assignment are left alone: see `autograder regrade`.

    Exit status: 0 when grades are written, whatever they are; 1 when something stopped it, or when
    all submissions in PATHS were rejected; 2 when the options are wrong.
    """
    refuse_together(paths, out)
    refuse_both(jobs, scheduler)
    store = Store(out)
    with resumable():
        # Before a folder is made: a path may hold no submission.
        batch, title = prepared(
            paths, bundle, out, jobs, scheduler, python, sandbox, image, mode, second_look, wanted
        )
        with store.alone(layout):
            standing = store.all_standing()
            refuse_another_bundle(standing, batch.bundle, out)
            if not second_look:
                refuse_without_look(standing, out)
            grades = batch.run()
            refuse_unasked(standing, grades, out)
            for change in replaced(standing, grades):
                click.echo(f"replaced: {described(change)}", err=True)
            beside = others(standing, batch.uploads)
            told(batch.publish(title, layout), layout)
    refused(grades, out)
    tell_repeated(grades, out)
    for gone in beside.replaced:
        click.echo(f"handed in anew under another name: {line(gone.submission)}", err=True)
    for grade, upload in beside.doubtful:
        click.echo(f"kept, look whose it is: {claims(grade, upload)}", err=True)
    if beside.kept:
        count = len(beside.kept)
        click.echo(f"Graded before, not in PATHS, and kept in the tables: {count}.", err=True)
    if as_json:
        click.echo(json.dumps([json.loads(grade.to_json()) for grade in grades], indent=1))
    else:
        counted = Counter(grade.status for grade in grades)
        click.echo(", ".join(f"{count} {status}" for status, count in counted.most_common()))
        if sandbox == "none":
            click.secho("These notebooks ran WITHOUT a sandbox.", fg="red", err=True)
        click.echo(f"Scores: {out / 'scores.csv'}\nSummary: {out / 'summary.html'}")
    refuse_nobody(grades, batch.uploads)
