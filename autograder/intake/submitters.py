"""Who handed in what, from the metadata of a Gradescope download.

Read line by line: a YAML reader is more than what is needed of a file that may be hostile. It holds
what autograders printed about students' work, too, with keys such as `name` of its own.
"""

from __future__ import annotations

import re
from dataclasses import replace

from autograder.records import Member

SUBMISSION = re.compile(r"submission_(?P<id>\d+):\s*")
# Spaces, perhaps the dash of a list's item, a key and its value; each line is read once, however
# long it is.
KEY = re.compile(r"(?P<begin> *(?:- +)?):?(?P<key>\w+):(?: +(?P<value>.*))?")
ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))")
SUBMITTERS = "submitters"


def submitters(text: str) -> dict[str, tuple[Member, ...]]:
    """Who handed in each submission, with the school's numbers, in the order of the list.

    Only the keys of the people listed below `:submitters:` count, a key of the submission itself.
    """
    found: dict[str, list[Member]] = {}
    number, inside = "", False
    keys = people = 0  # where the keys of a submission and of a person begin; 0 before the first
    # Not `splitlines`, for which a line ends at characters that end none in YAML.
    for line in re.split(r"\r?\n", text):
        if not line.strip():
            continue
        if not line.startswith(" "):
            begin = SUBMISSION.fullmatch(line)
            number, inside, keys = begin["id"] if begin else "", False, 0
            continue
        key = KEY.fullmatch(line)
        if not number or key is None:
            continue
        keys = keys or len(key["begin"])
        if len(key["begin"]) == keys and "-" not in key["begin"]:
            inside, people = key["key"] == SUBMITTERS, 0
        elif inside and len(key["begin"]) == (people := people or len(key["begin"])):
            known = found.setdefault(number, [])
            if "-" in key["begin"] or not known:
                known.append(Member("", ""))
            known[-1] = _with(known[-1], key["key"], (key["value"] or "").strip())
    listed = {number: tuple(filter(_is_said, known)) for number, known in found.items()}
    return {number: members for number, members in listed.items() if members}


def _with(known: Member, key: str, value: str) -> Member:
    """A person with one more line."""
    if key == "name":
        return replace(known, name=known.name or _unquoted(value))
    if key == "sid":
        return replace(known, number=known.number or _unquoted(value))
    return known


def _is_said(member: Member) -> bool:
    """Whether anything is known of a person."""
    return bool(member.name or member.number)


def _unquoted(value: str) -> str:
    """The text of a YAML scalar in one line, in whichever quotes."""
    value = value.strip()
    quote = value[:1]
    if len(value) > 1 and quote in ("'", '"') and value.endswith(quote):
        inner = value[1:-1]
        return inner.replace("''", "'") if quote == "'" else ESCAPE.sub(_character, inner)
    return "" if value in ("~", "null") else value


def _character(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2] or escape[3]
    if not code:
        return escape[4]
    number = int(code, 16)
    # Halves of a character, and what is none.
    return "\ufffd" if 0xD800 <= number < 0xE000 or number > 0x10FFFF else chr(number)
