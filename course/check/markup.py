"""No MyST is left over as text: a directive or role that was not understood."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4.element import NavigableString

from course.check.findings import Finding
from course.check.pages import Site, line

RULE = "markup"
LEFT_OVER = re.compile(r"(?:`{3,}|:{3,})\{[\w:.-]+\}|\{[a-z][a-z:.-]*\}`|\]\(#|^%\s")
# Where such text may stand because it is shown on purpose.
VERBATIM = ["code", "pre", "script", "style", "textarea", "title"]


def check(site: Site) -> Iterator[Finding]:
    """Findings for source text that shows in a page."""
    for page in site.pages.values():
        for text in page.soup.find_all(string=LEFT_OVER):
            parent = text.parent
            if parent is None or type(text) is not NavigableString or text.find_parent(VERBATIM):
                continue
            match = LEFT_OVER.search(text)
            shown = text[match.start() :].strip()[:40] if match else ""
            message = f"{shown!r} shows as text; mend the directive or role in the source."
            yield Finding(page.file, line(parent), RULE, message)
