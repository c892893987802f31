"""Notes what a chapter loads while it runs, so that its outputs can be keyed on it.

`course execute` names a file in `COURSE_RECORD`; everywhere else noting does nothing.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

VARIABLE = "COURSE_RECORD"


def note(kind: str, **fields: Any) -> None:
    """Append one record, a JSON object on a line of its own.

    Args:
        kind: `data`, `run`, `trained`, `loaded` or `machine`.
        fields: what identifies the thing; plain JSON values.
    """
    path = os.environ.get(VARIABLE)
    if path:
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps({"kind": kind, **fields}, sort_keys=True) + "\n")


def read(path: Path) -> list[dict[str, Any]]:
    """All records of a file, in order, each once."""
    if not path.exists():
        return []
    lines = dict.fromkeys(path.read_text(encoding="utf-8").splitlines())
    return [json.loads(line) for line in lines]
