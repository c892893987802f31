"""Packs and their index: what is written is what is read, and nothing else is."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.errors import RunError
from course.runs import carry, models, packs, store

from .conftest import Model, packed, record

KEYS = ["a" * 64, "b" * 64]


@pytest.fixture(autouse=True)
def any_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Models are bytes here; another file tests how they are looked into."""
    monkeypatch.setattr(models, "check", lambda path: None)


@pytest.fixture
def pack(tmp_path: Path) -> packs.Pack:
    """Two runs of the store in a file, and what the index says of it."""
    for seed, key in enumerate(KEYS):
        store.keep(key, record(seed), Model())
    return packed(tmp_path, "ch07/published", KEYS)


def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def rewritten(path: Path, change: Callable[[dict[str, bytes]], object], packing: int = 0) -> None:
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    change(content)
    with zipfile.ZipFile(path, "w", packing) as archive:
        for name, value in content.items():
            archive.writestr(name, value)


def test_runs_come_back_as_they_were_with_their_models(
    pack: packs.Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CNN_COURSE_CACHE", str(tmp_path / "other"))
    packs.unpack(tmp_path / pack.file, pack, scratch(tmp_path))
    assert [store.find(key) for key in KEYS] == [record(0), record(1)]
    assert store.model_file(KEYS[0]).read_bytes() == b"whole"


def test_equal_runs_give_equal_files_that_are_not_compressed(
    pack: packs.Pack, tmp_path: Path
) -> None:
    packs.write(tmp_path / "again.zip", KEYS)
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / pack.file).read_bytes()
    with zipfile.ZipFile(tmp_path / pack.file) as archive:
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}


def test_a_model_that_nobody_could_fetch_is_not_packed(
    pack: packs.Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise RunError("a model is refused")

    monkeypatch.setattr(models, "check", refuse)
    with pytest.raises(RunError, match="a model is refused"):
        packs.write(tmp_path / "again.zip", KEYS)


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c.update({"../outside": b"x"}),
        lambda c: c.update({"/etc/passwd": b"x"}),
        lambda c: c.update({f"{'c' * 64}/run.json": b"{}"}),
        lambda c: c.pop(f"{KEYS[1]}/{store.MODEL}"),
        lambda c: c.update({carry.INDEX: json.dumps(KEYS[::-1]).encode()}),
        lambda c: c.update({carry.INDEX: b"[" * 100_000}),
        lambda c: c.update({f"{KEYS[0]}/run.json": json.dumps(record(1)).encode()}),
        lambda c: c.update(
            {f"{KEYS[0]}/run.json": json.dumps(record(0, digest="9" * 64)).encode()}
        ),
        lambda c: c.update({f"{KEYS[0]}/run.json": json.dumps(record(0, history=[1])).encode()}),
        lambda c: c.update(
            {f"{KEYS[0]}/run.json": json.dumps(record(0, history={"loss": "x"})).encode()}
        ),
        lambda c: c.update(
            {f"{KEYS[0]}/run.json": json.dumps(record(0, scores={"a": []})).encode()}
        ),
        lambda c: c.update({f"{KEYS[0]}/run.json": json.dumps(record(0, seconds="1")).encode()}),
        lambda c: c.update({f"{KEYS[0]}/run.json": json.dumps(record(0, parameters=1.5)).encode()}),
        lambda c: c.update({f"{KEYS[0]}/run.json": json.dumps(record(0, name=[])).encode()}),
        lambda c: c.update({f"{KEYS[0]}/run.json": b"[]"}),
    ],
)
def test_a_file_that_holds_anything_but_what_the_index_says_is_left_alone(
    pack: packs.Pack,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[dict[str, bytes]], object],
) -> None:
    rewritten(tmp_path / pack.file, change)
    monkeypatch.setenv("CNN_COURSE_CACHE", str(tmp_path / "other"))
    with pytest.raises(RunError, match=r"ch07--published\.cpu\.zip is"):
        packs.unpack(tmp_path / pack.file, pack, scratch(tmp_path))
    assert not (tmp_path / "other").exists()
    assert not (tmp_path / "outside").exists()


def test_a_compressed_file_is_not_unpacked(pack: packs.Pack, tmp_path: Path) -> None:
    rewritten(tmp_path / pack.file, lambda content: None, zipfile.ZIP_DEFLATED)
    with pytest.raises(RunError, match="is compressed, and no pack is"):
        packs.unpack(tmp_path / pack.file, pack, scratch(tmp_path))


