from otter.test_files import test_case

OK_FORMAT = False

name = "q9"
points = None

@test_case(points=1, hidden=False)
def test_accuracy_is_measured(test_accuracy, predict, x_test, y_test):
    import numpy as np

    def ask(rows):
        try:
            return predict(rows.copy())
        except Exception:
            # Functions that are written for a table of pandas are asked with one.
            if not hasattr(x_test, "iloc") or np.shape(x_test)[1:] != (8,):
                raise
            return predict(type(x_test)(rows, columns=x_test.columns))

    name, value = "test_accuracy", test_accuracy
    assert value is not None and value is not ..., f"{name} is still missing."
    assert not callable(value), f"{name} is a function, no number. Did you forget to call it, with ()?"
    assert np.size(value) == 1, f"{name} has shape {np.shape(value)}; expected one number."
    got = float(np.ravel(value)[0])
    assert not 1 < got <= 100, f"{name} is {got:g}; write a share between 0 and 1, no per cent."
    assert callable(predict), "predict is still missing (question 6)."
    assert np.ndim(x_test) == 2 and np.size(y_test) == len(x_test), "First split the table (question 3)."
    truth = np.asarray(y_test, dtype=float).ravel() > 0.5
    right = np.mean((np.asarray(ask(np.array(x_test, dtype=float))).ravel() > 0.5) == truth)
    assert np.isclose(got, right, atol=0.011), (
        f"{name} is {got:.3f}, but your predict has an accuracy of {right:.3f} on x_test and y_test. "
        "Was it measured on another part, before the training ended, or with shapes (160,) and (160, 1)?"
    )
