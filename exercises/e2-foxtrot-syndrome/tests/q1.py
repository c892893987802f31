from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = None

@test_case(points=0.5, hidden=False)
def test_shapes(x, y):
    import numpy as np

    for name, values, expected in (("x", x, (800, 8)), ("y", y, (800,))):
        assert values is not None and values is not ..., f"{name} is still missing."
        shape = np.shape(values)
        hint = ""
        if shape == (800, 9):
            hint = " The last column is the diagnosis; it belongs into y."
        elif shape and shape[0] in (799, 801):
            hint = " The first line holds names; each of the others is a row."
        elif np.size(values) == 800:
            hint = " Did you forget .ravel(), or to take one column?"
        assert shape == expected, f"{name} has shape {shape}; expected {expected}.{hint}"
        kind = np.asarray(values).dtype
        assert kind.kind in "fiub", f"{name} has the type {kind}; expected numbers such as float64."

@test_case(points=0.5, hidden=False)
def test_values(x, y):
    import numpy as np

    assert np.shape(x) == (800, 8) and np.size(y) == 800, "First bring x and y into shape."
    table = np.genfromtxt("data/patients.csv", delimiter=",", skip_header=1)
    degrees, diagnoses = np.asarray(x, dtype=float), np.asarray(y, dtype=float).ravel()
    lost = int((np.isnan(table[:, :8]) & ~np.isnan(degrees)).sum())
    assert lost == 0, f"{lost} gaps of the file are no gaps in x. Leave them nan until question 4."
    wrong = int((~np.isclose(degrees, table[:, :8], equal_nan=True)).sum())
    assert wrong == 0, (
        f"{wrong} entries of x differ from the file. Are rows and columns still in their order?"
    )
    wrong = int((diagnoses != table[:, 8]).sum())
    assert wrong == 0, f"{wrong} entries of y differ from the last column of the file."
