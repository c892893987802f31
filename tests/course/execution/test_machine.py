"""What an execution notes about the machine it ran on."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from course import recording
from course.execution import machine


def test_the_versions_of_what_was_imported_are_noted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(recording.VARIABLE, str(tmp_path / "records"))
    monkeypatch.setattr(machine, "accelerators", list)
    machine.note_end()
    (record,) = recording.read(tmp_path / "records")
    assert record["kind"] == "machine"
    assert record["libraries"]["numpy"] == {"distribution": "numpy", "version": np.__version__}
    pillow = importlib.metadata.version("pillow")
    assert record["libraries"]["PIL"] == {"distribution": "pillow", "version": pillow}
    assert record["device"].endswith(" cores")
    assert record["cpu_seconds"] > 0
    assert record["peak_memory"] > 50_000_000


def test_the_peak_of_memory_grows_with_what_a_process_holds_and_is_its_own() -> None:
    program = (
        "from course.execution.machine import peak_memory; before = peak_memory(); "
        "held = bytearray(200_000_000); held[:] = b'x' * len(held); "
        "del held; print(before, peak_memory())"
    )
    # This process is larger than the one it starts, which must not inherit its peak.
    held = bytearray(b"x" * 600_000_000)
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert held
    before, after = map(int, done.stdout.split())
    assert before < 400_000_000
    assert 200_000_000 <= after - before < 600_000_000


def test_a_gpu_is_named_instead_of_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    config = SimpleNamespace(
        list_physical_devices=lambda kind: [1, 2],
        experimental=SimpleNamespace(get_device_details=lambda d: {"device_name": f"GPU {d}"}),
    )
    monkeypatch.setitem(sys.modules, "tensorflow", SimpleNamespace(config=config))
    assert machine.accelerators() == ["GPU 1", "GPU 2"]


def test_without_tensorflow_there_is_no_gpu_and_tensorflow_is_not_imported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    assert machine.accelerators() == []
    assert "tensorflow" not in sys.modules
