"""What Chromium sees when it opens a page of the built site: requests, errors, faults, weight."""

from __future__ import annotations

import functools
import gzip
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Response, Route

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
# Chromium itself calls home and needs a sandbox that containers do not offer.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SCHEMES = ("light", "dark")
WIDTHS = {"desktop": 1280, "phone": 360}


@dataclass
class Visit:
    """One page, opened once.

    Attributes:
        outside: addresses on other hosts that the page asked for; all were refused.
        errors: what the console and the page report as errors, and answers of 400 and above.
        bytes: address to size in bytes, compressed as a server would.
        faults: accessibility faults as axe reports them.
        overflow: pixels by which the page is wider than the window.
        undrawn: formulas that MathJax could not draw.
    """

    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    bytes: dict[str, int] = field(default_factory=dict)
    faults: list[dict[str, Any]] = field(default_factory=list)
    overflow: int = 0
    undrawn: list[str] = field(default_factory=list)


def chromium() -> Path | None:
    """The machine's own Chromium or Chrome."""
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    return MACOS if MACOS.exists() else None


def launch(playwright: Playwright, executable: Path) -> Browser:
    """Start the browser."""
    return playwright.chromium.launch(executable_path=str(executable), args=ARGUMENTS)


def page_names(site: Path) -> list[str]:
    """All pages of a site, without the theme's parts and without pages that only lead on."""
    names = []
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        leads_on = 'http-equiv="refresh"' in path.read_text(encoding="utf-8").lower()
        if not name.startswith("_") and not leads_on:
            names.append(name)
    return names


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and writes no log."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a folder on this machine.

    Yields:
        The address of the site, with a slash at the end.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=site))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def context(browser: Browser, scheme: str, width: int) -> Iterator[BrowserContext]:
    """A fresh profile whose system prefers `scheme`."""
    fresh = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    try:
        yield fresh
    finally:
        fresh.close()


def show(page: Page, address: str) -> None:
    """Open a page and wait until nothing loads, formulas are drawn and its end has been seen."""
    page.goto(address, wait_until="load")
    page.wait_for_load_state("networkidle")
    page.evaluate("() => window.MathJax?.startup?.promise")
    page.evaluate("() => window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")


def visit(browser: Browser, base: str, name: str, scheme: str, width: int, axe: bool) -> Visit:
    """Open a page and record what happens.

    Args:
        browser: a running browser.
        base: address of the site, `http://…/` or `file://…/`.
        name: the page, below the site's folder.
        scheme: `light` or `dark`, as the reader's system prefers.
        width: of the window, in pixels.
        axe: also look for accessibility faults.
    """
    seen = Visit()

    def guard(route: Route) -> None:
        if route.request.url.startswith(base):
            route.continue_()
        else:
            seen.outside.append(route.request.url)
            route.abort()

    with context(browser, scheme, width) as fresh:
        fresh.route("**/*", guard)
        page = fresh.new_page()
        page.on("pageerror", lambda error: seen.errors.append(str(error)))
        page.on(
            "console",
            lambda message: seen.errors.append(message.text) if message.type == "error" else None,
        )
        responses: list[Response] = []

        # Playwright marks its listeners, which a built-in method does not allow.
        def note(response: Response) -> None:
            responses.append(response)

        page.on("response", note)
        show(page, base + name)
        for response in responses:
            if response.status >= 400:
                seen.errors.append(f"{response.status} {response.url}")
            elif base.startswith("http") and response.status == 200:
                seen.bytes[response.url.removeprefix(base)] = len(gzip.compress(response.body()))
        seen.overflow = page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        seen.undrawn = page.evaluate(
            "() => [...document.querySelectorAll("
            "'mjx-merror, [data-mjx-error], mjx-container [style*=\"color: red\"]')]"
            ".map(node => node.closest('mjx-container').textContent)"
        )
        if axe:
            page.evaluate("() => window.scrollTo(0, 0)")
            page.evaluate(AXE.read_text(encoding="utf-8"))
            seen.faults = page.evaluate("() => axe.run().then(result => result.violations)")
    return seen
