from otter.test_files import test_case

OK_FORMAT = False

name = "q8"
points = None

@test_case(points=1, hidden=False)
def test_same_patient_same_answer(predict, x_train):
    import numpy as np

    def ask(rows):
        try:
            return predict(rows.copy())
        except Exception:
            # Functions that are written for a table of pandas are asked with one.
            if not hasattr(x_train, "iloc") or np.shape(x_train)[1:] != (8,):
                raise
            return predict(type(x_train)(rows, columns=x_train.columns))

    assert callable(predict), "predict is still missing."
    table = np.genfromtxt("data/patients.csv", delimiter=",", skip_header=1)[:, :8]
    order = np.random.default_rng(0).permutation(len(table))[:200]
    whole, again, some = ask(table), ask(table), ask(table[order])
    assert whole is not None and np.size(whole) == 800, "First let predict answer for every patient."
    whole, again, some = (np.asarray(v, dtype=float).ravel() for v in (whole, again, some))
    assert np.isfinite(whole).all(), "predict answers with nan; call prepare inside it."
    assert whole.std() > 1e-3, "predict gives every patient the same chance. Was the model trained?"
    assert np.allclose(whole, again, atol=1e-2), (
        "predict gave two answers to the same question. Is something random switched on, such as dropout?"
    )
    assert np.allclose(whole[order], some, atol=1e-2), (
        "The chance of a patient depends on the others that come along. "
        "Does prepare compute a mean inside the function?"
    )
