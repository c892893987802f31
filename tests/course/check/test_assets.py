from __future__ import annotations

import pytest

from course.check import assets

REQUESTS = [
    '<script src="https://cdn.example.org/a.js"></script>',
    '<script src="//cdn.example.org/a.js"></script>',
    '<link rel="stylesheet" href="https://cdn.example.org/a.css" />',
    '<link rel="preconnect" href="https://cdn.example.org" />',
    '<img src="https://cdn.example.org/a.png" alt="A" />',
    '<img srcset="../_images/3f4e.png 1x, https://cdn.example.org/a.png 2x" alt="A" />',
    '<iframe src="https://example.org/frame"></iframe>',
    '<style>@import "https://cdn.example.org/a.css";</style>',
    '<p style="background: url(https://cdn.example.org/a.png)">A</p>',
    '<script>fetch("https://api.example.org/data")</script>',
    '<script type="module">import { a } from "https://cdn.example.org/a.js"</script>',
]


def test_a_site_that_holds_all_it_loads_has_no_findings(small_site, messages) -> None:
    assert messages(small_site, assets.check) == []


@pytest.mark.parametrize("element", REQUESTS)
def test_everything_that_asks_another_host_is_found(small_site, messages, element: str) -> None:
    small_site.page("book/02-two.html", element)
    (message,) = messages(small_site, assets.check)
    assert message.startswith("book/02-two.html:12: request: ")
    assert "would be fetched from another host" in message


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("_static/course.css", "p { background: url(https://cdn.example.org/a.png) }"),
        ("_static/course.js", 'new Worker("https://cdn.example.org/a.js");'),
    ],
)
def test_requests_inside_loaded_files_are_found_once(
    small_site, messages, name: str, text: str
) -> None:
    small_site.write(name, text)
    (message,) = messages(small_site, assets.check)
    assert message.startswith(f"{name}: request: https://cdn.example.org/a.")


def test_a_file_that_no_page_loads_may_name_other_hosts(small_site, messages) -> None:
    small_site.write("_static/unused.css", "p { background: url(https://cdn.example.org/a.png) }")
    assert messages(small_site, assets.check) == []


def test_a_missing_image_is_found(small_site, messages) -> None:
    (small_site.root / "_images/3f4e.png").unlink()
    (message,) = messages(small_site, assets.check)
    assert "asset: ../_images/3f4e.png does not exist" in message


def test_a_missing_font_of_an_imported_style_sheet_is_found(small_site, messages) -> None:
    small_site.write("_static/course.css", '@import "fonts.css";')
    small_site.write("_static/fonts.css", "@font-face { src: url(fonts/text.woff2#a) }")
    (message,) = messages(small_site, assets.check)
    assert message == "_static/fonts.css: asset: fonts/text.woff2#a does not exist."


def test_data_in_the_page_itself_is_no_request(small_site, messages) -> None:
    small_site.page("a.html", '<img src="data:image/png;base64,AA==" alt="A" />')
    assert messages(small_site, assets.check) == []
