"""What a chapter notes while it is executed."""

from __future__ import annotations

from pathlib import Path

import pytest

from course import recording


def test_without_an_execution_nothing_is_noted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(recording.VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    recording.note("data", name="mnist")
    assert list(tmp_path.iterdir()) == []
    assert recording.read(tmp_path / "records") == []


def test_notes_come_back_in_order_each_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(recording.VARIABLE, str(tmp_path / "records"))
    recording.note("data", name="é\n", checksum="1")
    recording.note("run", name="a")
    recording.note("data", checksum="1", name="é\n")
    assert recording.read(tmp_path / "records") == [
        {"kind": "data", "name": "é\n", "checksum": "1"},
        {"kind": "run", "name": "a"},
    ]
