from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = None

@test_case(points=0.5, hidden=False)
def test_parameters(parameters):
    import numpy as np

    assert parameters is not None and parameters is not ..., "parameters is still missing."
    assert np.size(parameters) == 1 and not isinstance(parameters, str), (
        "parameters is one number: model.count_params() tells you."
    )
    count = float(np.ravel(parameters)[0])
    assert count == int(count), f"parameters is {count}; a number of parameters is whole."
    assert count > 3, f"{count:.0f} parameters are as many as a straight line has; this wave needs more."
    assert count <= 1_000_000, f"{count:.0f} parameters for 1,200 points? Fewer than a million will do."

@test_case(points=1.5, hidden=False)
def test_predict_shape(predict):
    import numpy as np

    assert callable(predict), "predict is still missing; write def predict(x):"
    for n in (5, 1, 400):
        got = predict(np.linspace(-10, 10, n))
        assert got is not None, "predict returns nothing; did you forget return?"
        shape = np.shape(got)
        assert shape == (n,), (
            f"predict made shape {shape} of ({n},); expected ({n},)"
            + (": did you forget .ravel()?" if np.size(got) == n else ".")
        )
        assert np.isfinite(np.asarray(got, dtype=float)).all(), "predict answers with nan or inf."
