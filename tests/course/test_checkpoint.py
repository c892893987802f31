"""A checkpoint gives its tensors, and nothing in it is ever run."""

from __future__ import annotations

import os
import pickle
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import hypothesis
import numpy as np
import pytest
from hypothesis import example, strategies

from course import checkpoint
from course.checkpoint import CheckpointError

MAGIC, VERSION = pickle.dumps(checkpoint.MAGIC, 2), pickle.dumps(checkpoint.PROTOCOL, 2)
LITTLE = pickle.dumps({"protocol_version": 1001, "little_endian": True}, 2)
ORDERED = b"ccollections\nOrderedDict\n)R"
START, END = b"\x80\x02", b"."


def text(value: str) -> bytes:
    return b"X" + struct.pack("<I", len(value)) + value.encode()


def number(value: int) -> bytes:
    return b"J" + struct.pack("<i", value)


def numbers(values: Sequence[int]) -> bytes:
    return b"(" + b"".join(map(number, values)) + b"t"


def storage(key: str, length: int, kind: str = "FloatStorage") -> bytes:
    parts = [text("storage"), f"ctorch\n{kind}\n".encode(), text(key), text("cpu"), number(length)]
    return b"(" + b"".join(parts) + b"NtQ"


def tensor(where: bytes, size: Sequence[int], stride: Sequence[int], offset: int = 0) -> bytes:
    arguments = [where, number(offset), numbers(size), numbers(stride), b"\x89", ORDERED]
    return b"ctorch._utils\n_rebuild_tensor_v2\n(" + b"".join(arguments) + b"tR"


def dictionary(**tensors: bytes) -> bytes:
    items = b"".join(text(name) + value for name, value in tensors.items())
    return START + ORDERED + b"(" + items + b"u" + END


def file(
    tensors: bytes,
    storages: dict[str, Any],
    head: bytes = MAGIC + VERSION + LITTLE,
    keys: list[str] | None = None,
) -> bytes:
    content = head + tensors + pickle.dumps(keys or list(storages), 2)
    for array in storages.values():
        content += struct.pack("<q", array.size) + array.tobytes()
    return content


SIX = np.arange(6, dtype="<f4")
COUNT = np.array([7], dtype="<i8")
SOUND = file(
    dictionary(
        rows=tensor(storage("1", 6), (2, 3), (3, 1)),
        columns=tensor(storage("1", 6), (2, 2), (1, 2), offset=1),
        seen=tensor(storage("2", 1, "LongStorage"), (), ()),
    ),
    {"1": SIX, "2": COUNT},
)

