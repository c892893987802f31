"""Chromium and the built site, or a loud reason why they are not there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
import visits
from playwright.sync_api import Browser

SITE = Path(os.environ.get("COURSE_SITE", visits.ROOT / "_build" / "html"))
Visiting = Callable[[str, str, str], visits.Visit]


def missing(what: str) -> NoReturn:
    """Skip, or fail where these tests must run (`COURSE_REQUIRE_BROWSER=1`)."""
    if os.environ.get("COURSE_REQUIRE_BROWSER") == "1":
        pytest.fail(what)
    pytest.skip(f"NOTHING TESTED IN A BROWSER: {what}")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each page of the site, as it is when the tests are collected."""
    if "page_name" in metafunc.fixturenames:
        metafunc.parametrize("page_name", visits.page_names(SITE) or ["no page"])


@pytest.fixture(scope="session")
def site() -> Path:
    """The built site."""
    if not (SITE / "index.html").is_file():
        missing(f"{SITE} holds no site; build it with `make site`, or name one in COURSE_SITE.")
    return SITE.resolve()


@pytest.fixture(scope="session")
def base(site: Path) -> Iterator[str]:
    """The address of the site on this machine."""
    with visits.served(site) as address:
        yield address


@pytest.fixture(scope="session")
def visiting(browser: Browser, base: str) -> Visiting:
    """Opens a page in a mode and on a device, once for all tests of a run."""
    if not visits.AXE.is_file():
        missing(f"{visits.AXE} is missing; `make test-all` fetches it, or: cd web && npm ci")
    seen: dict[tuple[str, str, str], visits.Visit] = {}

    def visit(page_name: str, scheme: str, device: str) -> visits.Visit:
        key = (page_name, scheme, device)
        if key not in seen:
            width = visits.WIDTHS[device]
            seen[key] = visits.visit(browser, base, page_name, scheme, width, axe=True)
        return seen[key]

    return visit
