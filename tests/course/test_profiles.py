"""Profiles change named constants and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from course import profiles
from course.errors import CourseError


@pytest.mark.parametrize(("variable", "value"), [(None, 10), ("", 10), ("cpu", 10), ("gpu", 20)])
def test_the_value_is_that_of_the_profile_in_use(
    monkeypatch: pytest.MonkeyPatch, variable: str | None, value: int
) -> None:
    monkeypatch.delenv("COURSE_PROFILE", raising=False)
    if variable is not None:
        monkeypatch.setenv("COURSE_PROFILE", variable)
    assert profiles.choose(cpu=10, gpu=20) == value


def test_an_unknown_profile_is_refused_with_those_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COURSE_PROFILE", "tpu")
    with pytest.raises(CourseError, match="COURSE_PROFILE is 'tpu'; set it to one of cpu, gpu"):
        profiles.choose(cpu=1, gpu=2)


def cpu_of(flags: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this machine have a processor with these instructions."""
    told = folder / "cpuinfo"
    told.write_text(f"processor : 0\nflags : {flags}\n\nprocessor : 1\nflags : {flags}\n")
    monkeypatch.setattr(profiles, "Path", lambda _: told)
    monkeypatch.delenv("COURSE_PROFILE", raising=False)


@pytest.mark.parametrize(
    ("flags", "policy"),
    [
        ("fpu sse avx512_bf16 amx_tile", "mixed_bfloat16"),
        ("amx_bf16", "mixed_bfloat16"),
        ("fpu avx512f avx512_bf16x", "float32"),
        ("", "float32"),
    ],
)
def test_layers_compute_in_bfloat16_where_the_processor_can(
    flags: str, policy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keras = pytest.importorskip("keras")
    cpu_of(flags, tmp_path, monkeypatch)
    with profiles.mixed_precision():
        layer = keras.layers.Dense(2)
    layer.build((None, 3))
    assert layer.dtype_policy.name == policy
    assert layer.kernel.dtype == "float32"
    assert keras.layers.Dense(2).dtype_policy.name == "float32"


def test_precision_is_as_before_after_an_error_and_on_a_gpu(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keras = pytest.importorskip("keras")
    cpu_of("avx512_bf16", tmp_path, monkeypatch)
    with pytest.raises(KeyError), profiles.mixed_precision():
        raise KeyError
    assert keras.config.dtype_policy().name == "float32"
    monkeypatch.setattr(profiles, "Path", lambda _: tmp_path / "none")
    with profiles.mixed_precision():
        assert keras.config.dtype_policy().name == "float32"
    cpu_of("avx512_bf16", tmp_path, monkeypatch)
    monkeypatch.setenv("COURSE_PROFILE", "gpu")
    with profiles.mixed_precision():
        assert keras.config.dtype_policy().name == "float32"
