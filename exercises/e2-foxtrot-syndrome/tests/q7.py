from otter.test_files import test_case

OK_FORMAT = False

name = "q7"
points = None

@test_case(points=1, hidden=False)
def test_recorded(history):
    import numpy as np

    assert history is not None and history is not ..., "history is still missing."
    assert hasattr(history, "keys"), (
        "history is no dictionary; take .history of what model.fit returns."
    )
    for key in ("loss", "val_loss"):
        assert key in history, (
            f"history has no {key!r}, only {sorted(history)}."
            + (" Give fit the validation part: validation_data=(…, …)." if key == "val_loss" else "")
        )
        losses = np.asarray(history[key], dtype=float)
        assert losses.ndim == 1, f"history[{key!r}] has shape {losses.shape}; one number per epoch."
        assert len(losses) >= 3, f"Only {len(losses)} epochs? Give the network time to learn."
        assert np.isfinite(losses).all(), (
            f"{key} became nan or inf. Are there gaps left in what prepare makes, or are the steps too long?"
        )
    pair = len(history["loss"]), len(history["val_loss"])
    assert pair[0] == pair[1], f"loss has {pair[0]} epochs and val_loss {pair[1]}; expected the same."

@test_case(points=1, hidden=False)
def test_both_fall(history):
    import numpy as np

    assert history is not None and history is not ..., "history is still missing."
    assert hasattr(history, "keys"), (
        "history is no dictionary; take .history of what model.fit returns."
    )
    for key, words in (("loss", "nothing was learnt."), ("val_loss", "nothing was learnt that helps with others.")):
        assert key in history and np.size(history[key]) >= 3, f"history needs {key!r}, epoch by epoch."
        losses = np.asarray(history[key], dtype=float)
        assert losses.min() < losses[0], f"{key} never falls below the {losses[0]:.3f} of the first epoch: {words}"
