from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = None

@test_case(points=1, hidden=False)
def test_shape_and_range(augment, scale, x_train):
    import numpy as np

    assert callable(augment), "augment is still missing; write def augment(x):"
    assert callable(scale) and np.ndim(x_train) == 4, "First answer questions 3 and 4."
    before = np.asarray(scale(np.asarray(x_train)[:8]), dtype="float32")
    span = before.max() - before.min()
    for n in (8, 1):
        got = augment(before[:n].copy())
        assert got is not None, "augment returns nothing; did you forget return?"
        assert np.shape(got) == before[:n].shape, (
            f"augment made shape {np.shape(got)} of {before[:n].shape}; it must keep the shape."
        )
        got = np.asarray(got, dtype=float)
        assert np.isfinite(got).all(), "augment makes numbers that are not finite."
        low, high = before.min() - 0.3 * span, before.max() + 0.3 * span
        assert got.min() >= low and got.max() <= high, (
            f"augment makes values from {got.min():.2f} to {got.max():.2f} of values from "
            f"{before.min():.2f} to {before.max():.2f}; keep the range that scale gives."
        )
        assert got.std() >= 0.25 * before[:n].std(), (
            "The pictures that augment returns are nearly of one colour. Are they scaled twice?"
        )

@test_case(points=1, hidden=False)
def test_changes_pictures(augment, scale, x_train):
    import numpy as np

    assert callable(augment), "augment is still missing."
    assert callable(scale) and np.ndim(x_train) == 4, "First answer questions 3 and 4."
    before = np.asarray(scale(np.asarray(x_train)[:8]), dtype="float32")
    span, changed, asked = before.max() - before.min(), 0, 0
    # Whoever mirrors all eight pictures or none may do so with none a few times.
    while changed < 3 and asked < 160:
        got = augment(before.copy())
        assert got is not None and np.shape(got) == before.shape, "First let augment keep the shape."
        off = np.abs(np.asarray(got, dtype=float) - before).reshape(8, -1).mean(axis=1)
        changed += int((off > 0.01 * span).sum())
        asked += 8
    assert changed >= 3, (
        f"augment changed {changed} of {asked} pictures. Is it called with training=True? Random layers "
        "do nothing without it."
    )

@test_case(points=1, hidden=False)
def test_differs_between_calls(augment, scale, x_train):
    import numpy as np

    assert callable(augment), "augment is still missing."
    assert callable(scale) and np.ndim(x_train) == 4, "First answer questions 3 and 4."
    before = np.asarray(scale(np.asarray(x_train)[:8]), dtype="float32")
    span, first, off = before.max() - before.min(), None, 0.0
    for _ in range(20):
        got = augment(before.copy())
        assert got is not None and np.shape(got) == before.shape, "First let augment keep the shape."
        got = np.asarray(got, dtype=float)
        first = got if first is None else first
        off = np.abs(got - first).mean()
        if off > 0.002 * span:
            break
    assert off > 0.002 * span, (
        "augment gave the same answer twenty times. Is a seed set inside the function? "
        "In a tf.data.Dataset that is built anew, tf.random begins anew as well; "
        "a tf.random.Generator made outside goes on."
    )

@test_case(points=1, hidden=False)
def test_keeps_what_is_in_them(augment, scale, x_train):
    import numpy as np

    assert callable(augment), "augment is still missing."
    assert callable(scale) and np.ndim(x_train) == 4, "First answer questions 3 and 4."
    before = np.asarray(scale(np.asarray(x_train)[:8]), dtype="float32")
    span = before.max() - before.min()
    for _ in range(20):
        given = before.copy()
        got = augment(given)
        assert got is not None and np.shape(got) == before.shape, "First let augment keep the shape."
        assert np.allclose(given, before, atol=0.01 * span), (
            "augment changes the pictures that it gets. Work on a copy: x = x.copy()."
        )
        got = np.asarray(got, dtype=float)
        # By chance a call may leave all of them as they are; then it is asked again.
        if np.abs(got - before).max() > 0:
            break
    assert np.abs(got - before).max() > 0, "augment changes nothing yet."
    rough = [np.abs(np.diff(pictures, axis=2)).mean() for pictures in (before, got)]
    assert rough[1] <= 3 * rough[0] + 0.03 * span, (
        "After augment little is left of the pictures but noise. Change them less."
    )
    off = np.abs(got.mean(axis=(1, 2, 3)) - before.mean(axis=(1, 2, 3))).mean()
    assert off <= 0.35 * span, "augment makes the pictures much brighter or darker. Change them less."
