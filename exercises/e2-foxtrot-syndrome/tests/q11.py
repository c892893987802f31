from otter.test_files import test_case

OK_FORMAT = False

name = "q11"
points = None

@test_case(points=1, hidden=False)
def test_better_than_the_majority(predict, x_test, y_test):
    import numpy as np

    def ask(rows):
        try:
            return predict(rows.copy())
        except Exception:
            # Functions that are written for a table of pandas are asked with one.
            if not hasattr(x_test, "iloc") or np.shape(x_test)[1:] != (8,):
                raise
            return predict(type(x_test)(rows, columns=x_test.columns))

    assert callable(predict), "predict is still missing."
    assert np.ndim(x_test) == 2 and np.size(y_test) == len(x_test), "First split the table (question 3)."
    truth = np.asarray(y_test, dtype=float).ravel() > 0.5
    accuracy = np.mean((np.asarray(ask(np.array(x_test, dtype=float))).ravel() > 0.5) == truth)
    assert accuracy >= 0.65, (
        f"On x_test and y_test your predict has an accuracy of {accuracy:.2f}. Somebody who always gives the "
        "same diagnosis has nearly as much; get above 0.65 first."
    )
