"""Docker's own command line, where it is installed, reads what the grader gives it.

A server on a socket of the test's own stands in for Docker's service: it notes what it is asked for
and has nothing.
"""

from __future__ import annotations

import json
import shutil
import socketserver
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import SandboxError
from autograder.sandbox import docker
from autograder.sandbox.bubblewrap import Room
from autograder.sandbox.limits import Limits
from tests.autograder.sandbox.docked import IMAGE

pytestmark = pytest.mark.skipif(shutil.which("docker") is None, reason="Docker is not installed")


class Service(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    asked: dict[str, Any] = {}  # noqa: RUF012 - one service at a time


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("Api-Version", "1.43")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else text.encode())

    def do_HEAD(self) -> None:
        self.answer(200, "")

    def do_GET(self) -> None:
        if self.path.endswith("_ping"):
            self.answer(200, "OK")
        else:
            self.answer(404, json.dumps({"message": "No such image: it"}))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        Service.asked[self.path.split("/", 2)[2]] = json.loads(body or "null")
        self.answer(404, json.dumps({"message": "No such image: it"}))

    def log_message(self, *_: Any) -> None:
        pass

    def address_string(self) -> str:
        return "the test"


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    address = "http://" + "ada:secret@proxy"
    settings = {"proxies": {"default": {"httpProxy": address, "noProxy": "x"}}}
    (tmp_path / "config.json").write_text(json.dumps(settings))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/docker.sock")
    docker.identified.cache_clear()
    Service.asked.clear()
    with Service(str(tmp_path / "docker.sock"), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield Service.asked
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("image", [IMAGE, "sha256:" + "1" * 64])
def test_the_container_that_it_asks_for_is_the_one_that_is_meant(
    image: str, service: dict[str, Any]
) -> None:
    room = Room(readable={"/tests": Path("/srv/a,b")})
    line = docker.command(room, Limits(memory_mb=800, processes=50), ["run.py"], image, "one")
    done = subprocess.run(line, check=False, capture_output=True, text=True, input="")
    assert "No such image" in done.stderr
    made = service["containers/create?name=one"]
    host = made["HostConfig"]
    assert (made["Image"], made["Entrypoint"], made["Cmd"]) == (image, ["python"], ["run.py"])
    # The input ends when who attached to it goes.
    assert (made["User"], made["OpenStdin"], made["StdinOnce"]) == ("65534:65534", True, True)
    assert "HTTP_PROXY=" in made["Env"]
    assert not any("secret" in variable for variable in made["Env"])
    assert (host["NetworkMode"], host["CapDrop"], host["IpcMode"]) == ("none", ["ALL"], "private")
    assert (host["ReadonlyRootfs"], host["AutoRemove"], host["Privileged"]) == (True, True, False)
    assert host["SecurityOpt"] == ["no-new-privileges"]
    assert (host["Memory"], host["MemorySwap"], host["PidsLimit"]) == (800 << 20, 800 << 20, 50)
    assert {limit["Name"]: limit["Hard"] for limit in host["Ulimits"]} == {
        "core": 1,
        "fsize": 128 << 20,
        "nofile": 1024,
    }
    mount = {"Type": "bind", "Source": "/srv/a,b", "Target": "/tests", "ReadOnly": True}
    assert host["Mounts"] == [mount]
    assert host["Binds"] is None


def test_it_asks_for_images_and_kills_in_the_words_it_is_given(service: dict[str, Any]) -> None:
    with pytest.raises(SandboxError, match="docker pull"):
        docker.identified(IMAGE)
    status, _, said = docker.ask("kill", "one")
    assert (status, "No such" in said) == (1, True)
    assert "containers/one/kill" in service
