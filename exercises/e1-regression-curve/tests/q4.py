from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = None

@test_case(points=1, hidden=False)
def test_range(scale):
    import numpy as np

    assert callable(scale), "scale is still missing; write def scale(x):"
    times = np.linspace(-10, 10, 81)
    got = scale(times)
    assert got is not None, "scale returns nothing; did you forget return?"
    assert np.shape(got) == (81,), f"scale made shape {np.shape(got)} of (81,); it must keep the shape."
    got = np.asarray(got, dtype=float)
    assert np.isfinite(got).all(), "scale makes numbers that are not finite."
    steps = np.diff(got)
    assert (steps > 0).all() or (steps < 0).all(), (
        "scale gives different times the same value, or changes their order: "
        "then no network can tell them apart."
    )
    assert np.abs(got).max() <= 4, (
        f"scale makes {np.abs(got).max():.1f} of a time between -10 and 10; bring it below 4."
    )

@test_case(points=0.5, hidden=False)
def test_same_for_each(scale):
    import numpy as np

    assert callable(scale), "scale is still missing."
    times = np.linspace(-10, 10, 81)
    whole, part = scale(times), scale(times[40:])
    assert whole is not None and np.size(whole) == 81, "First let scale keep the shape."
    whole, part = np.ravel(whole)[40:], np.ravel(part)
    assert np.allclose(whole, part, atol=1e-4), (
        f"scale makes {whole[0]:.2f} or {part[0]:.2f} of the same time, depending on the others. "
        "Compute its numbers once, outside the function, from x_train."
    )

@test_case(points=0.5, hidden=False)
def test_fitted_on_training_part(scale, x_train, x_val, x_test):
    import numpy as np

    assert callable(scale), "scale is still missing."
    assert np.size(x_train) > 1, "x_train is still missing."
    fit = np.asarray(x_train, dtype=float).ravel()
    others = [np.asarray(values, dtype=float).ravel() for values in (x_val, x_test)]
    samples = {
        "all the data": np.concatenate([fit, *others]),
        "the validation part": others[0],
        "the test part": others[1],
    }

    def is_fitted_on(times):
        got = np.asarray(scale(times), dtype=float)
        return abs(got.mean()) < 1e-4 and abs(got.std() - 1) < 1e-4

    assert np.shape(scale(fit)) == fit.shape, "First let scale keep the shape."
    for name, times in samples.items():
        assert is_fitted_on(fit) or not is_fitted_on(times), (
            f"The mean and the standard deviation in scale come from {name}. "
            "Take them from x_train only: the rest is for judging."
        )
