from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = None

@test_case(points=1, hidden=False)
def test_majority(majority_accuracy, y_train, y_val):
    import numpy as np

    name, value = "majority_accuracy", majority_accuracy
    assert value is not None and value is not ..., f"{name} is still missing."
    assert np.size(value) == 1, f"{name} has shape {np.shape(value)}; expected one number."
    assert np.size(y_train) > 1 and np.size(y_val) > 1, "First split the table (question 3)."
    got = float(np.ravel(value)[0])
    assert not 1 < got <= 100, f"{name} is {got:g}; write a share between 0 and 1, no per cent."
    y_fit, y_new = (np.asarray(values, dtype=float).ravel() for values in (y_train, y_val))
    right = np.mean(y_new == (y_fit.mean() > 0.5))
    assert not np.isclose(got, 1 - right, atol=0.002) or np.isclose(right, 0.5, atol=0.002), (
        f"{name} is {got:.3f}: that is the share of the rarer diagnosis."
    )
    assert np.isclose(got, right, atol=0.002), (
        f"{name} is {got:.3f}; expected {right:.3f}: the share of y_val that has the diagnosis "
        "which is the more frequent one in y_train."
    )

@test_case(points=1, hidden=False)
def test_linear(linear_accuracy, prepare, x_train, y_train, x_val, y_val):
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    name, value = "linear_accuracy", linear_accuracy
    assert value is not None and value is not ..., f"{name} is still missing."
    assert np.size(value) == 1, f"{name} has shape {np.shape(value)}; expected one number."
    got = float(np.ravel(value)[0])
    assert not 1 < got <= 100, f"{name} is {got:g}; write a share between 0 and 1, no per cent."
    assert callable(prepare), "prepare is still missing (question 4)."
    assert np.ndim(x_train) == 2 and np.ndim(x_val) == 2, "First split the table (question 3)."
    fit, new = (np.asarray(prepare(np.array(v, dtype=float)), dtype=float) for v in (x_train, x_val))
    y_fit, y_new = (np.asarray(values, dtype=float).ravel() for values in (y_train, y_val))
    assert np.isfinite(fit).all() and np.isfinite(new).all(), "prepare leaves gaps; fill them first."
    line = LogisticRegression(max_iter=1000).fit(fit, y_fit)
    right, seen = line.score(new, y_new), line.score(fit, y_fit)
    # Another solver and another penalty move a few of 160 patients.
    assert abs(got - right) <= 0.06, (
        f"{name} is {got:.3f}; expected about {right:.2f}."
        + (" Was it measured on the training part?" if abs(got - seen) < 0.005 else
           " Train on prepare(x_train), measure on prepare(x_val) and y_val.")
    )
