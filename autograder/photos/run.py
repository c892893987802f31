"""Entry into the confined process: `python run.py SETTINGS`, SETTINGS being JSON.

`photos`: a folder with files named 0, 1, …; `count` of them; `reading`, `writing`: the channel to
the grader. It gets a message for each file, then asks with `take` for pixels.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from pathlib import Path


def main() -> None:
    """Look at every picture; then hand over the pixels of those that are asked for."""
    settings = json.loads(sys.argv[1])
    sys.path[0] = str(Path(__file__).parents[2])
    import numpy as np

    from autograder.photos import pictures
    from autograder.values.wire import Channel, Message

    # Of what a decoder finds odd; nobody reads it.
    warnings.simplefilter("ignore")
    channel = Channel(settings["reading"], settings["writing"])
    folder = Path(settings["photos"])
    channel.send(Message({"kind": "ready"}))
    for place in range(settings["count"]):
        try:
            seen = pictures.look(pictures.opened(folder / str(place)))
            channel.send(Message({"kind": "look", "fault": ""}, seen.tobytes()))
        except pictures.Fault as fault:
            channel.send(Message({"kind": "look", "fault": str(fault)}))
    asked = channel.receive().head
    for place in asked["places"]:
        rng = np.random.default_rng([asked["seed"], place])
        pixels = pictures.changed(pictures.opened(folder / str(place)), rng)
        height, width = pixels.shape[:2]
        channel.send(
            Message({"kind": "pixels", "height": height, "width": width}, pixels.tobytes())
        )
    os._exit(0)


if __name__ == "__main__":
    main()