def test_no_run_is_kept_when_the_last_model_is_refused(
    pack: packs.Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        if path.name == KEYS[1]:
            raise RunError("a model is refused")

    monkeypatch.setattr(models, "check", refuse)
    monkeypatch.setenv("CNN_COURSE_CACHE", str(tmp_path / "other"))
    with pytest.raises(RunError, match="a model is refused"):
        packs.unpack(tmp_path / pack.file, pack, scratch(tmp_path))
    assert not (tmp_path / "other").exists()


def test_an_index_comes_back_as_it_was(pack: packs.Pack) -> None:
    text = packs.index([pack])
    assert packs.read_index(text.encode(), "index") == [pack]
    assert packs.index(packs.read_index(text.encode(), "index")) == text


def test_what_a_chapter_was_made_with_stands_once_in_the_index(pack: packs.Pack) -> None:
    other = packs.Pack(**{**vars(pack), "name": "ch07/other"})
    text = packs.index([pack, other])
    assert text.count(pack.made.cells[0]) == 1
    assert packs.read_index(text.encode(), "index") == [other, pack]


def replaced(pack: packs.Pack, **change: Any) -> bytes:
    content = json.loads(packs.index([pack]))
    (made,) = content["made"].values()
    for name, value in change.items():
        (made if name in made else content["packs"][0])[name] = value
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    "change",
    [
        {"name": "../x"},
        {"name": "ch07/a\u001b[31m"},
        {"name": "ch07"},
        {"profile": "../cpu"},
        {"profile": "cpu/x"},
        {"bytes": -1},
        {"bytes": 10**12},
        {"bytes": "12"},
        {"bytes": True},
        {"sha256": "0" * 63},
        {"sha256": None},
        {"digest": "x"},
        {"keys": []},
        {"keys": ["a" * 64]},
        {"keys": ["a" * 64, "a" * 64]},
        {"keys": ["../" + "a" * 61, "b" * 64]},
        {"seeds": [0, "1"]},
        {"seeds": [0]},
        {"parameters": 1.5},
        {"cpu_seconds": "1"},
        {"scores": [{}]},
        {"scores": [{"a": "b"}, {}]},
        {"scores": [{"a\u001b": 1.0}, {}]},
        {"chapter": "../07"},
        {"chapter": "-rf"},
        {"date": "x\ny"},
        {"device": "a\u001b]0;b\u0007"},
        {"python": 3},
        {"libraries": []},
        {"libraries": {"keras": {"distribution": "keras; rm -rf /", "version": "3"}}},
        {"libraries": {"keras": {"distribution": "--index-url=http", "version": "3"}}},
        {"libraries": {"keras": {"distribution": "keras"}}},
        {"definitions": {"course": "x"}},
        {"definitions": {"course.x": "a b"}},
        {"data": [{"name": "mnist"}]},
        {"data": [{"name": "a/b", "variant": "c", "checksum": "d"}]},
        {"cells": ["a b"]},
        {"made": "another"},
    ],
)
def test_an_index_that_says_what_none_says_is_refused(
    pack: packs.Pack, change: dict[str, Any]
) -> None:
    with pytest.raises(RunError, match="index is no index of runs"):
        packs.read_index(replaced(pack, **change), "index")


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b"\xff", b"null", b"[" * 100_000])
def test_what_is_no_index_at_all_is_refused(text: bytes) -> None:
    with pytest.raises(RunError, match="index is no index of runs"):
        packs.read_index(text, "index")


def test_an_index_of_a_later_form_asks_for_a_newer_version(pack: packs.Pack) -> None:
    content = {**json.loads(packs.index([pack])), "format": 2}
    with pytest.raises(RunError, match="has format 2, and this version of the course reads 1"):
        packs.read_index(json.dumps(content).encode(), "index")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(value=JSON, place=st.sampled_from(["made", "packs", "name", "keys", "libraries", "cells"]))
def test_nothing_in_place_of_a_part_gets_past(value: Any, place: str) -> None:
    pack = packs.Pack(**{**vars(EXAMPLE)})
    content = json.loads(packs.index([pack]))
    (made,) = content["made"].values()
    target = content if place in content else made if place in made else content["packs"][0]
    target[place] = value
    try:
        found = packs.read_index(json.dumps(content).encode(), "index")
    except RunError:
        return
    assert found in ([], [packs.Pack(**vars(one)) for one in found])


EXAMPLE = packs.Pack(
    name="ch07/published",
    profile="cpu",
    bytes=1,
    sha256="0" * 64,
    digest="0" * 64,
    keys=["a" * 64],
    seeds=[0],
    parameters=1,
    cpu_seconds=1.0,
    scores=[{"test accuracy": 0.5}],
    made=packs.Made("07-x", "2026-01-31", "A, 2 cores", "3.11.7", {}, {}, [], []),
)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (["ch01/b"], ["ch01/b"]),
        (["ch01"], ["ch01/a", "ch01/b"]),
        (["ch02", "ch01/a", "ch02"], ["ch02/a", "ch01/a"]),
    ],
)
def test_a_chapter_stands_for_all_of_its_runs(asked: list[str], found: list[str]) -> None:
    assert packs.chosen(asked, ["ch01/b", "ch01/a", "ch02/a", "ch010/a"], "It") == found


def test_an_unknown_name_is_told_with_the_nearest_or_with_what_there_is() -> None:
    with pytest.raises(RunError, match=r"It has no runs 'ch01/bst'. Did you mean ch01/best\?"):
        packs.chosen(["ch01/bst"], ["ch01/best"], "It")
    with pytest.raises(RunError, match="It has some of: ch01, ch02"):
        packs.chosen(["other"], ["ch01/best", "ch02/a", "ch01/b"], "It")
