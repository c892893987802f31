"""Entry into the confined process: `python run.py SETTINGS`, SETTINGS being JSON.

`place`: the folder with `autograder.zip` and `submission.zip`; `writing`: the pipe to the grader,
which gets one message: `points` of each question by its name.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main() -> None:
    """Grade the submission as `otter run` does, and say the points."""
    settings = json.loads(sys.argv[1])
    sys.path[0] = str(Path(__file__).parents[2])
    from otter import run

    from autograder.values.wire import Channel, Message

    place = Path(settings["place"])
    submission, bundle = place / "submission.zip", place / "autograder.zip"
    run.main(str(submission), autograder=str(bundle), output_dir=".", no_logo=True)
    found = json.loads(Path("results.json").read_text(encoding="utf-8"))["tests"]
    points = {test["name"]: test["score"] for test in found if "score" in test}
    Channel(-1, settings["writing"]).send(Message({"kind": "points", "points": points}))
    os._exit(0)


if __name__ == "__main__":
    main()
