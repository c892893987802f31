from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = None

@test_case(points=1, hidden=False)
def test_shapes(x_train, y_train, x_val, y_val, x_test, y_test, SIZE, labels):
    import numpy as np

    assert SIZE is not None and SIZE is not ..., "SIZE is still missing (question 2)."
    assert labels is not None and labels is not ..., "labels is still missing (question 1)."
    assert np.size(SIZE), "SIZE is empty (question 2)."
    assert np.asarray(SIZE).dtype.kind in "uif" and np.isfinite(SIZE).all(), (
        "SIZE is no number. Choose one between 24 and 128 (question 2)."
    )
    assert np.size(labels), "labels is empty (question 1)."
    size, total = int(np.ravel(SIZE)[0]), np.size(labels)
    classes = set(np.asarray(labels).ravel().tolist())
    parts = {"train": (x_train, y_train), "val": (x_val, y_val), "test": (x_test, y_test)}
    for part, (pictures, numbers) in parts.items():
        for name, values in ((f"x_{part}", pictures), (f"y_{part}", numbers)):
            assert values is not None and values is not ..., f"{name} is still missing."
        n = np.shape(pictures)[:1]
        assert np.shape(pictures) == (*n, size, size, 3), (
            f"x_{part} has shape {np.shape(pictures)}; expected (n, {size}, {size}, 3)."
        )
        assert np.shape(numbers) == n, (
            f"y_{part} has shape {np.shape(numbers)}; expected {n}, as many as x_{part} has pictures"
            + (": did you forget .ravel()?" if np.size(numbers) == n[0] else ".")
        )
        have = set(np.asarray(numbers).tolist())
        assert have == classes, f"{part} has the classes {sorted(have)}; expected {sorted(classes)}."
    sizes = [np.shape(values[1])[0] for values in parts.values()]
    assert sizes[0] >= total / 2, f"Only {sizes[0]} of {total} pictures are in x_train; take more than half."
    for name, part in zip(("x_val", "x_test"), sizes[1:]):
        assert part >= total / 20, f"Only {part} of {total} pictures are in {name}; take about 15 per cent."

@test_case(points=1, hidden=False)
def test_pictures_and_labels(x_train, y_train, x_val, y_val, x_test, y_test, images, labels):
    import numpy as np

    assert images is not None and images is not ..., "images is still missing (question 2)."
    assert labels is not None and labels is not ..., "labels is still missing (question 1)."
    assert np.ravel(labels).dtype.kind in "uif" and np.isfinite(labels).all(), (
        "labels holds no numbers (question 1)."
    )
    numbers_of = {}
    for picture, number in zip(np.asarray(images), np.ravel(labels)):
        key = np.round(picture).astype(np.int16).tobytes()
        numbers_of.setdefault(key, set()).add(int(number))
    parts = {"train": (x_train, y_train), "val": (x_val, y_val), "test": (x_test, y_test)}
    for part, (pictures, numbers) in parts.items():
        assert np.ndim(pictures) == 4, f"x_{part} is still missing, or no array of pictures."
        assert np.size(numbers) == len(pictures), f"x_{part} and y_{part} must be equally long."
        assert len(pictures) > 1, f"x_{part} has no pictures; expected many."
        assert np.ravel(numbers).dtype.kind in "uif" and np.isfinite(numbers).all(), (
            f"y_{part} holds no numbers; it has those of labels."
        )
        wrong = 0
        for picture, number in zip(np.asarray(pictures), np.ravel(numbers)):
            key = np.round(picture).astype(np.int16).tobytes()
            assert key in numbers_of, (
                f"x_{part} has a picture that is not in images. Split first; scale and augment later."
            )
            wrong += int(number) not in numbers_of[key]
        assert wrong == 0, (
            f"{wrong} pictures of x_{part} have the number of another class in y_{part}. "
            "Were the two shuffled separately?"
        )

@test_case(points=1, hidden=False)
def test_no_picture_in_two_parts(x_train, x_val, x_test):
    import numpy as np

    keys = {}
    for name, pictures in {"x_train": x_train, "x_val": x_val, "x_test": x_test}.items():
        assert np.ndim(pictures) == 4, f"{name} is still missing, or no array of pictures."
        assert len(pictures) > 1, f"{name} has no pictures; expected many."
        keys[name] = {np.round(picture).astype(np.int16).tobytes() for picture in np.asarray(pictures)}
    for one, other in (("x_train", "x_val"), ("x_train", "x_test"), ("x_val", "x_test")):
        both = len(keys[one] & keys[other])
        assert both == 0, (
            f"{both} pictures are in {one} and in {other}. A score on pictures that the network has "
            "seen, or that you chose by, says nothing about new ones."
        )

@test_case(points=1, hidden=False)
def test_near_duplicates_stay_together(x_train, y_train, x_val, y_val, x_test, y_test):
    import numpy as np

    parts = {"x_train": (x_train, y_train), "x_val": (x_val, y_val), "x_test": (x_test, y_test)}
    maps, classes, inside = [], [], []
    for name, (pictures, numbers) in parts.items():
        assert np.ndim(pictures) == 4, f"{name} is still missing, or no array of pictures."
        assert len(pictures) > 1, f"{name} has no pictures; expected many."
        assert np.size(numbers) == len(pictures), f"{name} and y{name[1:]} must be equally long."
        grey = np.asarray(pictures, dtype=float).mean(axis=-1)
        edges = np.linspace(0, grey.shape[1], 11).astype(int)
        sums = np.add.reduceat(np.add.reduceat(grey, edges[:-1], axis=1), edges[:-1], axis=2)
        maps.append((sums / np.outer(np.diff(edges), np.diff(edges))).reshape(len(grey), -1))
        classes += np.ravel(numbers).tolist()
        inside += [name] * len(grey)
    looks, classes, inside = np.concatenate(maps), np.array(classes), np.array(inside)
    # What all pictures of a class share, such as a frame or a pale table, makes no two of them alike.
    # Three grey levels more: where all are equal, noise must not count as much as a picture.
    for number in set(classes.tolist()):
        mine = classes == number
        looks[mine] = (looks[mine] - looks[mine].mean(axis=0)) / (looks[mine].std(axis=0) + 3)
    looks -= looks.mean(axis=1, keepdims=True)
    looks /= np.linalg.norm(looks, axis=1, keepdims=True) + 1e-9
    # Measured in the starter set at 24, 32, 40 and 64 pixels, stretched, cut, and framed in black,
    # white, grey and the mean colour: two scenes of a class stay below 0.95. Of the 48 bursts 12 to 25
    # are above 0.975; one of them in two parts is enough.
    near = (looks @ looks.T > 0.975) & (classes[:, None] == classes)
    for one, other in (("x_train", "x_val"), ("x_train", "x_test"), ("x_val", "x_test")):
        both = int(near[inside == one][:, inside == other].any(axis=1).sum())
        assert both == 0, (
            f"{both} pictures of {one} have a near-duplicate in {other}. "
            "Deal out scenes, not single photos."
        )
