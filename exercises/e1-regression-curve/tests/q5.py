from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
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
    assert count > 3, f"{count:.0f} parameters are as many as a straight line has; this wave needs more."
    assert count <= 1_000_000, f"{count:.0f} parameters for 1,200 points? Fewer than a million will do."

@test_case(points=1.5, hidden=False)
def test_predict_shape(predict, x_train):
    import numpy as np

    def ask(times):
        try:
            return predict(times.copy())
        except Exception:
            # Functions that are written for a series of pandas are asked with one.
            if not hasattr(x_train, "iloc") or np.ndim(x_train) != 1:
                raise
            return predict(type(x_train)(times))

    assert callable(predict), "predict is still missing; write def predict(x):"
    for n in (5, 1, 400):
        times = np.linspace(-10, 10, n)
        got = ask(times)
        assert got is not None, "predict returns nothing; did you forget return?"
        shape = np.shape(got)
        assert shape == (n,), (
            f"predict made shape {shape} of ({n},); expected ({n},)"
            + (": did you forget .ravel()?" if np.size(got) == n else ".")
        )
        got = np.asarray(got, dtype=float)
        assert np.isfinite(got).all(), "predict answers with nan or inf."
    # What is learnt from points with noise is never that near to the law, at 400 times at once.
    assert np.abs(got - 2.9 * np.cos(0.6 * times)).max() > 0.01, (
        "predict answers with the law itself. It has to ask your model, which learns from the points."
    )
