from otter.test_files import test_case

OK_FORMAT = False

name = "q9"
points = None

@test_case(points=1, hidden=False)
def test_better_than_a_line(predict, x_test, y_test):
    import numpy as np

    assert callable(predict), "predict is still missing."
    times, heights = (np.asarray(values, dtype=float).ravel() for values in (x_test, y_test))
    got = predict(times)
    assert got is not None and np.size(got) == times.size, "First let predict answer for every time."
    mse = np.mean((np.asarray(got, dtype=float).ravel() - heights) ** 2)
    assert mse < 2.5, (
        f"On x_test and y_test your predict has an mse of {mse:.2f}. A straight line has about 4.9, "
        "the noise floor is 1; get below 2.5 first."
    )
