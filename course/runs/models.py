"""Looks into the file of a Keras model before Keras does, and refuses what no chapter needs.

A `.keras` file is a zip archive of a description and of weights. Keras builds whatever the
description names, and in the past a file could make it run code, read other files or fetch one. So
only descriptions made of plain layers pass, and only weights that lie in the file themselves. Keras
then loads the file in its safe mode, which is the default of `keras.saving.load_model`.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from course.errors import RunError

LARGEST = (
    1_000_000_000  # bytes of one model; the largest of the published lessons takes 110 million
)
CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
LARGEST_TEXT = 5_000_000  # bytes of the description
MOST_OBJECTS = 50_000  # groups and arrays of the weights
DEEPEST = 40

# Modules of which any class may be named, and classes of the others. `Lambda` runs code, lookup and
# text layers read files, and layers that wrap other frameworks load what those allow.
MODULES = {
    *("keras.initializers", "keras.regularizers", "keras.constraints", "keras.losses"),
    *("keras.metrics", "keras.optimizers", "keras.optimizers.schedules"),
}
LAYERS = re.findall(
    r"\w+",
    """
    Activation Add AlphaDropout AutoContrast Average AveragePooling1D AveragePooling2D
    BatchNormalization Bidirectional CategoryEncoding CenterCrop Concatenate Conv1D Conv2D
    Conv2DTranspose Cropping1D Cropping2D Dense DepthwiseConv1D DepthwiseConv2D Dot Dropout ELU
    Embedding Equalization Flatten GaussianDropout GaussianNoise GlobalAveragePooling1D
    GlobalAveragePooling2D GlobalMaxPooling1D GlobalMaxPooling2D GroupNormalization GRU Identity
    InputLayer LayerNormalization LeakyReLU LSTM MaxPooling1D MaxPooling2D Maximum Minimum Multiply
    Normalization PReLU Permute RandomBrightness RandomColorJitter RandomContrast RandomCrop
    RandomErasing RandomFlip RandomGrayscale RandomHue RandomPosterization RandomRotation
    RandomSaturation RandomSharpness RandomShear RandomTranslation RandomZoom ReLU RepeatVector
    Rescaling Reshape Resizing SeparableConv1D SeparableConv2D SimpleRNN Softmax SpatialDropout1D
    SpatialDropout2D SpectralNormalization Subtract TimeDistributed UnitNormalization UpSampling1D
    UpSampling2D ZeroPadding1D ZeroPadding2D
    """,
)
CLASSES = {
    None: {"__keras_tensor__", "__tuple__"},
    "keras": {"DTypePolicy", "Functional", "Model", "Sequential"},
    "keras.layers": set(LAYERS),
    "keras.src.models.functional": {"Functional"},
    "keras.src.models.sequential": {"Sequential"},
}
# What zipfile, json and h5py raise for bytes that are not theirs.
DAMAGED = (
    *(OSError, EOFError, ValueError, LookupError, TypeError, RuntimeError),
    *(zipfile.BadZipFile, zlib.error),
)
CLASS = re.compile(r"[A-Z][A-Za-z0-9]*")


def check(path: Path) -> None:
    """Refuse the file of a model that could do more than compute.

    Raises:
        RunError: it is no such file, names something that no chapter needs, or its weights are not
            plain arrays that lie in it.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_entries(archive)
            for name in (METADATA, CONFIG):
                _check_description(json.loads(archive.read(name)))
            _check_weights(archive.read(WEIGHTS))
    except DAMAGED as error:
        raise RunError(f"a model is refused: its file is damaged ({error}).") from error


def _check_entries(archive: zipfile.ZipFile) -> None:
    sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
    packings = {entry.compress_type for entry in archive.infolist()}
    if sorted(sizes) != sorted((CONFIG, METADATA, WEIGHTS)) or len(archive.infolist()) != 3:
        raise _refused("its file holds something else than a description and weights")
    if packings - {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise _refused("its file is packed in another way than Keras does it")
    if sizes[CONFIG] + sizes[METADATA] > LARGEST_TEXT or sizes[WEIGHTS] > LARGEST:
        raise _refused("its file unpacks to more than any model of the course")


def _check_description(description: Any) -> None:
    for part in _dictionaries(description):
        if "class_name" not in part:
            continue
        module, name = part.get("module"), part["class_name"]
        same = part.get("registered_name") in (None, name)
        plain = isinstance(name, str) and isinstance(module, (str, type(None)))
        known = plain and (
            name in CLASSES.get(module, ())
            or (module in MODULES and CLASS.fullmatch(name) is not None)
        )
        if not (known and same):
            raise _refused(f"it names {module}.{name!r:.60}, which no chapter needs")


def _dictionaries(value: Any) -> Iterator[dict[str, Any]]:
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield part
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)


def _check_weights(content: bytes) -> None:
    try:
        import h5py
    except ImportError as error:
        raise RunError(
            "Keras is not installed here, and the weights cannot be looked at. Install it first: "
            "the first cell of the chapter's notebook does."
        ) from error

    with h5py.File(io.BytesIO(content), "r") as file:
        waiting, objects, size = [(file, 0)], 0, 0
        while waiting:
            group, depth = waiting.pop()
            for name in group:
                objects += 1
                # Another kind of link leads elsewhere, even into other files.
                if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                    raise _refused("its weights hold a link")
                if objects > MOST_OBJECTS or depth > DEEPEST:
                    raise _refused("its weights are nested without end")
                item = group[name]
                if isinstance(item, h5py.Group):
                    waiting.append((item, depth + 1))
                    continue
                if not isinstance(item, h5py.Dataset) or item.dtype.kind not in "biuf":
                    raise _refused("its weights are no plain numbers")
                if item.external or item.is_virtual:
                    raise _refused("its weights lie in another file")
                size += item.nbytes
                # An array that is mostly not there would be filled up in memory.
                if size > len(content):
                    raise _refused("its weights are larger than its file")


def _refused(why: str) -> RunError:
    return RunError(f"a model is refused: {why}.")
