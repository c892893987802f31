from otter.test_files import test_case

OK_FORMAT = False

name = "q8"
points = None

@test_case(points=1, hidden=False)
def test_accuracy_is_measured(test_accuracy, predict, x_test, y_test):
    import numpy as np

    assert test_accuracy is not None and test_accuracy is not ..., "test_accuracy is still missing."
    assert np.size(test_accuracy) == 1, (
        f"test_accuracy has shape {np.shape(test_accuracy)}; expected one number."
    )
    assert np.asarray(test_accuracy).dtype.kind in "uif", "test_accuracy is no number."
    assert callable(predict) and np.ndim(x_test) == 4, "First answer questions 3 and 6."
    got = np.asarray(predict(np.asarray(x_test)), dtype=float).argmax(axis=1)
    right, told = np.mean(got == np.ravel(y_test)), float(np.ravel(test_accuracy)[0])
    assert not told > 1, f"test_accuracy is {told:g}; give a share between 0 and 1, not per cent."
    assert abs(told - right) < 0.01, (
        f"test_accuracy is {told:.3f}, but your predict is right for {right:.3f} of x_test. "
        "Was it measured on another part, or before the training ended?"
    )
