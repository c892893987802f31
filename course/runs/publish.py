"""Packs the runs that the committed outputs were made of, for students without hours to train."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from course import chapters
from course.data import checksums
from course.errors import OutputsError, RunError
from course.execution import outputs
from course.execution.outputs import Outputs
from course.runs import packs, store
from course.storage import write_text, written_whole


def pack(root: Path, folder: Path, names: tuple[str, ...], profile: str) -> Iterator[packs.Pack]:
    """Write packs and their index; each as soon as it is asked for, the index after each.

    Only runs that the outputs of a chapter were made of are packed: what they were made with is
    known for these alone.

    Args:
        root: the folder of the course.
        folder: where to write; an index that is there is added to.
        names: names of runs, or of chapters' runs (`ch07`); none means all that this machine has.
        profile: whose runs.

    Raises:
        RunError: no outputs have such a run, or the run store has other runs of this name.
    """
    trained = _trained(root, profile)
    here = [n for n in trained if store.digest_of(n, profile) == _digest(trained, n)]
    wanted = packs.chosen(names, trained, "The book") if names else here
    if not wanted:
        raise RunError(
            "The run store has none of the runs that the outputs were made of. Run `course execute "
            "--all`, which trains them again; see `course runs list`."
        )
    for name in wanted:
        yield _packed(folder, name, profile, *trained[name])


def left_out(root: Path, profile: str) -> list[str]:
    """Names of runs of the outputs that this machine has not, or not as the outputs say."""
    trained = _trained(root, profile)
    return [n for n in trained if store.digest_of(n, profile) != _digest(trained, n)]


def _trained(root: Path, profile: str) -> dict[str, tuple[str, Outputs]]:
    """The chapter and its outputs, for each run, sorted by name."""
    found = {}
    for chapter in chapters.listed(root):
        try:
            made = outputs.read(outputs.file_of(root, profile, chapter.name))
        except OutputsError:
            continue
        if made is not None:
            found.update(dict.fromkeys(made.key["trained"], (chapter.name, made)))
    return dict(sorted(found.items()))


def _digest(trained: dict[str, tuple[str, Outputs]], name: str) -> str:
    return str(trained[name][1].key["trained"][name])


def _packed(folder: Path, name: str, profile: str, chapter: str, made: Outputs) -> packs.Pack:
    keys = store.keys_of(name, profile)
    digest = store.digest_of(name, profile)
    if digest is None or digest != made.key["trained"][name]:
        what = "has no runs" if digest is None else "has other runs than the outputs"
        raise RunError(
            f"The run store {what} of the name {name!r}. `course execute --all {chapter}` trains "
            f"what is missing and writes the outputs of it."
        )
    path = folder / packs.file_name(name, profile)
    with written_whole(path) as temporary:
        packs.write(temporary, keys)
    records = [record for key in keys if (record := store.find(key)) is not None]
    described = packs.Pack(
        name=name,
        profile=profile,
        bytes=path.stat().st_size,
        sha256=checksums.of_file(path),
        digest=digest,
        keys=keys,
        seeds=[record["seed"] for record in records],
        parameters=records[0]["parameters"],
        cpu_seconds=round(sum(record["cpu_seconds"] for record in records), 1),
        scores=[record["scores"] for record in records],
        made=packs.Made(
            chapter=chapter,
            date=made.provenance["date"],
            device=made.provenance["device"],
            python=made.provenance["python"],
            libraries=made.key["libraries"],
            definitions=made.key["definitions"],
            data=made.key["data"],
            cells=made.key["cells"],
        ),
    )
    file = folder / packs.INDEX
    before = packs.read_index(file.read_bytes(), str(file)) if file.is_file() else []
    others = [p for p in before if (p.name, p.profile) != (name, profile)]
    write_text(file, packs.index([*others, described]))
    return described
