"""What runs in the sandbox finds little, reaches nobody and leaves nothing."""

from __future__ import annotations

import os
import sys
import tempfile
import time
import venv
from pathlib import Path

import pytest

from autograder.errors import SandboxError
from autograder.sandbox import cgroups
from autograder.sandbox.bubblewrap import FILES, Room
from autograder.sandbox.cgroups import Groups
from autograder.sandbox.limits import Limits
from autograder.sandbox.process import Sandboxed
from tests.autograder.sandbox.attempts import attempting


def run(
    tmp_path: Path,
    code: str,
    limits: Limits | None = None,
    seconds: float = 60,
    python: Path = Path(sys.executable),
) -> Sandboxed:
    """Run Python code in a sandbox to its end."""
    files = tmp_path / "files"
    files.mkdir(mode=0o755)
    room = Room(python, readable={FILES: files})
    running = Sandboxed(room, limits or Limits(), ["-s", "-c", code], [])
    running.deadline = time.monotonic() + seconds
    running.process.wait()
    running.stop()
    return running


def test_a_room_that_does_not_start_leaves_no_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups = Groups()
    groups.looked, groups.folder = True, tmp_path
    monkeypatch.setattr(cgroups, "_shared", groups)
    gone: list[str] = []
    monkeypatch.setattr(cgroups.Group, "remove", lambda group: gone.append(group.folder.name[:5]))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SandboxError, match="not installed"):
        run(tmp_path, "")
    assert gone == ["room-"]


ATTEMPTS = """
    "write /": lambda: open("/x", "w"),
    "write /usr": lambda: open("/usr/x", "w"),
    "write /dev": lambda: open("/dev/x", "w"),
    "connect": lambda: socket.create_connection(("1.1.1.1", 53), 2),
    "listen to nobody": lambda: socket.create_connection(("127.0.0.1", 9), 2),
    "first process": lambda: open("/proc/1/environ").read() or os.kill(0x7FFFFFF, 0),
    "become root": lambda: os.setuid(0),
    "unshare": lambda: system(272, 0x10000000),
    "memfd": lambda: os.memfd_create("x"),
    "trace": lambda: system(101, 16, 1, 0, 0),
    "mount": lambda: system(165, b"none", b"/tmp", b"tmpfs", 0, 0),
    "the machine's host": lambda: socket.socket(40, socket.SOCK_STREAM),
    "the kernel's ciphers": lambda: socket.socket(38, socket.SOCK_SEQPACKET),
    "accounts": lambda: open("/etc/passwd"),
    "shadow": lambda: open("/etc/shadow"),
    "a file of the machine": lambda: open(OUTSIDE),
"""
REFUSED = f"""
{attempting(ATTEMPTS)}
try:
    # Refused, or heard and not obeyed.
    os.kill(1, 9)
except OSError:
    pass
print("end", os.getuid() != 0)
"""


def refused(folder: Path) -> str:
    """Code that tries all of it, on a file in this folder too; it prints what it could do."""
    outside = folder / "outside"
    outside.touch()
    return f"OUTSIDE = {str(outside)!r}\n{REFUSED}"


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of calls of x86-64")
def test_what_it_must_not_do_is_refused(tmp_path: Path) -> None:
    assert run(tmp_path, refused(tmp_path)).text.split("\n") == ["end True", ""]


def test_what_it_may_read_of_the_machines_settings_is_open_to_it(tmp_path: Path) -> None:
    """Whichever user it is: without the list of libraries each start searches for them."""
    code = "import os\nprint(os.path.getsize('/etc/ld.so.cache') > 0, os.access('/etc', os.W_OK))"
    assert run(tmp_path, code).text == "True False\n"


def test_variables_of_the_grader_do_not_come_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_EXERCISE_SECRET", "told to nobody")
    code = "import os; print(os.environ, open('/proc/1/cmdline').read())"
    said = run(tmp_path, code).text
    assert "told to nobody" not in said
    assert "HOME" in said


def test_an_environment_below_the_folder_for_temporary_files_is_found() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        venv.create(folder / "env", symlinks=True)
        python = folder / "env" / "bin" / "python"
        assert run(folder, "print('runs')", python=python).text == "runs\n"


def test_memory_has_a_limit(tmp_path: Path) -> None:
    code = "hoard = []\nwhile True: hoard.append(bytearray(b'x' * (20 << 20)))"
    assert run(tmp_path, code, Limits(memory_mb=200)).ended == "memory"


def test_time_has_a_limit(tmp_path: Path) -> None:
    assert run(tmp_path, "while True: pass", seconds=1).ended == "time"


def test_processes_have_a_limit(tmp_path: Path) -> None:
    code = (
        "import os, time\nn = 0\ntry:\n    while n < 500:\n        n += 1\n"
        "        if os.fork() == 0:\n            time.sleep(60)\n            os._exit(0)\n"
        "except BlockingIOError:\n    print('refused', n < 60)\n"
    )
    assert "refused True" in run(tmp_path, code, Limits(processes=50)).text


def test_files_have_a_limit(tmp_path: Path) -> None:
    code = (
        "try:\n    with open('large', 'wb') as file:\n"
        "        for _ in range(9): file.write(bytes(1 << 20))\n"
        "except OSError as error:\n    print(error.errno)\n"
    )
    assert (
        run(
            tmp_path, "import signal; signal.signal(25, signal.SIG_IGN)\n" + code, Limits(file_mb=4)
        ).text
        == "27\n"
    )


def test_sockets_within_the_sandbox_work(tmp_path: Path) -> None:
    code = (
        "import os, socket\n"
        "for family in (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK):\n"
        "    socket.socket(family, socket.SOCK_DGRAM).close()\n"
        "a, b = socket.socketpair()\na.send(b'heard')\nprint(b.recv(9).decode())\n"
        "if os.fork() == 0: os._exit(7)\n"
        "print(os.wait()[1] >> 8)\n"
    )
    assert run(tmp_path, code).text == "heard\n7\n"


def test_a_crash_starts_no_program_outside(tmp_path: Path) -> None:
    # The kernel leaves its handler of cores alone where the limit is this one byte, and only then.
    code = "import resource; print(resource.getrlimit(resource.RLIMIT_CORE))"
    assert run(tmp_path, code).text == "(1, 1)\n"


def test_output_is_kept_in_part(tmp_path: Path) -> None:
    code = "import os\nfor _ in range(100): os.write(1, b'x' * 100_000)"
    assert len(run(tmp_path, code, Limits(output_kb=10)).text) == 10 << 10


def test_nothing_is_left_of_it(tmp_path: Path) -> None:
    code = (
        "import subprocess\n"
        "for _ in range(3): subprocess.Popen(['sleep', '71828182'], start_new_session=True)\n"
    )
    run(tmp_path, code)
    lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert not any(b"71828182" in line for line in lines)
