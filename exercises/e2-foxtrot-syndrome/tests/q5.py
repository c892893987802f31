from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = None

@test_case(points=1, hidden=False)
def test_majority(majority_accuracy, y_train, y_val):
    import numpy as np

    name, value = "majority_accuracy", majority_accuracy
    assert value is not None and value is not ..., f"{name} is still missing."
    assert not callable(value), f"{name} is a function, no number. Did you forget to call it, with ()?"
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

    def ask(rows):
        try:
            return prepare(rows.copy())
        except Exception:
            # Functions that are written for a table of pandas are asked with one.
            if not hasattr(x_train, "iloc") or np.shape(x_train)[1:] != (8,):
                raise
            return prepare(type(x_train)(rows, columns=x_train.columns))

    name, value = "linear_accuracy", linear_accuracy
    assert value is not None and value is not ..., f"{name} is still missing."
    assert not callable(value), f"{name} is a function, no number. Did you forget to call it, with ()?"
    assert np.size(value) == 1, f"{name} has shape {np.shape(value)}; expected one number."
    got = float(np.ravel(value)[0])
    assert not 1 < got <= 100, f"{name} is {got:g}; write a share between 0 and 1, no per cent."
    assert callable(prepare), "prepare is still missing (question 4)."
    assert np.ndim(x_train) == 2 and np.ndim(x_val) == 2, "First split the table (question 3)."
    fit, new = (np.asarray(ask(np.array(v, dtype=float)), dtype=float) for v in (x_train, x_val))
    y_fit, y_new = (np.asarray(values, dtype=float).ravel() for values in (y_train, y_val))
    assert np.isfinite(fit).all() and np.isfinite(new).all(), "prepare leaves gaps; fill them first."
    # Penalties from strong to none to speak of, and both diagnoses weighed alike: all of them are right.
    lines = [
        LogisticRegression(C=penalty, class_weight=weight, max_iter=1000).fit(fit, y_fit)
        for weight in (None, "balanced")
        for penalty in (1, 0.1, 0.01, 100)
    ]
    right, seen = [line.score(new, y_new) for line in lines], lines[0].score(fit, y_fit)
    majority = np.mean(y_new == (y_fit.mean() > 0.5))
    # Another solver moves a few of 160 patients.
    low, high = min(majority, *right) - 0.03, max(right) + 0.06
    outside = max(low - got, got - high)
    assert outside <= 0, (
        f"{name} is {got:.3f}; expected about {right[0]:.2f}."
        + (" Was it measured on the training part?" if abs(got - seen) < 0.005 else
           " Train on prepare(x_train), measure on prepare(x_val) and y_val.")
    )
