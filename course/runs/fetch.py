"""Brings packed runs into the run store, and says in what they differ from what is here."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from course import fingerprint, profiles, project
from course.data import checksums, download, loading, places, registry
from course.errors import CourseError, RunError
from course.runs import packs, store

VARIABLE = "CNN_COURSE_RUNS"
# The label under `[project.urls]` in pyproject.toml, which an installed package keeps.
LABEL = "Runs"
DISTRIBUTION = "cnn-course"
PINNED = "sha256="


@dataclass(frozen=True)
class Place:
    """Where packs lie.

    Attributes:
        at: a folder, or an address that begins with http:// or https://.
        sha256: checksum of the index, or "" when the place itself decides what it holds.
    """

    at: str
    sha256: str = ""

    @property
    def remote(self) -> bool:
        """Whether it is an address."""
        return _is_address(self.at)

    def file(self, name: str) -> str:
        """A file of the place, as its address or path."""
        return f"{self.at.rstrip('/')}/{name}" if self.remote else str(Path(self.at) / name)


def place(chosen: str | None) -> Place:
    """Where to look: what the user says, or `CNN_COURSE_RUNS`, or what the package was built with.

    Args:
        chosen: a folder or an address; `#sha256=…` at its end pins the index.

    Raises:
        RunError: none of them says anything, or there is no such folder.
    """
    said = chosen or os.environ.get(VARIABLE, "").strip() or _published()
    if not said:
        raise RunError(
            "No trained networks are published for this course yet, so there is no place to fetch "
            "them from. If somebody gave you a folder or an address that `course runs pack` wrote, "
            f"name it: `--from FOLDER`, or the environment variable {VARIABLE}. Otherwise run the "
            "chapter; its cells train the networks, and its beginning says how long that takes."
        )
    at, _, fragment = said.partition("#")
    pinned = fragment.removeprefix(PINNED) if fragment.startswith(PINNED) else ""
    if fragment and not packs.SHA256.fullmatch(pinned):
        raise RunError(f"{said} ends in no checksum. Write #{PINNED} and 64 hexadecimal digits.")
    if _is_address(at):
        return Place(at, pinned)
    folder = Path(at).expanduser().absolute()
    if not folder.is_dir():
        raise RunError(f"{at} is no folder, and no address that begins with https://. Correct it.")
    return Place(str(folder), pinned)


def _is_address(text: str) -> bool:
    return urlsplit(text).scheme in ("http", "https")


def _published() -> str:
    try:
        listed = importlib.metadata.metadata(DISTRIBUTION).get_all("Project-URL") or []
    except importlib.metadata.PackageNotFoundError:
        return ""
    labelled = (line.partition(", ") for line in listed)
    return next((address for label, _, address in labelled if label == LABEL), "")


def index(source: Place) -> list[packs.Pack]:
    """What a place offers.

    Raises:
        RunError: it has no index, or not the one whose checksum is known.
    """
    where = source.file(packs.INDEX)
    if source.remote:
        try:
            content = download.text(where, packs.LARGEST_INDEX)
        except download.DownloadError as error:
            raise RunError(
                f"{where} could not be fetched: {error}. Connect to the network, or take a folder "
                f"that somebody has copied: `--from FOLDER`."
            ) from error
    else:
        try:
            with open(where, "rb") as file:
                content = file.read(packs.LARGEST_INDEX + 1)
        except OSError as error:
            raise RunError(
                f"{where} cannot be read ({error.strerror}). Is it the folder that `course runs "
                f"pack` wrote?"
            ) from error
        if len(content) > packs.LARGEST_INDEX:
            raise RunError(f"{where} is larger than any index of runs; it was left alone.")
    if source.sha256 and hashlib.sha256(content).hexdigest() != source.sha256:
        raise RunError(f"{where} is not the index that was published; nothing was fetched.")
    return packs.read_index(content, where)


def chosen(offered: list[packs.Pack], names: tuple[str, ...], profile: str) -> list[packs.Pack]:
    """The packs of these names, of this profile where there is a choice.

    Raises:
        RunError: the place has none of a name.
    """
    wanted = packs.chosen(names, (pack.name for pack in offered), "This place")
    of_name = {name: [pack for pack in offered if pack.name == name] for name in wanted}
    return [next((p for p in ps if p.profile == profile), ps[0]) for ps in of_name.values()]


def is_here(pack: packs.Pack) -> bool:
    """Whether all runs of a pack are in the store."""
    digests = [record["digest"] for key in pack.keys if (record := store.find(key)) is not None]
    return len(digests) == len(pack.keys) and store.joined(digests) == pack.digest


def fetch(pack: packs.Pack, source: Place) -> bool:
    """Bring the runs of a pack into the store; what was interrupted leaves no run half.

    The file is copied or downloaded, compared with its checksum, looked into, and only then kept.

    Returns:
        Whether `runs.load` now gives these runs; not when you have runs of your own of that name.

    Raises:
        RunError: it cannot be had, or is not what the index says.
        DataError: the disk is full or cannot be written.
    """
    if not is_here(pack):
        # The file, its models beside it, and the store's own copy of them.
        with places.scratch(2 * pack.bytes) as scratch, places.lock("runs"):
            path = scratch / pack.file
            _copy(pack, source, path)
            unpacked = scratch / "models"
            unpacked.mkdir()
            packs.unpack(path, pack, unpacked)
    if store.digest_of(pack.name, pack.profile) in (None, pack.digest):
        store.name_runs(pack.name, pack.profile, pack.keys)
        return True
    return False


def _copy(pack: packs.Pack, source: Place, path: Path) -> None:
    where = source.file(pack.file)
    if source.remote:
        file = registry.File(pack.file, "", where, pack.bytes, pack.sha256, where, "")
        try:
            download.download(file, path)
        except download.DownloadError as error:
            raise RunError(
                f"{where} could not be fetched: {error}. Nothing was kept. Try again later."
            ) from error
        return
    try:
        with open(where, "rb") as original, path.open("wb") as copy:
            if os.fstat(original.fileno()).st_size != pack.bytes:
                raise RunError(f"{where} is not as large as its index says. {packs.COPY_AGAIN}")
            shutil.copyfileobj(original, copy)
    except FileNotFoundError as error:
        raise RunError(f"{where} is in the index and not in the folder. Copy it, too.") from error
    if checksums.of_file(path) != pack.sha256:
        raise RunError(f"{where} is another file than its index says. {packs.COPY_AGAIN}")


def differences(pack: packs.Pack, notebook: Path | None) -> Iterator[str]:
    """Each part in which this machine differs from the one that trained, and what to do about it.

    A run is looked up by everything that it depends on. So where a part differs, `runs.repeat` may
    not find it, and trains.

    Args:
        pack: the runs.
        notebook: the student's notebook of the chapter, if it is known.
    """
    made = pack.made
    if profiles.current() != pack.profile:
        yield (
            f"profile: they were trained with {pack.profile}, and this is {profiles.current()}. "
            f"Set COURSE_PROFILE to {pack.profile}."
        )
    for library in made.libraries.values():
        name, there = library["distribution"], library["version"]
        try:
            here = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            yield f"{name}: {there} there, not installed here. Run the notebook's first cell."
            continue
        if project.minor(here) != project.minor(there):
            wanted = f"python -m pip install '{name}=={project.minor(there)}.*'"
            yield f"{name}: {there} there, {here} here. `{wanted}`, then restart the kernel."
    yield from _data(made)
    package = _definitions(made)
    if package:
        few = ", ".join(package[:3]) + (" …" if len(package) > 3 else "")
        yield (
            f"the package course: {few}. It is another version; download the notebook of "
            f"{made.chapter} again and run its first cell."
        )
    if notebook is not None:
        changed = _cells(made, notebook)
        if changed:
            yield (
                f"{notebook.name}: {changed} of the chapter's {len(made.cells)} code cells are not "
                f"in it as they were. Where a training uses what they say, it is another training; "
                f"a new download of the notebook has them all."
            )


def _data(made: packs.Made) -> Iterator[str]:
    for used in made.data:
        try:
            data_set = registry.data_set(used["name"])
            variant = loading.choose(data_set, None).name
            same = variant == used["variant"]
            checksum = registry.checksum(used["name"], used["variant"])
        except CourseError as error:
            yield f"the data {used['name']}: {error}"
            continue
        if not same:
            yield (
                f"the data {used['name']}: the variant {used['variant']} there, {variant} here. "
                f"`course data list` says what is here and where it comes from."
            )
        elif checksum != used["checksum"]:
            yield f"the data {used['name']}: other contents there than this package knows."


def _definitions(made: packs.Made) -> list[str]:
    """The definitions of the package that are not as they were."""
    uses = {
        fingerprint.Use(*name.partition("#")[0].rsplit(".", 1)) for name in sorted(made.definitions)
    }
    now = fingerprint.reached(uses, Path(__file__).parents[2])
    return [name for name, digest in made.definitions.items() if now.get(name) != digest]


def _cells(made: packs.Made, notebook: Path) -> int:
    """How many code cells of the chapter a notebook has not, or not as they were."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        sources = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise RunError(
            f"{notebook} is no notebook that can be read ({error}). Name another."
        ) from error
    there = {fingerprint.cell_meaning(source) for source in sources}
    return sum(cell not in there for cell in made.cells)
