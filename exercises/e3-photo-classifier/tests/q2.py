from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = None

@test_case(points=1, hidden=False)
def test_resize(resize, SIZE):
    import numpy as np

    assert SIZE is not None and SIZE is not ..., "SIZE is still missing."
    assert np.size(SIZE) == 1, f"SIZE has shape {np.shape(SIZE)}; expected one number, such as 64."
    assert np.asarray(SIZE).dtype.kind in "uif" and np.isfinite(SIZE).all(), (
        "SIZE is no number. Choose one between 24 and 128."
    )
    size = int(np.ravel(SIZE)[0])
    assert 24 <= size <= 128, f"SIZE is {size}; choose between 24 and 128."
    assert callable(resize), "resize is still missing; write def resize(photo):"
    for height, width in ((72, 96), (96, 72), (60, 60), (200, 150)):
        # Red grows to the right, green grows downwards, there is no blue.
        photo = np.zeros((height, width, 3), np.uint8)
        photo[..., 0] = np.linspace(0, 255, width)[None, :]
        photo[..., 1] = np.linspace(0, 255, height)[:, None]
        got = resize(photo)
        assert got is not None, "resize returns nothing; did you forget return?"
        shape = np.shape(got)
        assert shape == (size, size, 3), (
            f"resize made shape {shape} of {photo.shape}; expected {(size, size, 3)}."
        )
        got = np.asarray(got, dtype=float)
        assert np.isfinite(got).all(), "resize makes numbers that are not finite."
        assert got.min() >= -1 and got.max() <= 256, (
            f"resize makes values from {got.min():.0f} to {got.max():.0f}; they stay between 0 and 255."
        )
        assert got.max() > 100, (
            f"The largest value after resize is {got.max():.2f}, of a photo that has 255. "
            "Scale later, in question 4."
        )
        middle = got[size // 4 : -(size // 4), size // 4 : -(size // 4)]
        right = middle[:, -3:, 0].mean() - middle[:, :3, 0].mean()
        down = middle[-3:, :, 1].mean() - middle[:3, :, 1].mean()
        assert right > 20 and down > 20, (
            "resize turns or mirrors the picture, or mixes its colours up. Are rows and columns swapped?"
        )

@test_case(points=1, hidden=False)
def test_images(images, labels, SIZE):
    import numpy as np

    assert images is not None and images is not ..., "images is still missing."
    assert labels is not None and labels is not ..., "labels is still missing (question 1)."
    assert np.size(SIZE) == 1 and SIZE is not None and SIZE is not ..., "SIZE is still missing."
    assert np.asarray(SIZE).dtype.kind in "uif" and np.isfinite(SIZE).all(), (
        "SIZE is no number. Choose one between 24 and 128."
    )
    assert np.size(labels), "labels is empty (question 1)."
    size, number = int(np.ravel(SIZE)[0]), np.size(labels)
    shape = np.shape(images)
    assert shape == (number, size, size, 3), (
        f"images has shape {shape}; expected {(number, size, size, 3)}: one picture for each photo."
    )
    values = np.asarray(images)
    assert values.dtype.kind in "uif", f"images has the type {values.dtype}; expected numbers."
    assert values.min() >= -1 and 100 < values.max() <= 256, (
        f"images has values from {values.min():.2f} to {values.max():.2f}; expected 0 to 255."
    )
    assert values.reshape(number, -1).std(axis=1).min() > 0.5, "A picture in images has one colour only."
