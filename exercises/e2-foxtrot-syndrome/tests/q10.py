from otter.test_files import test_case

OK_FORMAT = False

name = "q10"
points = None

@test_case(points=1, hidden=False)
def test_confusion(confusion, predict, x_test, y_test):
    import numpy as np

    def ask(rows):
        try:
            return predict(rows.copy())
        except Exception:
            # Functions that are written for a table of pandas are asked with one.
            if not hasattr(x_test, "iloc") or np.shape(x_test)[1:] != (8,):
                raise
            return predict(type(x_test)(rows, columns=x_test.columns))

    assert confusion is not None and confusion is not ..., "confusion is still missing."
    shape = np.shape(confusion)
    assert shape == (2, 2), f"confusion has shape {shape}; expected (2, 2)."
    assert callable(predict), "predict is still missing (question 6)."
    assert np.ndim(x_test) == 2 and np.size(y_test) == len(x_test), "First split the table (question 3)."
    truth = (np.asarray(y_test, dtype=float).ravel() > 0.5).astype(int)
    said = (np.asarray(ask(np.array(x_test, dtype=float))).ravel() > 0.5).astype(int)
    assert len(truth) > 1, "x_test has no patients; first split the table (question 3)."
    right = np.zeros((2, 2))
    np.add.at(right, (truth, said), 1)
    got = np.asarray(confusion, dtype=float)
    total = got.sum()
    assert total > 2.001 or len(truth) <= 2, "confusion holds shares; expected numbers of patients."
    assert np.isclose(total, len(truth)), (
        f"confusion counts {total:.0f} patients; expected the {len(truth)} of the test part."
    )

    # A chance of nearly 0.5 may fall on either side when it is computed again.
    def near(other):
        return np.abs(got - other).max() <= 1

    assert near(right) or not near(right.T), (
        "confusion has rows and columns swapped: the row is the true diagnosis, the column what the network says."
    )
    assert near(right) or not near(right[::-1, ::-1]), (
        "confusion begins with the diagnosis 1; put 0 first, in rows and columns."
    )
    assert near(right), (
        f"confusion is {got.astype(int).tolist()}, but predict, x_test and y_test give {right.astype(int).tolist()}."
    )

@test_case(points=0.5, hidden=False)
def test_sensitivity(sensitivity, predict, x_test, y_test):
    import numpy as np

    def ask(rows):
        try:
            return predict(rows.copy())
        except Exception:
            # Functions that are written for a table of pandas are asked with one.
            if not hasattr(x_test, "iloc") or np.shape(x_test)[1:] != (8,):
                raise
            return predict(type(x_test)(rows, columns=x_test.columns))

    name, value = "sensitivity", sensitivity
    assert value is not None and value is not ..., f"{name} is still missing."
    assert not callable(value), f"{name} is a function, no number. Did you forget to call it, with ()?"
    assert np.size(value) == 1, f"{name} has shape {np.shape(value)}; expected one number."
    got = float(np.ravel(value)[0])
    assert not 1 < got <= 100, f"{name} is {got:g}; write a share between 0 and 1, no per cent."
    assert callable(predict), "predict is still missing (question 6)."
    assert np.ndim(x_test) == 2 and np.size(y_test) == len(x_test), "First split the table (question 3)."
    truth = (np.asarray(y_test, dtype=float).ravel() > 0.5).astype(int)
    said = (np.asarray(ask(np.array(x_test, dtype=float))).ravel() > 0.5).astype(int)
    right, other = np.mean(said[truth == 1] == 1), np.mean(said[truth == 0] == 0)
    precision = np.mean(truth[said == 1] == 1) if (said == 1).any() else 0.0
    if abs(got - right) > 0.03:
        assert abs(got - other) > 0.001, f"{name} is {got:.3f}: that is the share of the other diagnosis."
        assert abs(got - precision) > 0.001, (
            f"{name} is {got:.3f}: that is the share of the right ones among those to whom the network gives "
            "the diagnosis 1. Divide by those who truly have it."
        )
    # One patient more or less moves a share of some 70.
    assert abs(got - right) <= 0.03, f"{name} is {got:.3f}; predict, x_test and y_test give {right:.3f}."

@test_case(points=0.5, hidden=False)
def test_specificity(specificity, predict, x_test, y_test):
    import numpy as np

    def ask(rows):
        try:
            return predict(rows.copy())
        except Exception:
            # Functions that are written for a table of pandas are asked with one.
            if not hasattr(x_test, "iloc") or np.shape(x_test)[1:] != (8,):
                raise
            return predict(type(x_test)(rows, columns=x_test.columns))

    name, value = "specificity", specificity
    assert value is not None and value is not ..., f"{name} is still missing."
    assert not callable(value), f"{name} is a function, no number. Did you forget to call it, with ()?"
    assert np.size(value) == 1, f"{name} has shape {np.shape(value)}; expected one number."
    got = float(np.ravel(value)[0])
    assert not 1 < got <= 100, f"{name} is {got:g}; write a share between 0 and 1, no per cent."
    assert callable(predict), "predict is still missing (question 6)."
    assert np.ndim(x_test) == 2 and np.size(y_test) == len(x_test), "First split the table (question 3)."
    truth = (np.asarray(y_test, dtype=float).ravel() > 0.5).astype(int)
    said = (np.asarray(ask(np.array(x_test, dtype=float))).ravel() > 0.5).astype(int)
    right, other = np.mean(said[truth == 0] == 0), np.mean(said[truth == 1] == 1)
    precision = np.mean(truth[said == 0] == 0) if (said == 0).any() else 0.0
    if abs(got - right) > 0.03:
        assert abs(got - other) > 0.001, f"{name} is {got:.3f}: that is the share of the other diagnosis."
        assert abs(got - precision) > 0.001, (
            f"{name} is {got:.3f}: that is the share of the right ones among those to whom the network gives "
            "the diagnosis 0. Divide by those who truly do not have it."
        )
    # One patient more or less moves a share of some 70.
    assert abs(got - right) <= 0.03, f"{name} is {got:.3f}; predict, x_test and y_test give {right:.3f}."
