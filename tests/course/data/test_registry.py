"""The registry that is shipped is complete; its checksums are what outputs are keyed on."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from course.data import registry
from course.errors import DataError

from .conftest import file_entry, variant_entry

SHIPPED = [
    (data_set, variant)
    for data_set in registry.data_sets().values()
    for variant in data_set.variants
]
NAMES = [f"{data_set.name}/{variant.name}" for data_set, variant in SHIPPED]
FILES = [(variant, file) for _, variant in SHIPPED for file in variant.files]


def test_the_registry_lists_three_data_sets_with_the_original_first() -> None:
    assert [name.split("/") for name in NAMES] == [
        ["mnist", "original"],
        ["cifar10", "original"],
        ["cifar10", "jpeg"],
        ["cats_and_dogs", "small"],
        ["cats_and_dogs", "small-own"],
        ["cats_and_dogs", "small-240"],
    ]


@pytest.mark.parametrize(("data_set", "variant"), SHIPPED, ids=NAMES)
def test_every_data_set_names_its_source_and_licence(
    data_set: registry.DataSet, variant: registry.Variant
) -> None:
    assert data_set.source.startswith(("https://", "http://"))
    assert data_set.licence
    assert variant.what
    assert variant.files


@pytest.mark.parametrize(("data_set", "variant"), SHIPPED, ids=NAMES)
def test_every_variant_has_a_checksum_or_says_why_it_has_none(
    data_set: registry.DataSet, variant: registry.Variant
) -> None:
    assert re.fullmatch("[0-9a-f]{64}", variant.checksum) or variant.checksum_source.startswith(
        ("Not measured: ", "There can be none: ")
    )


@pytest.mark.parametrize(("variant", "file"), FILES, ids=[file.name for _, file in FILES])
def test_every_file_has_a_checksum_a_size_and_where_both_are_published(
    variant: registry.Variant, file: registry.File
) -> None:
    if file.sha256:
        assert re.fullmatch("[0-9a-f]{64}", file.sha256)
        assert file.bytes
    else:
        assert file.checksum_source == "SHA256SUMS of the mirror"
    assert file.source
    assert file.checksum_source


@pytest.mark.parametrize("file", [file for _, file in FILES if file.url], ids=lambda f: f.name)
def test_every_download_is_encrypted_and_its_checksum_is_published_elsewhere(
    file: registry.File,
) -> None:
    assert file.url.startswith("https://")
    assert file.checksum_source.startswith("https://")


def test_the_small_set_has_2000_1000_and_1000_pictures() -> None:
    numbers = registry.data_set("cats_and_dogs").variant("small").numbers
    assert {split: 2 * (last - first + 1) for split, first, last in numbers} == {
        "train": 2000,
        "validation": 1000,
        "test": 1000,
    }


def test_no_picture_number_is_in_two_splits() -> None:
    numbers = registry.data_set("cats_and_dogs").variant("small").numbers
    chosen = [number for _, first, last in numbers for number in range(first, last + 1)]
    assert len(chosen) == len(set(chosen))


def test_a_measured_checksum_is_what_outputs_are_keyed_on() -> None:
    listed = registry.data_set("mnist").variant("original").checksum
    assert registry.checksum("mnist", "original") == listed


@pytest.mark.parametrize("name", NAMES)
def test_every_variant_can_be_keyed_on(name: str) -> None:
    assert re.fullmatch("[0-9a-f]{64}", registry.checksum(*name.split("/")))


def test_changing_the_checksum_changes_what_outputs_are_keyed_on(
    register: Callable[..., None],
) -> None:
    file = file_entry("a.npz", "npz", b"1")
    register(mnist={"original": variant_entry(file, checksum="0" * 64)})
    before = registry.checksum("mnist", "original")
    register(mnist={"original": variant_entry(file, checksum="1" * 64)})
    assert registry.checksum("mnist", "original") != before


def test_without_a_measured_checksum_the_file_checksum_and_the_numbers_decide(
    register: Callable[..., None],
) -> None:
    keys = set()
    for content, last in ((b"1", 5), (b"2", 5), (b"2", 6)):
        file = file_entry("a.zip", "original", content)
        register(pets={"small": variant_entry(file, numbers={"train": [0, last]})})
        keys.add(registry.checksum("pets", "small"))
    assert len(keys) == 3


def test_prose_in_the_registry_is_not_what_outputs_are_keyed_on(
    register: Callable[..., None],
) -> None:
    keys = set()
    for what in ("digits", "handwritten digits"):
        file = file_entry("a.npz", "npz", b"1") | {"source": what}
        register(mnist={"original": variant_entry(file) | {"what": what}})
        keys.add(registry.checksum("mnist", "original"))
    assert len(keys) == 1


def test_an_unknown_data_set_suggests_the_nearest() -> None:
    with pytest.raises(DataError, match="did you mean “mnist”"):
        registry.data_set("minst")


def test_an_unknown_variant_suggests_the_nearest() -> None:
    with pytest.raises(DataError, match="did you mean “original”"):
        registry.checksum("cifar10", "orginal")


def test_a_broken_registry_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "registry.toml"
    path.write_text("[mnist]\ntitle = 1")
    monkeypatch.setattr(registry, "PATH", path)
    with pytest.raises(DataError, match=r"registry\.toml cannot be read"):
        registry.data_sets()


def test_checksums_can_be_read_without_numpy() -> None:
    code = (
        "import sys; sys.modules['numpy'] = None\n"
        "from course.data import registry; print(registry.checksum('mnist', 'original'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == registry.checksum("mnist", "original")
