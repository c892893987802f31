"""The web server that shows the built site."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.errors import SiteError
from course.site import serve


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text("not of the site")
    site = tmp_path / "html"
    site.mkdir()
    (site / "index.html").write_text("<h1>Welcome</h1>")
    return site


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    with serve.server(folder, 0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_pages_are_served(address: str) -> None:
    with urllib.request.urlopen(f"{address}/") as answer:
        assert answer.read() == b"<h1>Welcome</h1>"


@pytest.mark.parametrize("path", ["/missing.html", "/../secret.txt", "/%2e%2e/secret.txt"])
def test_nothing_but_the_pages_is_served(address: str, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.urlopen(address + path)
    raised.value.close()
    assert raised.value.code == 404


def test_what_is_missing_is_said_and_nothing_else(
    address: str, capfd: pytest.CaptureFixture[str]
) -> None:
    urllib.request.urlopen(f"{address}/index.html").close()
    with pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.urlopen(f"{address}/missing.html")
    raised.value.close()
    (line,) = capfd.readouterr().err.splitlines()
    assert "404, message File not found" in line


def test_only_this_machine_is_served(folder: Path) -> None:
    with serve.server(folder, 0) as server:
        assert server.server_address[0] == "127.0.0.1"


def test_without_a_site_the_next_step_is_named(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"There is no site in .*Build it first with `make site`"):
        serve.server(tmp_path, 0)


def test_a_port_in_use_is_told_with_the_way_out(folder: Path) -> None:
    with serve.server(folder, 0) as server:
        port = server.server_port
        with pytest.raises(SiteError, match=rf"Port {port} cannot be used .*--port 8001"):
            serve.server(folder, port)
