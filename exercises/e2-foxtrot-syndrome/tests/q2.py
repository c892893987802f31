from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = None

@test_case(points=1, hidden=False)
def test_gaps(gaps):
    import numpy as np

    assert gaps is not None and gaps is not ..., "gaps is still missing."
    shape = np.shape(gaps)
    assert shape == (8,), (
        f"gaps has shape {shape}; expected (8,): one number for each column."
        + (" Sum over the rows, axis=0." if shape in ((800,), ()) else "")
    )
    table = np.genfromtxt("data/patients.csv", delimiter=",", skip_header=1)[:, :8]
    wrong = np.flatnonzero(np.asarray(gaps, dtype=float) != np.isnan(table).sum(axis=0))
    assert wrong.size == 0, (
        f"gaps is wrong in the columns {wrong.tolist()} (counted from 0). "
        "Count what is nan in the table as it was read, before anything is filled."
    )

@test_case(points=1, hidden=False)
def test_impossible(impossible):
    import numpy as np

    assert impossible is not None and impossible is not ..., "impossible is still missing."
    shape = np.shape(impossible)
    assert shape == (8,), (
        f"impossible has shape {shape}; expected (8,): one number for each column."
        + (" Sum over the rows, axis=0." if shape in ((800,), ()) else "")
    )
    table = np.genfromtxt("data/patients.csv", delimiter=",", skip_header=1)[:, :8]
    tops = np.array([10, 10, 5, 20, 100, 20, 5, 10])
    low, high, empty = ((table < 0).sum(axis=0), (table > tops).sum(axis=0), np.isnan(table).sum(axis=0))
    got = np.asarray(impossible, dtype=float)
    assert not (got == low + high + empty).all(), (
        "impossible counts the gaps as well. A comparison with nan is never true, so its opposite always is."
    )
    assert not (got == high).all(), "impossible leaves out the entries below 0."
    assert not (got == low).all(), "impossible leaves out the entries above the largest degree."
    wrong = np.flatnonzero(got != low + high)
    assert wrong.size == 0, (
        f"impossible is wrong in the columns {wrong.tolist()} (counted from 0). "
        "Each column has a largest degree of its own, in TOPS; 0 and the largest are possible."
    )
