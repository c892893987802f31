"""Where data lie on this machine, and how to write there so that nothing half-written is left."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from course.data.progress import say, size
from course.errors import DataError
from course.storage import cache_folder

MIRROR_VARIABLE = "CNN_COURSE_DATA"
CACHE_VARIABLE = "CNN_COURSE_CACHE"

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_A_DAY = 86_400.0  # seconds


def mirror() -> Path | None:
    """The folder that `CNN_COURSE_DATA` names, whether it exists or not."""
    value = os.environ.get(MIRROR_VARIABLE, "").strip()
    return Path(value).expanduser().absolute() if value else None


def cache() -> Path:
    """The folder of downloaded and decoded data; `CNN_COURSE_CACHE` overrides where it lies."""
    return cache_folder().expanduser().absolute() / "data"


@contextmanager
def whole_file(target: Path, expected: int | None = None) -> Iterator[Path]:
    """A temporary path beside `target` that becomes `target` once the block has ended well.

    Args:
        target: the file to write; an existing one is replaced.
        expected: its size in bytes, if known, to notice a full disk before anything is written.

    Raises:
        DataError: the disk is full or the folder cannot be written. Nothing is left behind.
    """
    part = _part(target)
    with _explained(target, expected):
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _require_space(target, expected)
            yield part
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def whole_folder(target: Path, expected: int | None = None) -> Iterator[Path]:
    """A temporary folder beside `target` that becomes `target` once the block has ended well.

    `target` must not exist by then. Raises like `whole_file`.
    """
    part = _part(target)
    with _explained(target, expected):
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _require_space(target, expected)
            part.mkdir()
            yield part
            part.rename(target)
        finally:
            shutil.rmtree(part, ignore_errors=True)


@contextmanager
def scratch(expected: int) -> Iterator[Path]:
    """A temporary folder of its own in the cache, removed afterwards. Raises like `whole_file`."""
    target = cache() / "scratch"
    with _explained(target, expected):
        target.parent.mkdir(parents=True, exist_ok=True)
        _require_space(target, expected)
        folder = Path(tempfile.mkdtemp(dir=target.parent, prefix=".scratch.", suffix=".part"))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def lock(name: str) -> Iterator[None]:
    """Held by one process at a time; another one waits and says so.

    What a killed process left half-written more than a day ago is cleared away.
    """
    from filelock import FileLock, Timeout

    path = cache() / f"{name}.lock"
    with _explained(path, None):
        path.parent.mkdir(parents=True, exist_ok=True)
        held = FileLock(path)
        try:
            held.acquire(timeout=0)
        except Timeout:
            say(f"{name}: another process is at it; waiting for it to finish")
            held.acquire()
    try:
        _sweep(path.parent)
        yield
    finally:
        held.release()


def aside(path: Path) -> Path:
    """Move an altered file or folder of the cache out of the way, under the name `….altered`."""
    moved = path.with_name(path.name + ".altered")
    if moved.is_dir():
        shutil.rmtree(moved)
    path.replace(moved)
    return moved


def _part(target: Path) -> Path:
    return target.with_name(f".{target.name}.{os.getpid()}.part")


def _require_space(target: Path, expected: int | None) -> None:
    if expected is not None and shutil.disk_usage(target.parent).free < expected:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def _explained(target: Path, expected: int | None) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        way_out = f"or set {CACHE_VARIABLE} to a folder"
        if error.errno in _FULL:
            need = f" It needs {size(expected)}." if expected else ""
            raise DataError(
                f"The disk is full: {target} could not be written.{need} Nothing half-written was "
                f"left. Free some space, {way_out} on another disk, and try again."
            ) from error
        if error.errno in _FORBIDDEN and str(target.parent) in str(error.filename):
            raise DataError(
                f"{target} may not be written ({os.strerror(error.errno or 0)}). Change the "
                f"permissions of {target.parent}, {way_out} of your own, and try again."
            ) from error
        raise


def _sweep(folder: Path) -> None:
    for part in folder.glob("**/.*.part"):
        if part.lstat().st_mtime < time.time() - _A_DAY:
            if part.is_dir():
                shutil.rmtree(part, ignore_errors=True)
            else:
                part.unlink(missing_ok=True)
