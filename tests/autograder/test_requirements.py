"""A bundle's lock says which versions, and never where from."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.errors import BundleError
from autograder.requirements import of_bundle, read

HASH = "sha256:" + "a" * 64


def test_a_lock_names_packages_with_versions() -> None:
    found = read(
        "# made by hand\nNumPy==2.4.0  # via all\n\nipython[all]==9.0 ; python_version>'3'\n"
    )
    assert found.lines == ("NumPy==2.4.0", 'ipython[all]==9.0; python_version > "3"')
    assert (found.names, found.loose, found.hashed) == ({"numpy", "ipython"}, (), False)


def test_comments_and_order_do_not_change_its_digest() -> None:
    assert read("a==1\nb==2\n").digest == read("b==2 # why\n# more\na == 1").digest
    assert read("a==1\n").digest != read("a==2\n").digest


def test_hashes_may_stand_on_lines_of_their_own() -> None:
    found = read(
        f"a==1 \\\n    --hash={HASH} \\\n    --hash=sha512:{'b' * 128}\nb==2 --hash={HASH}\n"
    )
    assert found.hashed
    assert found.lines[0] == f"a==1 --hash={HASH} --hash=sha512:{'b' * 128}"
    with pytest.raises(BundleError, match="for some packages only"):
        read(f"a==1 --hash={HASH}\nb==2\n")


@pytest.mark.parametrize("line", ["a", "a>=1", "a==1.*", "a~=1.0", "a==1,!=2"])
def test_a_version_that_is_left_open_is_named(line: str) -> None:
    assert read(f"{line}\nb==1\n").loose == ("a",)


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://evil.example/simple",
        "-r other.txt",
        "-e .",
        "./a.whl",
        "https://evil.example/a.whl",
        "a @ https://evil.example/a.whl",
        "a==1 --global-option=x",
        "a==1 --hash=md5:0",
        "a==${SECRET}",
        "a==1 \\\n --index-url https://evil.example",
    ],
)
def test_a_line_that_says_where_from_is_refused(line: str) -> None:
    with pytest.raises(BundleError, match=r"line 2 of requirements\.txt is not followed"):
        read(f"b==1\n{line}\n")


def test_a_bundle_without_a_lock_is_named(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="has no requirements"):
        of_bundle(tmp_path, "hw.zip")
    (tmp_path / "requirements.txt").write_bytes(b"# \xff")
    with pytest.raises(BundleError, match="no text in UTF-8"):
        of_bundle(tmp_path, "hw.zip")
    (tmp_path / "requirements.txt").write_text("# nothing\n")
    with pytest.raises(BundleError, match="names no package"):
        of_bundle(tmp_path, "hw.zip")
