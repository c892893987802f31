from otter.test_files import test_case

OK_FORMAT = False

name = "q10"
points = None

@test_case(points=1, hidden=False)
def test_five_largest(worst, predict, x_test, y_test):
    import numpy as np

    def ask(times):
        try:
            return predict(times.copy())
        except Exception:
            # Functions that are written for a series of pandas are asked with one.
            if not hasattr(x_test, "iloc") or np.ndim(x_test) != 1:
                raise
            return predict(type(x_test)(times))

    assert worst is not None and worst is not ..., "worst is still missing."
    places = np.ravel(worst)
    assert places.size == 5, f"worst has {places.size} entries; expected 5."
    assert len(set(places.tolist())) == 5, "An index is in worst more than once."
    assert np.allclose(places, np.round(places.astype(float))), (
        "worst holds indices, whole numbers from 0 to 399, not times or heights."
    )
    times, heights = (np.asarray(values, dtype=float).ravel() for values in (x_test, y_test))
    places = places.astype(int)
    assert (places >= 0).all() and (places < times.size).all(), (
        "An index in worst is outside x_test. Were the mistakes looked for in another part?"
    )
    off = np.abs(np.asarray(ask(times), dtype=float).ravel() - heights)
    fifth = np.sort(off)[-5]
    small = int(np.sum(off[places] < fifth - 0.01))
    assert small == 0, (
        f"{small} of the five are not among the largest mistakes. "
        "Take the size of the difference, up or down: np.abs."
    )
