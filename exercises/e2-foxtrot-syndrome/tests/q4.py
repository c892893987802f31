from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = None

@test_case(points=0.5, hidden=False)
def test_numbers(prepare, x_train):
    import numpy as np

    def ask(rows):
        try:
            return prepare(rows.copy())
        except Exception:
            # Functions that are written for a table of pandas are asked with one.
            if not hasattr(x_train, "iloc") or np.shape(x_train)[1:] != (8,):
                raise
            return prepare(type(x_train)(rows, columns=x_train.columns))

    assert callable(prepare), "prepare is still missing; write def prepare(x):"
    table = np.genfromtxt("data/patients.csv", delimiter=",", skip_header=1)[:, :8]
    for n in (800, 1):
        got = ask(table[:n])
        assert got is not None, "prepare returns nothing; did you forget return?"
        shape = np.shape(got)
        assert len(shape) == 2 and shape[0] == n and shape[1] >= 8, (
            f"prepare made shape {shape} of ({n}, 8); expected ({n}, 8), or more columns."
            + (" Patients with gaps are patients, too: fill them." if shape and shape[0] < n else "")
        )
        got = np.asarray(got, dtype=float)
        assert np.isfinite(got).all(), f"prepare leaves {(~np.isfinite(got)).sum()} gaps; fill them."
    # A column that marks gaps may have a few large numbers once it is standardised.
    large = np.mean(np.abs(np.asarray(ask(table), dtype=float)) > 8)
    assert large <= 0.02, (
        f"{large:.0%} of the numbers that prepare makes are beyond -8 and 8. Bring all columns to about the "
        "same size, such as -3 to 3."
    )

