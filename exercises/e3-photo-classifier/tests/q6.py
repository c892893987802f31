from otter.test_files import test_case

OK_FORMAT = False

name = "q6"
points = None

@test_case(points=0.5, hidden=False)
def test_parameters(parameters):
    import numpy as np

    assert parameters is not None and parameters is not ..., "parameters is still missing."
    assert not callable(parameters), (
        "parameters is a function, not its answer: you forgot the (). Write model.count_params()."
    )
    assert np.size(parameters) == 1 and np.asarray(parameters).dtype.kind in "uif", (
        "parameters is one number: model.count_params() tells you."
    )
    assert np.isfinite(parameters).all(), f"parameters is {parameters}, no number of parameters."
    count = float(np.ravel(parameters)[0])
    assert count == int(count), f"parameters is {count}; a number of parameters is whole."
    assert count > 50, f"{count:.0f} parameters are too few to look at pictures."
    assert count <= 10_000_000, f"{count:.0f} parameters for so few photos? Ten million must do."

@test_case(points=1.5, hidden=False)
def test_predict_shape(predict, x_train, labels):
    import numpy as np

    assert callable(predict), "predict is still missing; write def predict(x):"
    assert np.ndim(x_train) == 4, "x_train is still missing (question 3)."
    assert labels is not None and labels is not ..., "labels is still missing (question 1)."
    classes = len(set(np.asarray(labels).ravel().tolist()))
    for n in (5, 1):
        got = predict(np.asarray(x_train)[:n])
        assert got is not None, "predict returns nothing; did you forget return?"
        shape = np.shape(got)
        assert shape == (n, classes), (
            f"predict made shape {shape} of {n} pictures; expected {(n, classes)}"
            + (": one probability for each class, not the class alone." if np.size(got) == n else ".")
        )
        got = np.asarray(got, dtype=float)
        assert np.isfinite(got).all(), "predict answers with nan or inf."
        assert (got >= -1e-3).all() and np.allclose(got.sum(axis=1), 1, atol=0.01), (
            "The probabilities of a picture must be positive and add up to 1: end with softmax."
        )
