from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = None

@test_case(points=0.5, hidden=False)
def test_labels(labels):
    import numpy as np

    assert labels is not None and labels is not ..., "labels is still missing."
    shape = np.shape(labels)
    assert len(shape) == 1, f"labels has shape {shape}; expected one number for each photo, {shape[:1]}."
    numbers = np.asarray(labels)
    assert numbers.dtype.kind in "uif", (
        "labels holds no numbers. Take the place of each name in class_names: 0, 1, …"
    )
    found = sorted(set(numbers.tolist()))
    assert found == list(range(len(found))), f"labels has the numbers {found}; expected 0, 1, …"
    assert found, "labels is empty; it has one number for each photo."
    assert len(found) >= 2, "There is one class only; a classifier needs two or more."
    assert (np.diff(numbers.astype(int)) >= 0).all(), (
        "The photos were read class by class, so labels must rise. Keep the order of photos."
    )

@test_case(points=0.5, hidden=False)
def test_counts(counts, labels):
    import numpy as np

    assert counts is not None and counts is not ..., "counts is still missing."
    assert labels is not None and labels is not ..., "labels is still missing."
    numbers = np.ravel(labels)
    assert numbers.size and numbers.dtype.kind in "uif" and (numbers >= 0).all(), (
        "First make labels: for each photo the number of its class, 0, 1, …"
    )
    right = np.bincount(numbers.astype(int))
    shape = np.shape(counts)
    assert shape == right.shape, (
        f"counts has shape {shape}; expected {right.shape}: one number for each class."
    )
    assert np.asarray(counts).dtype.kind in "uif", "counts holds no numbers."
    got = np.asarray(counts, dtype=float)
    assert np.array_equal(got, right), f"counts is {got.tolist()}; labels say {right.tolist()}."
    # A grader takes photos away: of 20, and of near-duplicates with them, 14 may be left.
    assert right.min() >= 14, (
        f"A class has only {right.min()} photos. The exercise asks for 20, and with fewer than 14 "
        "nothing can be judged. Take some more, delete the folder photos and pack again."
    )
