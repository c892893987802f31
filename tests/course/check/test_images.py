from __future__ import annotations

import pytest

from course.check import images


def test_an_image_with_words_for_alt_text_has_no_findings(small_site, messages) -> None:
    assert messages(small_site, images.check) == []


@pytest.mark.parametrize(
    ("attribute", "fault"),
    [
        ("", "has no alt text"),
        ('alt=""', "has an empty alt text"),
        ('alt="  "', "has an empty alt text"),
        ('alt="3f4e"', "has its file name for alt text"),
        ('alt="../_images/3f4e.png"', "has its file name for alt text"),
    ],
)
def test_an_image_that_says_nothing_is_found(
    small_site, messages, attribute: str, fault: str
) -> None:
    small_site.replace("book/01-one.html", 'alt="Two curves that fall apart."', attribute)
    (message,) = messages(small_site, images.check)
    assert message.startswith("book/01-one.html:12: alt text: ../_images/3f4e.png " + fault)
    assert "caption" in message


def test_a_logo_beside_the_title_may_stay_silent(small_site, messages) -> None:
    small_site.page("a.html", '<a href="index.html"><img src="logo.svg" alt="" />Course</a>')
    assert messages(small_site, images.check) == []


def test_an_image_alone_in_a_link_may_not_stay_silent(small_site, messages) -> None:
    small_site.page("a.html", '<a href="index.html"><img src="logo.svg" alt="" /></a>')
    assert len(messages(small_site, images.check)) == 1
