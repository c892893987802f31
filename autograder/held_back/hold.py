"""Holds pictures of a submission back, or says why a teacher has to decide."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

import numpy as np

from autograder.held_back.choice import ALIKE, Choice, choose, key
from autograder.held_back.held import FOLDER, Held
from autograder.held_back.plan import HeldBack
from autograder.held_back.reader import Reader, Seen, Start, Unreadable
from autograder.intake.entries import shown

MOST_FILES = 5_000
MOST_CLASSES = 100
# Pictures for the tests, of all classes together: they hold them in memory all at once.
MOST_HELD = 500
LOOKED_AT = "None of them was held back, and your teacher looks at this grade."


class Doubt(Exception):
    """Why nothing can be held back; the text is for the student.

    Attributes:
        detail: for the teacher, or "".
    """

    def __init__(self, text: str, detail: str = "") -> None:
        super().__init__(f"{text} {LOOKED_AT}")
        self.detail = detail


def hold(plan: HeldBack, uploads: Mapping[str, Path], work: Path, start: Start) -> Held:
    """Choose what the notebook does not see, and make the files for the tests.

    Args:
        plan: of the assignment.
        uploads: files beside the notebook by their paths there.
        work: a folder for what is made on the way.
        start: starts the process that opens pictures.

    Returns:
        Nothing held back and no doubt where there is nothing in the folder.

    Raises:
        SandboxError: the process does not start.
    """
    inside = {name: path for name, path in sorted(uploads.items()) if top(name) == plan.folder}
    nearly = sorted({first for name in uploads if spelt_otherwise(first := top(name), plan.folder)})
    if not inside and not nearly:
        return Held()
    try:
        if nearly:
            # The notebook could learn from it, and nothing of it would be held back.
            raise Doubt(f"Your folder {shown(nearly[0])} has to be called {plan.folder}.")
        return held(plan, inside, work, start)
    except Doubt as doubt:
        # An empty file tells the tests that there were pictures, and shows them no byte of one.
        mark = work / "marked" / plan.folder / "class" / "handed-in"
        mark.parent.mkdir(parents=True)
        mark.touch()
        return Held(
            folder=work / "marked",
            doubt=str(doubt),
            warnings=(doubt.detail,) if doubt.detail else (),
            measured={"held back": "nothing"},
        )


def top(name: str) -> str:
    """The first part of a path."""
    return PurePosixPath(name).parts[0]


def spelt_otherwise(name: str, folder: str) -> bool:
    """Whether a person would take the one for the other, and a computer would not."""
    return name != folder and unicodedata.normalize("NFKC", name).casefold() == folder.casefold()


def held(plan: HeldBack, inside: Mapping[str, Path], work: Path, start: Start) -> Held:
    """The same, for a folder that has files.

    Raises:
        Doubt: nothing can be held back.
    """
    if len(inside) > MOST_FILES:
        raise Doubt(
            f"Your folder {plan.folder} holds {len(inside):,} files; at most {MOST_FILES:,} are "
            "looked at."
        )
    digest = content_digest(inside)
    # FOLDER/CLASS/FILE; what lies elsewhere in the folder is no picture of a class.
    names = [name for name in inside if len(PurePosixPath(name).parts) == 3]
    pixel_seed = int.from_bytes(key(plan.seed, b"pixels", digest)[:8], "big")
    try:
        with Reader([inside[name] for name in names], work / "pictures", start) as reader:
            seen = reader.seen()
            pictures, faults = sorted_out(names, seen)
            classes = [PurePosixPath(names[place]).parts[1] for place in pictures]
            checked(plan, classes, [names[place] for place in pictures])
            looks = np.stack([look for item in seen if (look := item.look) is not None])
            choice = choose(classes, looks, plan, key(plan.seed, b"choice", digest))
            if choice is None:
                raise Doubt(f"Your {plan.folder} are too much alike to be divided.")
            taken = [pictures[place] for place in choice.taken]
            for number, content in enumerate(reader.pixels(taken, pixel_seed), 1):
                name = PurePosixPath(names[taken[number - 1]]).parts[1]
                path = work / "held" / FOLDER / name / f"{number:05}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
    except Unreadable as error:
        raise unreadable(plan, names, error) from None
    useless = inside.keys() - {names[place] for place in pictures}
    gone = [names[place] for place in taken]
    return Held(
        left_out=frozenset(useless | set(gone)),
        folder=work / "held",
        warnings=tuple(remarks(plan, faults, useless, choice)),
        measured={
            "held back": summary(classes, gone),
            "held-back files": ", ".join(map(shown, gone))[:4000],
            "files handed in": digest.hex(),
        },
    )


def content_digest(files: Mapping[str, Path]) -> bytes:
    """SHA-256 over paths and contents: the same pictures give the same choice at every regrade,
    and a change of the notebook does not draw anew."""
    total = hashlib.sha256()
    for name, path in files.items():
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        total.update(f"{name}\0{content}\n".encode("utf-8", "surrogateescape"))
    return total.digest()


def sorted_out(names: Sequence[str], seen: Sequence[Seen]) -> tuple[list[int], list[str]]:
    """Places of the pictures; and a sentence on each file that is none."""
    pictures = [place for place, item in enumerate(seen) if item.look is not None]
    faults = [
        f"{shown(name)} was left out: {item.fault}."
        for name, item in zip(names, seen, strict=True)
        if item.look is None
    ]
    return pictures, faults


def checked(plan: HeldBack, classes: Sequence[str], names: Sequence[str]) -> None:
    """See whether a share can be taken of every class.

    Raises:
        Doubt: it cannot.
    """
    counted = Counter(classes)
    if not counted:
        raise Doubt(f"No file in your folder {plan.folder} is a picture that can be read.")
    if len(counted) == 1:
        raise Doubt(f"Your folder {plan.folder} has one class only: {shown(classes[0])}.")
    if len(counted) > MOST_CLASSES or sum(map(plan.wanted, counted.values())) > MOST_HELD:
        raise Doubt(
            f"Your folder {plan.folder} has {len(counted)} classes and {len(names)} pictures, "
            "more than can be held back from."
        )
    for name, count in sorted(counted.items()):
        if count < plan.fewest:
            raise Doubt(
                f"Your class {shown(name)} has {count} pictures; {plan.fewest} are needed to hold "
                f"{plan.at_least} back."
            )
    endings: dict[str, set[str]] = {name: set() for name in counted}
    for path, name in zip(names, classes, strict=True):
        endings[name].add(PurePosixPath(path).suffix)
    if not set.intersection(*endings.values()):
        # A notebook that reads *.jpg misses a class of *.png, and its classes have other numbers.
        every = ", ".join(sorted(shown(ending) for ending in set.union(*endings.values())))
        raise Doubt(f"The files of your classes have different endings ({every}).")


def unreadable(plan: HeldBack, names: Sequence[str], error: Unreadable) -> Doubt:
    """The doubt that is left where a file ended the process."""
    which = "" if error.place is None else f"{shown(names[error.place])}: "
    return Doubt(f"Your {plan.folder} could not all be opened.", f"{which}{error}")


def remarks(
    plan: HeldBack, faults: Sequence[str], useless: set[str], choice: Choice
) -> Iterator[str]:
    """What the teacher should know."""
    yield from faults[:10]
    more = len(useless) - min(len(faults), 10)
    if more:
        yield f"{more} more files in {plan.folder} are no pictures of a class and were left out."
    if choice.alike > ALIKE[0]:
        yield (
            f"Many {plan.folder} are alike: near-duplicates were told from a likeness of "
            f"{choice.alike} on, in place of {ALIKE[0]}."
        )


def summary(classes: Sequence[str], gone: Sequence[str]) -> str:
    """How many of how many, by class."""
    taken = Counter(PurePosixPath(name).parts[1] for name in gone)
    counted = sorted(Counter(classes).items())
    return ", ".join(f"{shown(name)} {taken[name]} of {count}" for name, count in counted)[:2000]
