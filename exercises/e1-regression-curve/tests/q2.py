from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = None

@test_case(points=0.5, hidden=False)
def test_sizes(x_train, y_train, x_val, y_val, x_test, y_test):
    import numpy as np

    parts = {
        "train": (x_train, y_train, 1200), "val": (x_val, y_val, 400), "test": (x_test, y_test, 400),
    }
    for part, (xs, ys, size) in parts.items():
        for letter, values in (("x", xs), ("y", ys)):
            name = f"{letter}_{part}"
            assert values is not None and values is not ..., f"{name} is still missing."
            shape = np.shape(values)
            assert shape == (size,), (
                f"{name} has shape {shape}; expected ({size},)"
                + (": did you forget .ravel()?" if np.size(values) == size else ".")
            )

@test_case(points=0.5, hidden=False)
def test_pairs(x_train, y_train, x_val, y_val, x_test, y_test):
    import numpy as np

    table = np.loadtxt("data/curve.csv", delimiter=",", skiprows=1)
    parts = {"train": (x_train, y_train), "val": (x_val, y_val), "test": (x_test, y_test)}
    for part, (xs, ys) in parts.items():
        assert np.size(xs) == np.size(ys) > 1, f"x_{part} and y_{part} must be equally long."
        xs, ys = (np.asarray(values, dtype=float).ravel() for values in (xs, ys))
        row = np.clip(np.round((xs + 10) / 20 * 1999).astype(int), 0, 1999)
        assert np.allclose(xs, table[row, 0], atol=1e-3), (
            f"x_{part} has times that are not in the file. Split first, scale later (question 4)."
        )
        wrong = int(np.sum(np.abs(ys - table[row, 1]) > 1e-3))
        assert wrong == 0, (
            f"{wrong} times of x_{part} have a wrong height in y_{part}. "
            "Were x and y shuffled separately?"
        )

@test_case(points=1, hidden=False)
def test_no_row_in_two_parts(x_train, x_val, x_test):
    import numpy as np

    parts = {"x_train": x_train, "x_val": x_val, "x_test": x_test}
    rows = {}
    for name, values in parts.items():
        assert np.size(values) > 1, f"{name} is still missing."
        times = np.asarray(values, dtype=float).ravel()
        rows[name] = set(np.round((times + 10) / 20 * 1999).astype(int).tolist())
        twice = times.size - len(rows[name])
        assert twice == 0, f"{twice} times are in {name} more than once."
    for one, other in (("x_train", "x_val"), ("x_train", "x_test"), ("x_val", "x_test")):
        both = len(rows[one] & rows[other])
        assert both == 0, (
            f"{both} times are in {one} and in {other}. A score on rows that the network has seen, "
            "or that you chose by, says nothing about new ones."
        )

@test_case(points=1, hidden=False)
def test_whole_range(x_train, x_val, x_test):
    import numpy as np

    for name, values in {"x_train": x_train, "x_val": x_val, "x_test": x_test}.items():
        assert np.size(values) > 1, f"{name} is still missing."
        times = np.asarray(values, dtype=float).ravel()
        counts, edges = np.histogram(times, bins=10, range=(-10, 10))
        few = int(np.argmin(counts))
        assert counts[few] >= times.size / 40, (
            f"{name} has only {counts[few]} times from {edges[few]:g} to {edges[few + 1]:g}. "
            "The file is sorted by time: shuffle before you cut."
        )
