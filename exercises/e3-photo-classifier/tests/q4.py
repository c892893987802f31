from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = None

@test_case(points=1, hidden=False)
def test_range(scale, SIZE, images):
    import numpy as np

    assert callable(scale), "scale is still missing; write def scale(x):"
    assert SIZE is not None and SIZE is not ..., "SIZE is still missing (question 2)."
    assert np.size(SIZE), "SIZE is empty (question 2)."
    assert np.asarray(SIZE).dtype.kind in "uif" and np.isfinite(SIZE).all(), (
        "SIZE is no number. Choose one between 24 and 128 (question 2)."
    )
    size = int(np.ravel(SIZE)[0])
    # Grey grows to the right, and the second picture is brighter at every place.
    levels = np.array([[0], [55]]) + np.linspace(0, 200, size)
    pictures = np.tile(levels.astype(np.uint8)[:, None, :, None], (1, size, 1, 3))
    got = scale(pictures)
    assert got is not None, "scale returns nothing; did you forget return?"
    assert np.shape(got) == pictures.shape, (
        f"scale made shape {np.shape(got)} of {pictures.shape}; it must keep the shape."
    )
    got = np.asarray(got, dtype=float)
    assert np.isfinite(got).all(), "scale makes numbers that are not finite."
    # Scaled with a mean for each place, neighbours may change their order; with one for each picture,
    # the two pictures may.
    assert (np.diff(got, axis=2) > 0).all() or (np.diff(got, axis=0) > 0).all(), (
        "scale makes different values equal, or changes their order."
    )
    # In bright photos black lies many standard deviations from the mean, so the largest value says
    # little. The mean distance from 0 is at most 1 for pictures that are scaled with their own mean
    # and standard deviation.
    if np.ndim(images) == 4:
        some = np.asarray(images)[:: len(images) // 32 + 1]
        got = np.asarray(scale(some), dtype=float)
    assert np.abs(got).mean() <= 2, (
        f"After scale, values are {np.abs(got).mean():.1f} from 0 on the average; bring them near 1."
    )

@test_case(points=1, hidden=False)
def test_same_for_each(scale, images):
    import numpy as np

    assert callable(scale), "scale is still missing."
    assert np.ndim(images) == 4, "images is still missing (question 2)."
    assert np.size(images), "images is empty (question 2)."
    some = np.asarray(images)[:6]
    whole, part = scale(some), scale(some[2:3])
    assert whole is not None and np.shape(whole) == some.shape, "First let scale keep the shape."
    assert np.allclose(np.asarray(whole)[2:3], np.asarray(part), atol=0.02), (
        "What scale makes of a picture depends on the others. "
        "Compute its numbers once, outside the function, from x_train."
    )
