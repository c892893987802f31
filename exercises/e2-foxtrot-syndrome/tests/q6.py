from otter.test_files import test_case

OK_FORMAT = False

name = "q6"
points = None

@test_case(points=0.5, hidden=False)
def test_parameters(parameters):
    import numpy as np

    assert parameters is not None and parameters is not ..., "parameters is still missing."
    assert not callable(parameters), (
        "parameters is a function or a model, no number. Did you forget the ()? model.count_params()"
    )
    assert np.size(parameters) == 1 and not isinstance(parameters, str), (
        "parameters is one number: model.count_params() tells you."
    )
    count = float(np.ravel(parameters)[0])
    assert np.isfinite(count), f"parameters is {count}; expected a number that model.count_params() gives."
    assert count == int(count), f"parameters is {count}; a number of parameters is whole."
    assert count > 9, f"{count:.0f} parameters are no more than a logistic regression has."
    assert count <= 1_000_000, f"{count:.0f} parameters for 480 patients? Fewer than a million will do."

@test_case(points=1.5, hidden=False)
def test_predict_shape(predict, x_train):
    import numpy as np

    def ask(rows):
        try:
            return predict(rows.copy())
        except Exception:
            # Functions that are written for a table of pandas are asked with one.
            if not hasattr(x_train, "iloc") or np.shape(x_train)[1:] != (8,):
                raise
            return predict(type(x_train)(rows, columns=x_train.columns))

    assert callable(predict), "predict is still missing; write def predict(x):"
    table = np.genfromtxt("data/patients.csv", delimiter=",", skip_header=1)[:, :8]
    table[0], table[1, 3] = np.arange(8) % 5, np.nan
    table[2, 0] = 999
    for n in (5, 1, 400):
        got = ask(table[:n])
        assert got is not None, "predict returns nothing; did you forget return?"
        shape = np.shape(got)
        assert shape == (n,), (
            f"predict made shape {shape} of ({n}, 8); expected ({n},)"
            + (": did you forget .ravel()?" if np.size(got) == n else ".")
            + (" Two chances for each patient? Keep that of the diagnosis 1." if shape == (n, 2) else "")
        )
        got = np.asarray(got, dtype=float)
        assert np.isfinite(got).all(), (
            "predict answers with nan. It is asked with symptoms as they were read: call prepare inside it."
        )
        assert (got >= 0).all() and (got <= 1).all(), (
            f"predict answers with numbers from {got.min():.2f} to {got.max():.2f}; a chance is between 0 "
            "and 1. Does the last layer have a sigmoid?"
        )
