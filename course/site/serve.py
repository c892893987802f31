"""Shows the built site on this machine."""

from __future__ import annotations

import functools
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from course.errors import SiteError


class Handler(SimpleHTTPRequestHandler):
    """Says what could not be served; a line for every file that was would hide it."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing of an answered request."""


def server(folder: Path, port: int) -> ThreadingHTTPServer:
    """A web server for the site, for this machine alone.

    Args:
        folder: the built pages.
        port: 0 takes any that is free.

    Raises:
        SiteError: there is no site, or the port is taken.
    """
    if not (folder / "index.html").is_file():
        raise SiteError(f"There is no site in {folder}. Build it first with `make site`.")
    handler = functools.partial(Handler, directory=str(folder))
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        raise SiteError(
            f"Port {port} cannot be used ({error.strerror}). Choose another: --port 8001."
        ) from error
