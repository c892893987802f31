from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = None

@test_case(points=0.5, hidden=False)
def test_sizes(x_train, y_train, x_val, y_val, x_test, y_test):
    import numpy as np

    parts = {"train": (x_train, y_train, 480), "val": (x_val, y_val, 160), "test": (x_test, y_test, 160)}
    for part, (xs, ys, size) in parts.items():
        for name, values, expected in ((f"x_{part}", xs, (size, 8)), (f"y_{part}", ys, (size,))):
            assert values is not None and values is not ..., f"{name} is still missing."
            shape = np.shape(values)
            assert shape == expected, (
                f"{name} has shape {shape}; expected {expected}"
                + (": did you forget .ravel()?" if shape == (size, 1) else ".")
            )

@test_case(points=0.5, hidden=False)
def test_pairs(x_train, y_train, x_val, y_val, x_test, y_test):
    import numpy as np

    tops = np.array([10, 10, 5, 20, 100, 20, 5, 10])

    def keys(degrees):
        degrees = np.asarray(degrees, dtype=float)
        with np.errstate(invalid="ignore"):
            clean = np.where((degrees >= 0) & (degrees <= tops), degrees, -1)
        return [tuple(row) for row in clean.tolist()]

    table = np.genfromtxt("data/patients.csv", delimiter=",", skip_header=1)
    diagnosis = dict(zip(keys(table[:, :8]), table[:, 8]))
    parts = {"train": (x_train, y_train), "val": (x_val, y_val), "test": (x_test, y_test)}
    for part, (xs, ys) in parts.items():
        assert np.ndim(xs) == 2 and np.shape(xs)[1] == 8, f"First bring x_{part} into shape."
        assert len(xs) == np.size(ys), f"x_{part} and y_{part} must be equally long."
        assert len(xs) > 1, f"x_{part} has no patients; expected many."
        found = keys(xs)
        strange = sum(key not in diagnosis for key in found)
        assert strange == 0, (
            f"{strange} rows of x_{part} are not in the file. Split the table as it was read; "
            "fill gaps and scale later, in question 4."
        )
        given = np.asarray(ys, dtype=float).ravel()
        wrong = sum(diagnosis[key] != one for key, one in zip(found, given))
        assert wrong == 0, (
            f"{wrong} patients of x_{part} have somebody else's diagnosis in y_{part}. "
            "Were x and y shuffled separately?"
        )

@test_case(points=1, hidden=False)
def test_no_patient_in_two_parts(x_train, x_val, x_test):
    import numpy as np

    tops = np.array([10, 10, 5, 20, 100, 20, 5, 10])
    rows = {}
    for name, values in {"x_train": x_train, "x_val": x_val, "x_test": x_test}.items():
        assert np.ndim(values) == 2 and np.shape(values)[1] == 8, f"{name} is missing or has no 8 columns."
        assert len(values) > 1, f"{name} has no patients; expected many."
        degrees = np.asarray(values, dtype=float)
        with np.errstate(invalid="ignore"):
            clean = np.where((degrees >= 0) & (degrees <= tops), degrees, -1)
        rows[name] = {tuple(row) for row in clean.tolist()}
        twice = len(degrees) - len(rows[name])
        assert twice == 0, f"{twice} patients are in {name} more than once. No two in the file are alike."
    for one, other in (("x_train", "x_val"), ("x_train", "x_test"), ("x_val", "x_test")):
        both = len(rows[one] & rows[other])
        assert both == 0, (
            f"{both} patients are in {one} and in {other}. A score on patients that the network has "
            "seen, or that you chose by, says nothing about new ones."
        )

@test_case(points=1, hidden=False)
def test_like_the_whole(y_train, y_val, y_test):
    import numpy as np

    whole = np.genfromtxt("data/patients.csv", delimiter=",", skip_header=1)[:, 8].mean()
    for name, values in {"y_train": y_train, "y_val": y_val, "y_test": y_test}.items():
        assert np.size(values) > 1, f"{name} is still missing."
        share = np.asarray(values, dtype=float).mean()
        assert abs(share - whole) <= 0.15, (
            f"In {name} {share:.0%} have the syndrome, in the file {whole:.0%}. The file is sorted by the "
            "diagnosis: shuffle the rows before you cut."
        )
