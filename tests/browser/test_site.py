"""Every page of the built site, in Chromium with every other host out of reach."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import visits
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser

# A page with everything it loads, compressed.
HEAVIEST = 950_000

Visiting = Callable[[str, str, str], visits.Visit]
schemes = pytest.mark.parametrize("scheme", visits.SCHEMES)
devices = pytest.mark.parametrize("device", visits.WIDTHS)


@schemes
@devices
def test_a_page_asks_no_other_host(
    visiting: Visiting, page_name: str, scheme: str, device: str
) -> None:
    assert visiting(page_name, scheme, device).outside == []


@schemes
@devices
def test_a_page_opens_without_errors(
    visiting: Visiting, page_name: str, scheme: str, device: str
) -> None:
    assert visiting(page_name, scheme, device).errors == []


@schemes
@devices
def test_a_page_has_no_serious_accessibility_fault(
    visiting: Visiting, page_name: str, scheme: str, device: str
) -> None:
    serious = [
        f"{fault['id']}: {node['html'][:200]}"
        for fault in visiting(page_name, scheme, device).faults
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]
    assert serious == []


@schemes
@devices
def test_a_page_does_not_scroll_sideways(
    visiting: Visiting, page_name: str, scheme: str, device: str
) -> None:
    assert visiting(page_name, scheme, device).overflow <= 0


def test_a_page_draws_all_its_formulas(visiting: Visiting, page_name: str) -> None:
    assert visiting(page_name, "light", "desktop").undrawn == []


def test_a_page_with_all_it_loads_stays_light(visiting: Visiting, page_name: str) -> None:
    loaded = visiting(page_name, "light", "desktop").bytes
    heaviest = sorted(loaded.items(), key=lambda item: -item[1])[:5]
    assert sum(loaded.values()) < HEAVIEST, heaviest


def test_a_page_opens_from_a_folder_without_a_server(
    browser: Browser, site: Path, page_name: str
) -> None:
    base = site.as_uri() + "/"
    seen = visits.visit(browser, base, page_name, "light", visits.WIDTHS["desktop"], axe=False)
    assert seen.outside == []
    assert seen.errors == []


@schemes
def test_a_page_follows_the_system_until_the_reader_chooses(
    browser: Browser, base: str, scheme: str
) -> None:
    root = "html[data-theme='{}']"
    with visits.context(browser, scheme, visits.WIDTHS["desktop"]) as fresh:
        page = fresh.new_page()
        visits.show(page, base + "index.html")
        expect(page.locator(root.format(scheme))).to_have_count(1)
        other = "light" if scheme == "dark" else "dark"
        while page.locator("html").get_attribute("data-mode") != other:
            page.locator(".theme-switch-button").first.click()
        visits.show(page, base + "index.html")
        expect(page.locator(root.format(other))).to_have_count(1)


def test_the_search_finds_a_word_of_a_chapter(browser: Browser, base: str) -> None:
    with visits.context(browser, "light", visits.WIDTHS["desktop"]) as fresh:
        page = fresh.new_page()
        visits.show(page, base + "index.html")
        page.locator(".search-button__button").first.click()
        page.locator("#pst-search-dialog input[name=q]").fill("convolution")
        page.keyboard.press("Enter")
        expect(page.locator("#search-results ul.search li").first).to_be_visible()
        expect(page.locator("#search-results a[href*='convolution']").first).to_be_visible()


def test_the_contents_open_on_a_phone(browser: Browser, base: str) -> None:
    with visits.context(browser, "light", visits.WIDTHS["phone"]) as fresh:
        page = fresh.new_page()
        visits.show(page, base + "index.html")
        page.evaluate("() => window.scrollTo(0, 0)")
        chapter = page.locator(".bd-docs-nav a.reference").nth(1)
        expect(chapter).not_to_be_in_viewport()
        page.locator("button.primary-toggle").first.click()
        expect(chapter).to_be_in_viewport()
