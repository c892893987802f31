from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = None

@test_case(points=0.5, hidden=False)
def test_shapes(x, y):
    import numpy as np

    for name, values in (("x", x), ("y", y)):
        assert values is not None and values is not ..., f"{name} is still missing."
        shape = np.shape(values)
        assert shape == (2000,), (
            f"{name} has shape {shape}; expected (2000,)."
            + (" Did you forget .ravel(), or to take one column?" if len(shape) == 2 else "")
            + (" Does the line with the names count as a row?" if shape == (2001,) else "")
        )
        kind = np.asarray(values).dtype
        assert kind.kind == "f", f"{name} has the type {kind}; expected numbers such as float64."
        assert np.isfinite(values).all(), f"{name} has gaps (nan): was the first line read as data?"

@test_case(points=0.5, hidden=False)
def test_values(x, y):
    import numpy as np

    def numbers(name, values):
        try:
            return np.asarray(values, dtype=float).ravel()
        except (TypeError, ValueError):
            raise AssertionError(
                f"{name} holds text, or lists of unequal lengths; expected numbers. "
                "Was the line with the names read as data?"
            ) from None

    table = np.loadtxt("data/curve.csv", delimiter=",", skiprows=1)
    for name, values in (("x", x), ("y", y)):
        assert values is not None and values is not ..., f"{name} is still missing."
    columns = [numbers("x", x), numbers("y", y)]
    assert columns[0].size == columns[1].size == 2000, "First bring x and y to 2000 numbers each."
    if np.allclose(columns[0], table[:, 1], atol=1e-3):
        raise AssertionError("x and y are swapped: x is the time, the first column.")
    for name, values, column in zip("xy", columns, table.T):
        assert np.allclose(values, column, atol=1e-3), (
            f"{name} differs from its column in data/curve.csv. Is its order still that of the file?"
        )
