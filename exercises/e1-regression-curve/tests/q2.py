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
            try:
                shape = np.shape(values)
            except ValueError:
                raise AssertionError(f"{name} holds lists of unequal lengths; expected ({size},).") from None
            assert shape == (size,), (
                f"{name} has shape {shape}; expected ({size},)"
                + (": did you forget .ravel()?" if np.size(values) == size else ".")
            )

@test_case(points=0.5, hidden=False)
def test_pairs(x_train, y_train, x_val, y_val, x_test, y_test):
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
    parts = {"train": (x_train, y_train), "val": (x_val, y_val), "test": (x_test, y_test)}
    for part, (xs, ys) in parts.items():
        for name, values in ((f"x_{part}", xs), (f"y_{part}", ys)):
            assert values is not None and values is not ..., f"{name} is still missing."
        xs, ys = numbers(f"x_{part}", xs), numbers(f"y_{part}", ys)
        assert xs.size == ys.size > 1, f"x_{part} and y_{part} must be equally long."
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

    def numbers(name, values):
        try:
            return np.asarray(values, dtype=float).ravel()
        except (TypeError, ValueError):
            raise AssertionError(
                f"{name} holds text, or lists of unequal lengths; expected numbers. "
                "Was the line with the names read as data?"
            ) from None

    parts = {"x_train": x_train, "x_val": x_val, "x_test": x_test}
    rows = {}
    for name, values in parts.items():
        assert values is not None and values is not ..., f"{name} is still missing."
        times = numbers(name, values)
        assert times.size > 1, f"{name} has no times; expected many."
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

    def numbers(name, values):
        try:
            return np.asarray(values, dtype=float).ravel()
        except (TypeError, ValueError):
            raise AssertionError(
                f"{name} holds text, or lists of unequal lengths; expected numbers. "
                "Was the line with the names read as data?"
            ) from None

    for name, values in {"x_train": x_train, "x_val": x_val, "x_test": x_test}.items():
        assert values is not None and values is not ..., f"{name} is still missing."
        times = numbers(name, values)
        assert times.size > 1, f"{name} has no times; expected many."
        counts, edges = np.histogram(times, bins=10, range=(-10, 10))
        few = int(np.argmin(counts))
        assert counts[few] >= times.size / 40, (
            f"{name} has only {counts[few]} times from {edges[few]:g} to {edges[few + 1]:g}. "
            "The file is sorted by time: shuffle before you cut."
        )
