"""How heavy outputs and pages are."""

from __future__ import annotations

import gzip
import shutil
import threading
from pathlib import Path
from urllib.parse import urlsplit

from course.execution import outputs
from course.site.serve import server

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def measure(root: Path) -> None:
    """Print the size of each chapter's outputs, and of all that its page loads."""
    files = sorted((root / outputs.FOLDER / "cpu").glob("*.ipynb"))
    sizes = {f.stem: f.stat().st_size / 1e3 for f in files}
    for name, size in sizes.items():
        print(f"outputs of {name}: {size:.0f} KB")
    if sizes:
        mean = sum(sizes.values()) / len(sizes)
        print(f"outputs, mean a chapter: {mean:.0f} KB (target: under 250 KB)")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print("page weights: not measured, there is no Chromium on this machine")
        return
    for name, weight in page_weights(root / "_build" / "html", list(sizes), browser).items():
        print(f"page of {name}: {weight:.0f} kB gzipped with all it loads (target: under 950 kB)")


def page_weights(site: Path, names: list[str], browser: str) -> dict[str, float]:
    """For each chapter, the gzipped size in kB (10³ bytes) of every file its page loads."""
    from playwright.sync_api import sync_playwright

    web = server(site, 0)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    found = {}
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        chromium = playwright.chromium.launch(executable_path=browser, args=flags)
        for name in names:
            page = chromium.new_page()
            loaded: set[str] = set()
            page.on("requestfinished", lambda request, seen=loaded: seen.add(request.url))
            page.goto(f"http://127.0.0.1:{web.server_port}/book/{name}.html")
            page.wait_for_load_state("networkidle")
            paths = {urlsplit(url).path for url in loaded if url.startswith("http://127.0.0.1")}
            files = [site / path.lstrip("/") for path in paths]
            found[name] = sum(len(gzip.compress(f.read_bytes(), 9)) for f in files) / 1e3
            page.close()
        chromium.close()
    web.shutdown()
    return found
