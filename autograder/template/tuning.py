"""What a template sets in TensorFlow, once it is imported."""

from __future__ import annotations

import sys
from typing import Any


def leave_untuned() -> None:
    """Where TensorFlow is imported, tune `tf.data` only for who asks for it in a dataset's options.

    Keras gives options to the dataset that it makes of a model's arrays, and leaves the tuning to
    the default: then each iterator, so each epoch of `fit`, has a thread that chooses how much is
    read ahead. That changes no value, and a room has its number of threads anyway. But TensorFlow
    waits for the end of this thread, and longer where all cores are at work: `benchmarks grading`
    prints what two small trainings at a time gain with it and without.
    """
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is None:
        return
    try:
        options = tensorflow.data.experimental.AutotuneOptions
        enabled = options.enabled
    except AttributeError:
        return  # another version, which keeps its tuning

    def asked(self: Any) -> bool:
        return bool(enabled.fget(self))

    options.enabled = property(asked, enabled.fset, doc=enabled.__doc__)
