"""The data sets of the course: MNIST, CIFAR-10, and 4,000 photos of cats and dogs.

Each is looked for in the folder that the environment variable `CNN_COURSE_DATA` names (a mirror for
machines without internet), then in a cache in your home folder, and last downloaded from its
original source. Every byte is checked against the checksums of `registry.toml`.

A data set may come in several variants; without an argument you get the original where it is
available, else what is there, and `used` says which that was.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

# The registry is read where NumPy may be missing: what needs it is imported when it is called.
if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Split = tuple[NDArray[np.uint8], NDArray[np.uint8]]

__all__ = ["cats_and_dogs", "load_cifar10", "load_mnist", "used"]


def load_mnist() -> tuple[Split, Split]:
    """Load MNIST: 70,000 handwritten digits in their original order.

    Returns:
        `(x_train, y_train), (x_test, y_test)`. Images are `(60000, 28, 28)` and `(10000, 28, 28)`,
        uint8, 0 (paper) to 255 (ink); labels are `(60000,)` and `(10000,)`, uint8, 0 to 9.

    Raises:
        course.errors.DataError: it is not here and cannot be downloaded, or a file is altered.
    """
    from course.data import loading

    x_train, y_train, x_test, y_test = loading.load_arrays("mnist", None)
    return (x_train, y_train), (x_test, y_test)


def load_cifar10(variant: str | None = None) -> tuple[Split, Split]:
    """Load CIFAR-10: 60,000 colour photos of ten classes.

    The variant `jpeg` is in the order of its file numbers, one picture of each class in turn, so
    the last rows, which `validation_split` holds back, have as many of every class.

    Args:
        variant: `original`, or `jpeg`, whose pixels went through JPEG and differ a little.

    Returns:
        `(x_train, y_train), (x_test, y_test)`. Images are `(50000, 32, 32, 3)` and
        `(10000, 32, 32, 3)`, uint8, RGB, 0 to 255; labels are `(50000,)` and `(10000,)`, uint8:
        0 airplane, 1 automobile, 2 bird, 3 cat, 4 deer, 5 dog, 6 frog, 7 horse, 8 ship, 9 truck.

    Raises:
        course.errors.DataError: it is not here and cannot be downloaded, or a file is altered.
    """
    from course.data import loading

    x_train, y_train, x_test, y_test = loading.load_arrays("cifar10", variant)
    return (x_train, y_train), (x_test, y_test)


def cats_and_dogs(variant: str | None = None) -> Path:
    """Find, unpack or download 4,000 photos of cats and dogs.

    Args:
        variant: `small`, cut from Microsoft's archive; `small-own`, cut from an archive of your
            own; `small-240`, another choice of pictures, made smaller.

    Returns:
        The folder with `{train,validation,test}/{cats,dogs}/*.jpg`: 1,000, 500 and 500 JPEG
        pictures of each class, in different sizes. Do not change anything in it.

    Raises:
        course.errors.DataError: they are not here and cannot be downloaded, or a file is altered.
    """
    from course.data import loading

    return loading.load_pictures("cats_and_dogs", variant)


def used(name: str) -> str:
    """Say which variant of a data set this process loaded last.

    Args:
        name: `mnist`, `cifar10` or `cats_and_dogs`.

    Raises:
        course.errors.DataError: it has not been loaded yet, or there is no such data set.
    """
    from course.data import loading

    return loading.used(name)
