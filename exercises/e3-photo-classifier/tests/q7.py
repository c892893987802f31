from otter.test_files import test_case

OK_FORMAT = False

name = "q7"
points = None

@test_case(points=1, hidden=False)
def test_history(history):
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
        assert len(losses) >= 2, (
            f"history[{key!r}] has {len(losses)} numbers, one for each epoch. "
            "Give the network time to learn."
        )
        assert np.isfinite(losses).all(), (
            f"{key} became nan or inf: the steps are too long. Take a smaller learning rate."
        )
    pair = len(history["loss"]), len(history["val_loss"])
    assert pair[0] == pair[1], f"loss has {pair[0]} epochs and val_loss {pair[1]}; expected the same."
    losses = np.asarray(history["loss"], dtype=float)
    assert losses.min() < losses[0], (
        f"loss never falls below the {losses[0]:.3f} of the first epoch: nothing was learnt."
    )

@test_case(points=1, hidden=False)
def test_validation_is_not_augmented(validation_pictures, scale, x_val):
    import numpy as np

    assert validation_pictures is not None and validation_pictures is not ..., (
        "validation_pictures is still missing."
    )
    assert callable(scale) and np.ndim(x_val) == 4, "First answer questions 3 and 4."
    shape = np.shape(validation_pictures)
    assert shape == np.shape(x_val), (
        f"validation_pictures has shape {shape}; expected {np.shape(x_val)}, that of x_val."
    )
    got = np.asarray(validation_pictures, dtype="float32")
    # A model may scale by itself; then it gets the pictures as they are.
    raw = np.asarray(x_val, dtype="float32")
    right = raw if got.max() > 50 else np.asarray(scale(np.asarray(x_val)), dtype="float32")
    span, n = right.max() - right.min(), len(right)
    # In any order: a dataset may have been shuffled.
    off = [np.abs(right - picture).reshape(n, -1).mean(axis=1).min() for picture in got]
    strange = int((np.array(off) > 0.01 * span).sum())
    assert strange == 0, (
        f"{strange} of {n} validation pictures are not pictures of x_val as scale makes them. "
        "Were they augmented? Only the training part is."
    )

@test_case(points=1, hidden=False)
def test_same_question_same_answer(predict, x_train):
    import numpy as np

    assert callable(predict), "predict is still missing (question 6)."
    assert np.ndim(x_train) == 4, "x_train is still missing (question 3)."
    pictures = np.asarray(x_train)[::4]
    order = np.random.default_rng(0).permutation(len(pictures))
    first, again, mixed = predict(pictures), predict(pictures), predict(pictures[order])
    assert first is not None and np.ndim(first) == 2 and len(first) == len(pictures), (
        "First let predict answer for every picture."
    )
    first, again, mixed = (np.asarray(answer, dtype=float) for answer in (first, again, mixed))
    assert first.std(axis=0).max() > 1e-3, "predict gives every picture the same answer. Was it trained?"
    assert np.allclose(first, again, atol=0.01), (
        "predict gave two answers to the same question. Augmentation or dropout is at work in it: "
        "predict with training=False, and do not call augment."
    )
    assert np.allclose(first[order], mixed, atol=0.01), (
        "The answer for a picture depends on the others that come with it. "
        "Does scale compute a mean inside the function?"
    )
