"""Finds the uploads in paths, and reads one."""

from __future__ import annotations

import fnmatch
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.errors import GraderError, Rejected
from autograder.intake import archives, layouts, notebooks
from autograder.intake.entries import Entry, load, of_folder, path_fault, same_names, shown
from autograder.intake.limits import Limits, size
from autograder.records import Member


@dataclass(frozen=True)
class Submission:
    """What goes into the sandbox.

    Attributes:
        name: as it was handed in.
        student: where known, or "".
        identifier: the student's number in the platform, or "".
        notebook: bytes of a notebook of format 4.
        files: data files that the assignment lists: path beside the notebook, and bytes.
        members: who handed it in, one by one, where the platform lists them.
    """

    name: str
    student: str
    identifier: str
    notebook: bytes
    files: tuple[tuple[str, bytes], ...] = ()
    members: tuple[Member, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of all that can change a grade: the notebook and the data files."""
        found = hashlib.sha256()
        for name, data in (("", self.notebook), *sorted(self.files)):
            found.update(f"{len(name.encode())} {len(data)} {name}\n".encode())
            found.update(data)
        return found.hexdigest()


@dataclass(frozen=True)
class Upload:
    """What one student handed in, not read yet.

    Attributes:
        name, student, identifier, members: as in `Submission`.
        entries: its files.
        wanted: patterns of the data files that the assignment lists, such as `photos/*.jpg`.
        fault: why it is rejected unread, or "".
        error: what nobody has foreseen and was met while the files were looked for, or None.
        source: the path in which it was found.
        layout: as in `layouts.Group`.
    """

    name: str
    student: str = ""
    identifier: str = ""
    entries: tuple[Entry, ...] = ()
    wanted: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    fault: str = ""
    error: Exception | None = None
    source: str = ""
    layout: str = "plain"
    members: tuple[Member, ...] = ()

    def read(self) -> Submission:
        """Check the upload and take the notebook and the listed data files out of it.

        Raises:
            Rejected: with a sentence for the student. What else is raised is a fault of the
                grader's, and says nothing of other uploads.
        """
        if self.error is not None:
            raise self.error
        if self.fault:
            raise Rejected(self.fault)
        entries = self._unpacked()
        notebook = self._the_notebook(entries)
        data = notebook.read(self.limits.notebook)
        notebooks.check(data, self.limits)
        folder = notebook.name[: len(notebook.name) - len(notebook.base)]
        total = len(data)
        files = []
        for entry in entries:
            name = entry.name[len(folder) :]
            if entry is notebook or entry.is_never_opened or not entry.name.startswith(folder):
                continue
            if not any(fnmatch.fnmatchcase(name, pattern) for pattern in self.wanted):
                continue
            content = entry.read(self.limits.file)
            total += len(content)
            if total > self.limits.total:
                allowed = size(self.limits.total)
                raise Rejected(f"Your files are larger than the {allowed} that are allowed.")
            files.append((name, content))
        own = tuple(sorted(files))
        return Submission(self.name, self.student, self.identifier, data, own, self.members)

    def _unpacked(self) -> list[Entry]:
        """The files, those of the student's zip where there is one."""
        entries = self._acceptable(list(self.entries))
        packed = [entry for entry in entries if entry.is_archive]
        if not packed or any(entry.is_notebook for entry in entries):
            return entries
        if len(packed) > 1:
            raise Rejected(f"You handed in {len(packed)} zip files. Hand in one.")
        data = packed[0].read(self.limits.upload)
        if not archives.is_archive(data):
            raise Rejected(archives.DAMAGED)
        inner = archives.of_archive(io.BytesIO(data), self.limits.entries, self.limits)
        inner = self._acceptable(inner)
        if any(e.is_archive for e in inner) and not any(e.is_notebook for e in inner):
            raise Rejected("Your zip file holds another zip file. Hand in the inner one.")
        return inner

    def _acceptable(self, entries: list[Entry]) -> list[Entry]:
        if len(entries) > self.limits.entries:
            raise Rejected(f"Your upload holds more than {self.limits.entries} files.")
        for entry in entries:
            if entry.fault:
                raise Rejected(entry.fault)
        kept = [entry for entry in entries if not entry.is_noise]
        fault = same_names(kept)
        if fault:
            raise Rejected(fault)
        return kept

    def _the_notebook(self, entries: list[Entry]) -> Entry:
        found = [entry for entry in entries if entry.is_notebook]
        if len(found) == 1:
            return found[0]
        if not found:
            # A single file may have any name: its content says whether it is a notebook.
            if len(entries) == 1:
                return entries[0]
            raise Rejected("There is no notebook in your upload. Hand in the .ipynb file.")
        names = ", ".join(shown(entry.name) for entry in found[:3])
        raise Rejected(f"Your upload holds {len(found)} notebooks ({names}). Hand in one.")


def discover(
    paths: Iterable[Path], wanted: Sequence[str] = (), limits: Limits | None = None
) -> list[Upload]:
    """Find what students handed in.

    Args:
        paths: notebooks under any name, zips of one student, or the bulk downloads of Moodle,
            Canvas or Gradescope, packed or unpacked; also any folder or zip with one file or
            one folder per student.
        wanted: patterns of the data files that the assignment lists.
        limits: see `Limits`.

    Returns:
        One upload per student, sorted by name; no two share a name, in whatever case.

    Raises:
        GraderError: a path does not exist, or all of them are folders without anything that could
            be a submission.
    """
    bounds = limits or Limits()
    found = []
    bare = []
    for path in paths:
        try:
            if not path.exists():
                raise GraderError(f"{path} does not exist. Check the path to the submissions.")
            groups = _of_path(path, bounds)
        except Rejected as reason:
            fault = str(reason)
            found.append((path, Upload(path.name, fault=fault, limits=bounds, source=str(path))))
            continue
        except OSError as error:
            fault = f"{shown(path.name)} cannot be read here ({error.strerror})."
            found.append((path, Upload(path.name, fault=fault, limits=bounds, source=str(path))))
            continue
        except GraderError:
            raise
        except Exception as error:
            # Whatever one path leads to: the others are graded.
            upload = Upload(path.name, limits=bounds, error=error, source=str(path))
            found.append((path, upload))
            continue
        if path.is_dir() and all(map(_holds_nothing, groups)):
            bare.append(path)
        for group in groups:
            upload = Upload(
                group.name,
                group.student,
                group.identifier,
                group.entries,
                tuple(wanted),
                bounds,
                source=str(path),
                layout=group.layout,
                members=group.members,
            )
            found.append((path, upload))
    # Among others it is the folder of a student who handed nothing in.
    if bare and len({*bare}) == len({path for path, _ in found}):
        more = f" and {len(bare) - 1} more folders" if len(bare) > 1 else ""
        raise GraderError(
            f"There are no submissions in {bare[0]}{more}: no notebook and no zip file. "
            "Check the path; nothing is written."
        )
    return sorted(_with_own_names(found), key=lambda upload: order(upload.name))


def class_within(folder: Path, limits: Limits | None = None) -> Path | None:
    """The zip that is all of a folder and holds what several students, or a platform, packed.

    As a folder it is one student's, whose zip it could be; named itself it is a class.
    """
    bounds = limits or Limits()
    try:
        entries = of_folder(folder, bounds)
        carriers = [entry for entry in entries if entry.carries and not entry.is_noise]
        if len(carriers) != 1 or not carriers[0].is_archive or carriers[0].fault:
            return None
        found = folder / carriers[0].name
        groups = _of_path(found, bounds)
    except Exception:
        # A hint only: what is wrong with the folder is told elsewhere.
        return None
    several = len(groups) > 1 or any(group.layout != "plain" for group in groups)
    return found if several else None


def order(name: str) -> tuple[str, str]:
    """The place of a submission among others."""
    return name.casefold(), name


def _holds_nothing(group: layouts.Group) -> bool:
    """Whether there is neither a notebook nor a zip, nor what cannot be read, nor a name."""
    kept = [entry for entry in group.entries if not entry.is_noise]
    # A single file may have any name.
    unknown = group.layout == "plain" and len(kept) != 1
    return unknown and not any(entry.carries or entry.fault for entry in group.entries)


def _of_path(path: Path, limits: Limits) -> list[layouts.Group]:
    if path.is_dir():
        return layouts.grouped(of_folder(path, limits), path.name)
    if not path.is_file():
        raise Rejected(f"{shown(path.name)} is a device or a pipe, not a file.")
    length = path.stat().st_size
    # A path that a teacher names may be a link; what lies in a folder of uploads may not.
    path_here = path.resolve()
    if not archives.is_archive(load(path_here, 3)):
        fault = path_fault(path.name, limits)
        single = Entry(path.name, length, fault, lambda most: load(path_here, most))
        return [layouts.Group(path.name, "", "", (single,))]
    if length > limits.bulk:
        raise Rejected(f"The file has {size(length)}; {size(limits.bulk)} are allowed.")
    entries = archives.of_archive(path_here, limits.bulk_entries, limits)
    if layouts.is_of_one(path.name):
        return [layouts.Group(path.name, "", "", tuple(entries))]
    return layouts.grouped(entries, path.name)


def _with_own_names(found: list[tuple[Path, Upload]]) -> list[Upload]:
    """Uploads of one name get their folder's name in front, then a number behind."""
    taken: set[str] = set()
    uploads = []
    for path, upload in found:
        name = upload.name
        if name.casefold() in taken:
            name = f"{path.absolute().parent.name}/{name}"
        number = 2
        while name.casefold() in taken:
            name = f"{upload.name} ({number})"
            number += 1
        taken.add(name.casefold())
        uploads.append(replace(upload, name=name))
    return uploads
