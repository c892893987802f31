from otter.test_files import test_case

OK_FORMAT = False

name = "q8"
points = None

@test_case(points=1, hidden=False)
def test_mse_is_measured(test_mse, predict, x_test, y_test):
    import numpy as np

    def ask(times):
        try:
            return predict(times.copy())
        except Exception:
            # Functions that are written for a series of pandas are asked with one.
            if not hasattr(x_test, "iloc") or np.ndim(x_test) != 1:
                raise
            return predict(type(x_test)(times))

    assert test_mse is not None and test_mse is not ..., "test_mse is still missing."
    assert not callable(test_mse), "test_mse is a function, no number. Did you forget to call it, with ()?"
    assert np.size(test_mse) == 1, f"test_mse has shape {np.shape(test_mse)}; expected one number."
    assert callable(predict), "predict is still missing (question 5)."
    times, heights = (np.asarray(values, dtype=float).ravel() for values in (x_test, y_test))
    got = np.asarray(ask(times), dtype=float).ravel()
    right = np.mean((got - heights) ** 2)
    crossed = np.mean((got[:, None] - heights) ** 2)
    mse = float(np.ravel(test_mse)[0])
    if abs(mse - crossed) < abs(mse - right) and np.isclose(mse, crossed, rtol=0.01):
        raise AssertionError(
            f"test_mse is {mse:.2f}: this compares every answer with every height, 400 times 400. "
            "Bring both to shape (400,)."
        )
    assert not np.isclose(mse, right**0.5, rtol=0.01) or np.isclose(right, 1, rtol=0.03), (
        "test_mse is the root of the mse; leave the root out."
    )
    assert np.isclose(mse, right, rtol=0.02), (
        f"test_mse is {mse:.3f}, but your predict has an mse of {right:.3f} on x_test and y_test. "
        "Was it measured on another part, on scaled heights, or before the training ended?"
    )