Read = Callable[[bytes], dict[str, Any]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def written(content: bytes) -> dict[str, Any]:
        path = tmp_path / "weights.pth"
        path.write_bytes(content)
        return checkpoint.read(path)

    return written


def test_tensors_come_with_their_names_shapes_and_strides(read: Read) -> None:
    found = read(SOUND)
    assert list(found) == ["rows", "columns", "seen"]
    np.testing.assert_array_equal(found["rows"], [[0, 1, 2], [3, 4, 5]])
    np.testing.assert_array_equal(found["columns"], [[1, 3], [2, 4]])
    assert found["rows"].dtype == np.float32
    assert found["seen"].shape == ()
    assert found["seen"] == 7


class Attack:
    """What `pickle` runs when it loads it."""

    def __init__(self, called: Callable[..., Any], *arguments: Any) -> None:
        self.reduced = (called, arguments)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self.reduced


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("place", [0, 1, 2, 3, 4])
def test_a_pickle_that_calls_a_command_is_refused_wherever_it_stands(
    read: Read, tmp_path: Path, protocol: int, place: int
) -> None:
    victim = tmp_path / "made-by-the-attack"
    attack = pickle.dumps(Attack(os.mkdir, str(victim)), protocol)
    pickle.loads(attack)
    assert victim.exists(), "the attack does not work, so the test shows nothing"
    victim.rmdir()
    parts = [MAGIC, VERSION, LITTLE, dictionary(), pickle.dumps([], 2)]
    parts[place] = attack
    with pytest.raises(CheckpointError, match="no weights need"):
        read(b"".join(parts))
    assert not victim.exists()


def test_the_message_names_what_was_asked_for(read: Read) -> None:
    attack = pickle.dumps(Attack(os.system, "true"), 2)
    with pytest.raises(CheckpointError, match=r"weights\.pth was refused: it wants '\w+ system'"):
        read(MAGIC + VERSION + LITTLE + attack)


@pytest.mark.parametrize(
    "program",
    [
        b"ccollections\nOrderedDict\n(K\x01tR",
        b"ctorch\nFloatStorage\n)R",
        b"ctorch._utils\n_rebuild_tensor_v2\n)R",
        b"ctorch._utils\n_rebuild_tensor_v2\n(NNNNtR",
        b"(ios\nsystem\n",
        b"(cos\nsystem\no",
        b"ccollections\nOrderedDict\n)\x81",
        b"X\x02\x00\x00\x00osX\x06\x00\x00\x00system\x93",
        b"\x82\x01",
        b"Punknown\n",
        b"}ccollections\nOrderedDict\nNs",
        b"}" + b")" + b"\x85" * 200_000 + b"Ns",
        b"NNb",
        b"0",
        b"t",
        b"h\x05",
    ],
)
def test_a_program_that_makes_anything_but_tensors_is_refused(read: Read, program: bytes) -> None:
    with pytest.raises(CheckpointError):
        read(MAGIC + VERSION + LITTLE + START + program + END)


OUTSIDE, SHAPE = "reaches outside", "a shape that none can have"


@pytest.mark.parametrize(
    ("where", "size", "stride", "offset", "reason"),
    [
        (storage("1", 6), (7,), (1,), 0, OUTSIDE),
        (storage("1", 6), (2,), (1,), 5, OUTSIDE),
        (storage("1", 6), (2,), (-1,), 3, SHAPE),
        (storage("1", 6), (-2,), (1,), 0, SHAPE),
        (storage("1", 6), (1,), (1,), -1, SHAPE),
        (storage("1", 6), (0,), (1,), 0, SHAPE),
        (storage("1", 6), (2_000_000_000, 2_000_000_000), (0, 0), 0, OUTSIDE),
        (storage("1", 6), (2, 3), (3,), 0, SHAPE),
        (storage("1", 6), (1,) * 9, (1,) * 9, 0, SHAPE),
        (storage("1", -6), (2,), (1,), 0, "described in another way"),
        (storage("1", 6, "LongStorage"), (2,), (1,), 0, "breaks off"),
        (storage("1", 6, "HalfStorage"), (2,), (1,), 0, "'torch HalfStorage'"),
        (storage("1", 5), (2,), (1,), 0, "a storage has 6 numbers"),
        (storage("other", 6), (2,), (1,), 0, "storages that it lists"),
        (text("1"), (2,), (1,), 0, "described in another way"),
    ],
)
def test_a_tensor_that_its_storage_cannot_hold_is_refused(
    read: Read, where: bytes, size: Sequence[int], stride: Sequence[int], offset: int, reason: str
) -> None:
    with pytest.raises(CheckpointError, match=reason):
        read(file(dictionary(a=tensor(where, size, stride, offset)), {"1": SIX}))


def test_a_shape_that_is_a_text_is_refused_before_anything_is_multiplied(read: Read) -> None:
    parts = [storage("1", 6), number(0), b"(" + text("x" * 1000) + number(2**31 - 1) + b"t"]
    shape = b"".join([*parts, numbers((1, 1)), b"\x89", ORDERED])
    program = b"ctorch._utils\n_rebuild_tensor_v2\n(" + shape + b"tR"
    with pytest.raises(CheckpointError, match="a shape that none can have"):
        read(file(dictionary(a=program), {"1": SIX}))


@pytest.mark.parametrize("length", range(0, len(SOUND), 3))
def test_a_truncated_file_is_refused(read: Read, length: int) -> None:
    with pytest.raises(CheckpointError):
        read(SOUND[:length])


def test_a_file_with_something_behind_its_end_is_refused(read: Read) -> None:
    with pytest.raises(CheckpointError, match="something stands behind"):
        read(SOUND + b"\0")


def test_a_file_of_another_kind_is_refused(read: Read) -> None:
    for content in (b"", b"PK\x03\x04", pickle.dumps(1, 2), pickle.dumps({"a": 1}, 2) * 5):
        with pytest.raises(CheckpointError):
            read(content)


def test_a_big_endian_file_is_refused(read: Read) -> None:
    big = pickle.dumps({"little_endian": False}, 2)
    with pytest.raises(CheckpointError, match="little-endian"):
        read(MAGIC + VERSION + big + SOUND[len(MAGIC + VERSION + LITTLE) :])


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.pth"
    with path.open("wb") as large:
        large.truncate(checkpoint.LARGEST + 1)
    with pytest.raises(CheckpointError, match="larger than"):
        checkpoint.read(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"none\.pth cannot be read"):
        checkpoint.read(tmp_path / "none.pth")


@hypothesis.given(
    position=strategies.integers(0, len(SOUND) - 1), value=strategies.integers(0, 255)
)
@example(position=79, value=92)  # a stray backslash, of which Python would warn
def test_one_changed_byte_gives_tensors_or_a_clear_error(
    tmp_path_factory: pytest.TempPathFactory, position: int, value: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "changed.pth"
    path.write_bytes(SOUND[:position] + bytes([value]) + SOUND[position + 1 :])
    try:
        found = checkpoint.read(path)
    except CheckpointError:
        return
    assert all(isinstance(array, np.ndarray) and array.size <= 6 for array in found.values())
