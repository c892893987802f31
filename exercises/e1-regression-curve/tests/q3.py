from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = None

@test_case(points=1, hidden=False)
def test_mean(mean_mse, y_train, y_val):
    import numpy as np

    assert mean_mse is not None and mean_mse is not ..., "mean_mse is still missing."
    assert not callable(mean_mse), "mean_mse is a function, no number. Did you forget to call it, with ()?"
    assert np.size(mean_mse) == 1, f"mean_mse has shape {np.shape(mean_mse)}; expected one number."
    y_fit, y_new = (np.asarray(values, dtype=float).ravel() for values in (y_train, y_val))
    right, root = np.mean((y_new - y_fit.mean()) ** 2), np.mean((y_new - y_fit.mean()) ** 2) ** 0.5
    got = float(np.ravel(mean_mse)[0])
    assert not np.isclose(got, root, rtol=0.02), "mean_mse is the root of the mse; leave it out."
    assert np.isclose(got, right, rtol=0.02), (
        f"mean_mse is {got:.3f}; expected about {right:.2f}: "
        "the mean of the squares of y_val minus the mean of y_train."
    )

@test_case(points=1, hidden=False)
def test_line(line_mse, x_train, y_train, x_val, y_val):
    import numpy as np

    assert line_mse is not None and line_mse is not ..., "line_mse is still missing."
    assert not callable(line_mse), "line_mse is a function, no number. Did you forget to call it, with ()?"
    assert np.size(line_mse) == 1, f"line_mse has shape {np.shape(line_mse)}; expected one number."
    fit = [np.asarray(values, dtype=float).ravel() for values in (x_train, y_train)]
    new = [np.asarray(values, dtype=float).ravel() for values in (x_val, y_val)]
    right = np.mean((new[1] - np.polyval(np.polyfit(*fit, 1), new[0])) ** 2)
    got = float(np.ravel(line_mse)[0])
    assert not np.isclose(got, right**0.5, rtol=0.02), "line_mse is the root of the mse; leave it out."
    assert np.isclose(got, right, rtol=0.02), (
        f"line_mse is {got:.3f}; expected about {right:.2f}: fit the line to the training part, "
        "and measure it on the validation part."
    )
