"""Pictures of every page, light and dark, desktop and phone, for people to look at.

    python tests/browser/screenshots.py [SITE] [FOLDER] [PAGE…]

writes `FOLDER/PAGE-DEVICE-MODE.png` (default: `_build/html` to `_build/screenshots`).
"""

from __future__ import annotations

import sys
from pathlib import Path

import visits
from playwright.sync_api import sync_playwright


def take(site: Path, folder: Path, names: list[str]) -> int:
    """Photograph pages at their full height.

    Returns:
        The number of pictures.
    """
    executable = visits.chromium()
    if executable is None:
        raise SystemExit("No Chromium or Chrome on PATH; install one, then try again.")
    folder.mkdir(parents=True, exist_ok=True)
    taken = 0
    with visits.served(site) as base, sync_playwright() as playwright:
        browser = visits.launch(playwright, executable)
        for scheme in visits.SCHEMES:
            for device, width in visits.WIDTHS.items():
                with visits.context(browser, scheme, width) as fresh:
                    for name in names:
                        page = fresh.new_page()
                        visits.show(page, base + name)
                        page.evaluate("() => window.scrollTo(0, 0)")
                        stem = name.removesuffix(".html").replace("/", "-")
                        path = folder / f"{stem}-{device}-{scheme}.png"
                        page.screenshot(path=path, full_page=True)
                        page.close()
                        taken += 1
        browser.close()
    return taken


def main(arguments: list[str]) -> None:
    """Read the arguments and say where the pictures are."""
    build = visits.ROOT / "_build"
    site = Path(arguments[0]) if arguments else build / "html"
    folder = Path(arguments[1]) if len(arguments) > 1 else build / "screenshots"
    names = arguments[2:] or visits.page_names(site)
    absent = [name for name in names if not (site / name).is_file()]
    if absent or not names:
        raise SystemExit(f"{site} holds no {', '.join(absent) or 'pages'}. Build it: make site")
    print(f"{take(site, folder, names)} pictures in {folder}")


if __name__ == "__main__":
    main(sys.argv[1:])
