from otter.test_files import test_case

OK_FORMAT = False

name = "q7"
points = None

@test_case(points=1, hidden=False)
def test_bends(predict, x_train):
    import numpy as np

    def ask(times):
        try:
            return predict(times.copy())
        except Exception:
            # Functions that are written for a series of pandas are asked with one.
            if not hasattr(x_train, "iloc") or np.ndim(x_train) != 1:
                raise
            return predict(type(x_train)(times))

    assert callable(predict), "predict is still missing."
    times = np.linspace(-10, 10, 201)
    got = ask(times)
    assert got is not None and np.size(got) == 201, "First let predict answer once for every time."
    got = np.asarray(got, dtype=float).ravel()
    assert np.isfinite(got).all(), "predict answers with nan or inf."
    line = np.polyval(np.polyfit(times, got, 1), times)
    bend = np.sqrt(np.mean((got - line) ** 2))
    assert bend > 0.5, (
        f"Your curve is a straight line, up to {bend:.2f} dm; the wave is higher. "
        "Do the hidden layers have an activation? Was the model trained?"
    )

@test_case(points=1, hidden=False)
def test_same_question_same_answer(predict, x_train):
    import numpy as np

    def ask(times):
        try:
            return predict(times.copy())
        except Exception:
            # Functions that are written for a series of pandas are asked with one.
            if not hasattr(x_train, "iloc") or np.ndim(x_train) != 1:
                raise
            return predict(type(x_train)(times))

    assert callable(predict), "predict is still missing."
    times = np.linspace(-10, 10, 201)
    order = np.random.default_rng(0).permutation(times.size)
    first, again, mixed = ask(times), ask(times), ask(times[order])
    assert first is not None and np.size(first) == 201, "First let predict answer for every time."
    first, again, mixed = (np.asarray(v, dtype=float).ravel() for v in (first, again, mixed))
    assert first.std() > 1e-3, "predict gives every time the same height."
    assert np.allclose(first, again, atol=1e-2), (
        "predict gave two answers to the same question. Is something random switched on, such as dropout?"
    )
    assert np.allclose(first[order], mixed, atol=1e-2), (
        "The answer for a time depends on the others that come with it. "
        "Does scale compute a mean inside the function?"
    )
