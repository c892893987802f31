"""What must hold for the repository as a whole: no secret, nothing big, no helper written twice."""

from __future__ import annotations

import ast
import re
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from course import fingerprint

ROOT = Path(__file__).parents[1]
SECRETS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "an access key of Amazon": re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    "a token of GitHub": re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36,}\b"),
    "a token of PyPI": re.compile(r"\bpypi-[A-Za-z0-9_-]{50,}\b"),
    "a token of npm": re.compile(r"\bnpm_[A-Za-z0-9]{36}\b"),
    "a password in an address": re.compile(r"https?://[^/\s:@{}]+:[^/\s:@{}]+@"),
}
LARGEST = 1_000_000  # bytes of a file
OUTPUTS_AND_MODELS = 10_000_000  # bytes in all


def tracked() -> list[Path]:
    """The files of the repository, or of the folder where there is no Git."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    if listed.returncode:
        pytest.skip("this is no Git repository")
    return [p for name in listed.stdout.split("\0") if name and (p := ROOT / name).is_file()]


def test_no_file_holds_a_secret() -> None:
    found = [
        f"{path.relative_to(ROOT)} holds {what}"
        for path in tracked()
        for what, pattern in SECRETS.items()
        if pattern.search(path.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert not found


def test_no_file_is_large_and_outputs_and_models_stay_small() -> None:
    sizes = {path.relative_to(ROOT): path.stat().st_size for path in tracked()}

    assert not {str(path): size for path, size in sizes.items() if size > LARGEST}
    kept = sum(size for path, size in sizes.items() if path.parts[0] in ("outputs", "models"))
    assert kept < OUTPUTS_AND_MODELS


def test_no_function_of_the_packages_is_written_twice() -> None:
    places = defaultdict(list)
    for package in ("course", "autograder"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef) and len(list(ast.walk(node))) > 40:
                    body = ast.Module(node.body, [])
                    meaning = fingerprint.meaning(body)
                    places[meaning].append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert not [where for where in places.values() if len(where) > 1]


def test_the_patterns_for_secrets_find_what_they_are_for() -> None:
    token = "ghp_" + "a1B2" * 9
    assert SECRETS["a token of GitHub"].search(f"token = {token}")
    assert SECRETS["a password in an address"].search("https://" + "me:word@example.org/")
    assert not SECRETS["a password in an address"].search("https://example.org/a:b@c")
