from otter.test_files import test_case

OK_FORMAT = False

name = "q9"
points = None

@test_case(points=1, hidden=False)
def test_better_than_chance(predict, x_test, y_test):
    import numpy as np

    assert callable(predict) and np.ndim(x_test) == 4, "First answer questions 3 and 6."
    numbers = np.ravel(y_test)
    assert numbers.size == len(x_test), "x_test and y_test must be equally long (question 3)."
    assert len(set(numbers.tolist())) > 1, "y_test has fewer than two classes (question 3)."
    chance = 1 / len(set(numbers.tolist()))
    accuracy = np.mean(np.asarray(predict(np.asarray(x_test)), dtype=float).argmax(axis=1) == numbers)
    # A fifth of the way from chance to perfect.
    assert accuracy >= chance + 0.2 * (1 - chance), (
        f"On x_test your predict is right for {accuracy:.2f} of the pictures; chance gets {chance:.2f}."
    )
