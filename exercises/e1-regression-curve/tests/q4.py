from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = None

@test_case(points=1, hidden=False)
def test_range(scale, x_train):
    import numpy as np

    def ask(times):
        try:
            return scale(times.copy())
        except Exception:
            # Functions that are written for a series of pandas are asked with one.
            if not hasattr(x_train, "iloc") or np.ndim(x_train) != 1:
                raise
            return scale(type(x_train)(times))

    assert callable(scale), "scale is still missing; write def scale(x):"
    times = np.linspace(-10, 10, 81)
    got = ask(times)
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
def test_same_for_each(scale, x_train):
    import numpy as np

    def ask(times):
        try:
            return scale(times.copy())
        except Exception:
            # Functions that are written for a series of pandas are asked with one.
            if not hasattr(x_train, "iloc") or np.ndim(x_train) != 1:
                raise
            return scale(type(x_train)(times))

    assert callable(scale), "scale is still missing."
    times = np.linspace(-10, 10, 81)
    whole, part = ask(times), ask(times[40:])
    assert whole is not None and np.size(whole) == 81, "First let scale keep the shape."
    whole, part = np.ravel(whole)[40:], np.ravel(part)
    assert np.allclose(whole, part, atol=1e-4), (
        f"scale makes {whole[0]:.2f} or {part[0]:.2f} of the same time, depending on the others. "
        "Compute its numbers once, outside the function, from x_train."
    )

@test_case(points=0.5, hidden=False)
def test_fitted_on_training_part(scale, x_train, x_val, x_test):
    import numpy as np

    def ask(times):
        try:
            return scale(times.copy())
        except Exception:
            # Functions that are written for a series of pandas are asked with one.
            if not hasattr(x_train, "iloc") or np.ndim(x_train) != 1:
                raise
            return scale(type(x_train)(times))

    assert callable(scale), "scale is still missing."
    assert np.size(x_train) > 1, "x_train is still missing."
    parts = [np.asarray(values, dtype=float).ravel() for values in (x_train, x_val, x_test)]
    for times in parts:
        assert np.shape(ask(times)) == times.shape, "First let scale keep the shape."
    fit, val, test = (np.asarray(ask(times), dtype=float) for times in parts)

    def is_fitted_on(got):
        return abs(got.mean()) < 1e-4 and any(abs(got.std(ddof=ddof) - 1) < 1e-4 for ddof in (0, 1))

    samples = {
        "all the data": np.concatenate([fit, val, test]),
        "the training and the validation part together": np.concatenate([fit, val]),
        "the validation part": val,
        "the test part": test,
    }
    for name, got in samples.items():
        assert is_fitted_on(fit) or not is_fitted_on(got), (
            f"The mean and the standard deviation in scale come from {name}. "
            "Take them from x_train only: the rest is for judging."
        )
