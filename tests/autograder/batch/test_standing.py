"""Grades that stand are taken away by their own student alone."""

import pytest
from standin import upload

from autograder.batch.standing import others
from autograder.records import Grade
from autograder.scores import IDENTIFIER

BEN = Grade("hw.ipynb", "Ben Hur", "graded", provenance={IDENTIFIER: "99"})


@pytest.mark.parametrize("name", ["Ben Hur", "BEN HUR"])
def test_a_grade_is_withdrawn_where_number_and_name_agree(name: str) -> None:
    found = others({"hw.ipynb": BEN}, [upload("hw-2.ipynb", student=name, identifier="99")])
    assert (found.kept, found.replaced, found.doubtful) == ((), (BEN,), ())


def test_a_name_is_the_same_in_whichever_form_its_letters_are_written() -> None:
    zoe = Grade("hw.ipynb", "Zo\u00eb", "graded", provenance={IDENTIFIER: "7"})
    late = upload("hw-2.ipynb", student="Zoe\u0308", identifier="7")
    assert others({"hw.ipynb": zoe}, [late]).replaced == (zoe,)


def test_a_number_under_another_name_takes_nobodys_grade_away() -> None:
    late = upload("x.ipynb", student="Ada Lee", identifier="99")
    found = others({"hw.ipynb": BEN}, [late])
    assert (found.kept, found.replaced) == ((BEN,), ())
    assert found.doubtful == ((BEN, late),)


def test_a_name_under_another_number_takes_nobodys_grade_away() -> None:
    found = others({"hw.ipynb": BEN}, [upload("x.ipynb", student="Ben Hur", identifier="5")])
    assert (found.kept, found.replaced, found.doubtful) == ((BEN,), (), ())
