from otter.test_files import test_case

OK_FORMAT = False

name = "q6"
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
            f"{key} became nan or inf: the steps are too long. Take a smaller learning rate."
        )
    pair = len(history["loss"]), len(history["val_loss"])
    assert pair[0] == pair[1], f"loss has {pair[0]} epochs and val_loss {pair[1]}; expected the same."

@test_case(points=0.5, hidden=False)
def test_falls(history):
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
    losses = np.asarray(history["loss"], dtype=float)
    # The lowest, not the last: the record of a second training begins where the first one ended.
    assert losses.min() < losses[0], (
        f"The loss never falls below the {losses[0]:.3f} of the first epoch: nothing was learnt."
    )

@test_case(points=0.5, hidden=False)
def test_no_wide_gap(history):
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
    loss, val_loss = (float(history[key][-1]) for key in ("loss", "val_loss"))
    assert val_loss <= 2 * loss, (
        f"At the end the validation loss ({val_loss:.3f}) is more than twice the training loss "
        f"({loss:.3f}). Are both parts scaled in the same way? Does the network learn by heart?"
    )
