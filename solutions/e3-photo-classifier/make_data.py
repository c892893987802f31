"""Writes data/starter.zip: 40 photos of each of four letters, seed 0.

Of twelve scenes in each class there are two photos, as in a burst: near-duplicates that belong on the
same side of a split. Names tell nothing about that.
"""

import io
import runpy
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

PHOTOS, DOUBLES = 40, 12
HERE = Path(__file__).parent
letters = runpy.run_path(str(HERE / "letters.py"))
rng = np.random.default_rng(0)
with zipfile.ZipFile(HERE / "data" / "starter.zip", "w") as archive:
    for letter in letters["CLASSES"]:
        scenes = [letters["scene"](letter, rng) for _ in range(PHOTOS - DOUBLES)]
        photos = [letters["shoot"](scene, rng) for scene in scenes + scenes[:DOUBLES]]
        for number, place in enumerate(rng.permutation(PHOTOS), 1):
            file = io.BytesIO()
            Image.fromarray(photos[place]).save(file, "JPEG", quality=82)
            entry = zipfile.ZipInfo(f"starter/{letter}/{letter}-{number:02}.jpg")
            archive.writestr(entry, file.getvalue())
