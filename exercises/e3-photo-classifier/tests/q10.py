from otter.test_files import test_case

OK_FORMAT = False

name = "q10"
points = None

@test_case(points=1, hidden=False)
def test_confusion(confusion, predict, x_test, y_test):
    import numpy as np

    assert confusion is not None and confusion is not ..., "confusion is still missing."
    assert callable(predict) and np.ndim(x_test) == 4, "First answer questions 3 and 6."
    assert np.size(y_test) == len(x_test) > 1, "x_test needs pictures, and y_test as many numbers (question 3)."
    answers = np.asarray(predict(np.asarray(x_test)), dtype=float)
    k = answers.shape[1]
    assert np.shape(confusion) == (k, k), (
        f"confusion has shape {np.shape(confusion)}; expected {(k, k)}: a row and a column a class."
    )
    right = np.zeros((k, k))
    np.add.at(right, (np.ravel(y_test).astype(int), answers.argmax(axis=1)), 1)
    got = np.asarray(confusion, dtype=float)
    assert got.sum() == right.sum(), (
        f"The numbers in confusion add up to {got.sum():g}; x_test has {right.sum():g} pictures."
    )
    if not np.array_equal(right, right.T):
        assert not np.array_equal(got, right.T), "Rows and columns of confusion are swapped."
    assert np.array_equal(got, right), "confusion does not agree with what predict says about x_test."

@test_case(points=1, hidden=False)
def test_mistakes(mistakes, predict, x_test, y_test):
    import numpy as np

    assert mistakes is not None and mistakes is not ..., "mistakes is still missing."
    assert callable(predict) and np.ndim(x_test) == 4, "First answer questions 3 and 6."
    assert np.size(y_test) == len(x_test) > 1, "x_test needs pictures, and y_test as many numbers (question 3)."
    answers = np.asarray(predict(np.asarray(x_test)), dtype=float).argmax(axis=1)
    right = np.flatnonzero(answers != np.ravel(y_test)).tolist()
    got = sorted(np.ravel(mistakes).tolist())
    assert len(got) == len(right), f"mistakes has {len(got)} places; {len(right)} pictures got a wrong class."
    assert got == right, (
        "mistakes holds other places than those of the wrong answers. They are places in x_test, from 0."
    )
