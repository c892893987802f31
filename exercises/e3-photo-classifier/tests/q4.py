from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = None

@test_case(points=1, hidden=False)
def test_range(scale, SIZE):
    import numpy as np

    assert callable(scale), "scale is still missing; write def scale(x):"
    assert SIZE is not None and SIZE is not ..., "SIZE is still missing (question 2)."
    size = int(np.ravel(SIZE)[0])
    levels = np.linspace(0, 255, size).astype(np.uint8)
    pictures = np.broadcast_to(levels[None, None, :, None], (2, size, size, 3)).copy()
    got = scale(pictures)
    assert got is not None, "scale returns nothing; did you forget return?"
    assert np.shape(got) == pictures.shape, (
        f"scale made shape {np.shape(got)} of {pictures.shape}; it must keep the shape."
    )
    got = np.asarray(got, dtype=float)
    assert np.isfinite(got).all(), "scale makes numbers that are not finite."
    assert np.abs(got).max() <= 4, (
        f"scale makes {np.abs(got).max():.1f} of a value between 0 and 255; bring it near 1."
    )
    steps = np.diff(got, axis=2)
    assert (steps > 0).all(), "scale makes different values equal, or changes their order."

@test_case(points=1, hidden=False)
def test_same_for_each(scale, images):
    import numpy as np

    assert callable(scale), "scale is still missing."
    assert np.ndim(images) == 4, "images is still missing (question 2)."
    some = np.asarray(images)[:6]
    whole, part = scale(some), scale(some[2:3])
    assert whole is not None and np.shape(whole) == some.shape, "First let scale keep the shape."
    assert np.allclose(np.asarray(whole)[2:3], np.asarray(part), atol=0.02), (
        "What scale makes of a picture depends on the others. "
        "Compute its numbers once, outside the function, from x_train."
    )