@test_case(points=1, hidden=False)
def test_impossible_is_a_gap(prepare, x_train):
    import numpy as np

    def ask(rows):
        try:
            return prepare(rows.copy())
        except Exception:
            # Functions that are written for a table of pandas are asked with one.
            if not hasattr(x_train, "iloc") or np.shape(x_train)[1:] != (8,):
                raise
            return prepare(type(x_train)(rows, columns=x_train.columns))

    assert callable(prepare), "prepare is still missing."
    tops = np.array([10, 10, 5, 20, 100, 20, 5, 10])
    middle = np.tile(tops // 2, (8, 1)).astype(float)
    places = np.arange(8), np.arange(8)
    empty = middle.copy()
    empty[places] = np.nan
    expected = ask(empty)
    assert expected is not None and len(np.shape(expected)) == 2, "First let prepare return a table."
    assert len(expected) == 8 and np.size(expected) >= 64, "First let prepare keep every row and column."
    expected = np.asarray(expected, dtype=float)
    assert np.isfinite(expected).all(), "prepare leaves gaps; fill them first."
    for words, values in (("-1", -1), ("999", 999), ("one more than the largest degree", tops + 1)):
        slips = middle.copy()
        slips[places] = values
        got = np.asarray(ask(slips), dtype=float)
        assert got.shape == expected.shape, "prepare makes another shape when an entry is impossible."
        wrong = np.flatnonzero(~np.isclose(got, expected, atol=1e-3).all(axis=1))
        assert wrong.size == 0, (
            f"In the columns {wrong.tolist()} (counted from 0) prepare takes {words} for something else "
            "than a gap. Turn impossible entries into nan before you fill."
        )

@test_case(points=0.5, hidden=False)
def test_same_for_each(prepare, x_train):
    import numpy as np

    def ask(rows):
        try:
            return prepare(rows.copy())
        except Exception:
            # Functions that are written for a table of pandas are asked with one.
            if not hasattr(x_train, "iloc") or np.shape(x_train)[1:] != (8,):
                raise
            return prepare(type(x_train)(rows, columns=x_train.columns))

    assert callable(prepare), "prepare is still missing."
    table = np.genfromtxt("data/patients.csv", delimiter=",", skip_header=1)[:, :8]
    whole, part = ask(table), ask(table[600:])
    assert whole is not None and len(np.shape(whole)) == 2, "First let prepare return a table."
    whole, part = np.asarray(whole, dtype=float), np.asarray(part, dtype=float)
    assert len(whole) == 800 and len(part) == 200, "First let prepare keep every row."
    assert np.isfinite(whole).all(), "prepare leaves gaps; fill them first."
    assert np.allclose(whole[600:], part, atol=1e-3), (
        "prepare makes different numbers of the same patients, depending on the others that come along. "
        "Compute medians, means and the like once, outside the function, from x_train."
    )

@test_case(points=1, hidden=False)
def test_learnt_from_training_part(prepare, x_train, x_val, x_test):
    import numpy as np

    def ask(rows):
        try:
            return prepare(rows.copy())
        except Exception:
            # Functions that are written for a table of pandas are asked with one.
            if not hasattr(x_train, "iloc") or np.shape(x_train)[1:] != (8,):
                raise
            return prepare(type(x_train)(rows, columns=x_train.columns))

    assert callable(prepare), "prepare is still missing."
    tops = np.array([10, 10, 5, 20, 100, 20, 5, 10], dtype=float)
    parts = []
    for name, values in (("x_train", x_train), ("x_val", x_val), ("x_test", x_test)):
        assert np.ndim(values) == 2 and np.shape(values)[1] == 8, f"{name} is missing or has no 8 columns."
        degrees = np.asarray(values, dtype=float)
        with np.errstate(invalid="ignore"):
            parts.append(np.where((degrees >= 0) & (degrees <= tops), degrees, np.nan))
    fit, val, test = parts
    # A patient with 0 everywhere, one with each symptom at its largest, one with each missing.
    largest, empty = np.diag(tops), np.zeros((8, 8))
    empty[np.arange(8), np.arange(8)] = np.nan
    got = ask(np.vstack([np.zeros((1, 8)), largest, empty]))
    assert got is not None and np.shape(got)[0] == 17, "First let prepare keep every row."
    got = np.asarray(got, dtype=float)
    assert np.isfinite(got).all(), "prepare leaves gaps; fill them first."
    # For each symptom its own column, the one that moves most, and from it the degree that becomes 0,
    # the degrees that make a step of 1, and the degree that a gap becomes.
    steps = got[1:9] - got[0]
    column = np.abs(steps).argmax(axis=1)
    step = steps[np.arange(8), column]
    assert (np.abs(step) > 1e-6).all(), "prepare makes the same of a symptom's smallest and largest degree."
    unit = tops / step
    centre = -got[0, column] * unit
    fill = (got[9:][np.arange(8), column] - got[0, column]) * unit

    def same(values, others):
        return np.allclose((values - others) / fit_std, 0, atol=2e-3)

    def tables(part):
        yield part
        for middle in (np.nanmedian(part, axis=0), np.nanmean(part, axis=0)):
            yield np.where(np.isnan(part), middle, part)

    def is_learnt_from(part):
        scaled = any(
            same(centre, np.nanmean(table, axis=0)) and same(unit, np.nanstd(table, axis=0, ddof=ddof))
            for table in tables(part)
            for ddof in (0, 1)
        )
        return scaled, same(fill, np.nanmean(part, axis=0))

    fit_std = np.nanstd(fit, axis=0)
    own = is_learnt_from(fit)
    samples = {
        "all the data": np.vstack(parts),
        "the training and the validation part together": np.vstack([fit, val]),
        "the validation part": val,
        "the test part": test,
    }
    for name, part in samples.items():
        scaled, filled = is_learnt_from(part)
        assert own[0] or not scaled, (
            f"The means and standard deviations in prepare come from {name}. "
            "Take them from x_train only: the rest is for judging."
        )
        assert own[1] or not filled, (
            f"The means that prepare fills gaps with come from {name}. Take them from x_train only."
        )
