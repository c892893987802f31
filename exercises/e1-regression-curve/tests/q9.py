from otter.test_files import test_case

OK_FORMAT = False

name = "q9"
points = None

@test_case(points=1, hidden=False)
def test_better_than_a_line(predict, x_test, y_test):
    import numpy as np

    def ask(times):
        try:
            return predict(times.copy())
        except Exception:
            # Functions that are written for a series of pandas are asked with one.
            if not hasattr(x_test, "iloc") or np.ndim(x_test) != 1:
                raise
            return predict(type(x_test)(times))

    assert callable(predict), "predict is still missing."
    times, heights = (np.asarray(values, dtype=float).ravel() for values in (x_test, y_test))
    got = ask(times)
    assert got is not None and np.size(got) == times.size, "First let predict answer for every time."
    mse = np.mean((np.asarray(got, dtype=float).ravel() - heights) ** 2)
    assert mse < 2.5, (
        f"On x_test and y_test your predict has an mse of {mse:.2f}. A straight line has about 4.9, "
        "the noise floor is 1; get below 2.5 first."
    )
    # What is learnt from points with noise is never that near to the law, at 400 times at once.
    assert np.abs(np.asarray(got, dtype=float).ravel() - 2.9 * np.cos(0.6 * times)).max() > 0.01, (
        "predict answers with the law itself. It has to ask your model, which learns from the points."
    )
