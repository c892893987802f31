"""A forked room keeps in what a cold one keeps in, and knows nothing of the one before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.warm import shared
from tests.autograder.sandbox.test_process import refused
from tests.autograder.warm.probing import EXERCISE, Prober


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prober]:
    yield Prober(tmp_path_factory.mktemp("room"))
    shared().close()


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of calls of x86-64")
def test_what_it_must_not_do_is_refused(room: Prober, tmp_path: Path) -> None:
    code = refused(tmp_path).replace("print(", "said.append(")
    code = code.replace('"DONE", name', "name").replace('"end", os.getuid() != 0', '"end"')
    assert room.said(f"said = []\n{code}\nsaid = repr(said)") == "['end']"


@pytest.mark.parametrize("mode", ["cold", "warm"])
def test_it_cannot_take_the_watches_that_the_tests_of_others_need(room: Prober, mode: str) -> None:
    code = "import ctypes\nfound = [ctypes.CDLL(None).inotify_init1(0) for _ in range(200)]\n"
    code += "said = repr(set(found))"
    assert room.said(code, mode=mode) == "{-1}"


def test_it_has_no_rights_and_cannot_get_any(room: Prober) -> None:
    code = "lines = dict(l.split(':\\t') for l in open('/proc/self/status').read().splitlines())\n"
    code += "said = ' '.join(lines[n] for n in ('CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb',"
    code += " 'NoNewPrivs', 'Seccomp'))"
    assert room.said(code) == " ".join(["0" * 16] * 5 + ["1", "2"])


def test_the_first_process_keeps_its_memory_to_itself(room: Prober) -> None:
    code = "said = ''\nfor name in ('mem', 'environ', 'maps'):\n"
    code += "    try:\n        open(f'/proc/1/{name}', 'rb').read(1)\n        said += name\n"
    code += "    except OSError:\n        said += '.'"
    assert room.said(code) == "..."


def test_it_sees_its_own_processes_alone(room: Prober) -> None:
    code = "import os\nsaid = str(sorted(int(n) for n in os.listdir('/proc') if n.isdigit()))"
    assert room.said(code) == "[1, 2]"


def test_it_has_no_descriptors_but_its_own(room: Prober) -> None:
    # Beside those of the event loop in which a cell runs.
    code = "import asyncio, os, stat\nloop = asyncio.get_running_loop()\n"
    code += "own = {loop._selector.fileno(), loop._ssock.fileno(), loop._csock.fileno()}\n"
    code += "def kind(n):\n    try:\n        mode = os.fstat(n).st_mode\n"
    code += "    except OSError:\n        return ''\n"
    code += "    return 'socket ' if stat.S_ISSOCK(mode) else f'{n} '\n"
    code += "open_now = {int(n) for n in os.listdir('/proc/self/fd')}\n"
    code += "said = ''.join(kind(n) for n in sorted(open_now - own)).strip()"
    assert room.said(code) == "0 1 2 socket"


def test_files_of_the_tests_are_not_there(room: Prober) -> None:
    code = "import os\nsaid = repr((sorted(os.listdir()), os.path.exists('/tests')))"
    assert room.said(code) == "(['data.txt', 'tests'], False)"


WRITE = """
import os
for place in ('/tmp', '/dev/shm', os.path.expanduser('~'), '.'):
    open(f'{place}/left-behind', 'w').write('x')
said = 'written'
"""
READ = """
import os
said = [place for place in ('/tmp', '/dev/shm', os.path.expanduser('~'), '.')
        if os.path.exists(f'{place}/left-behind')]
said = repr(said)
"""


def test_nothing_is_left_for_the_next(room: Prober) -> None:
    assert room.said(WRITE) == "written"
    assert room.said(READ) == "[]"


SEARCH = """
import re
# A pattern that does not match its own text.
pattern = re.compile(b'written by an[o]ther student')
found = []
with open('/proc/self/maps') as maps, open('/proc/self/mem', 'rb') as memory:
    for line in maps:
        first, last = (int(part, 16) for part in line.split()[0].split('-'))
        if ' rw' in line and last - first < 1 << 28:
            try:
                memory.seek(first)
                found += pattern.findall(memory.read(last - first))
            except (OSError, ValueError):
                pass
said = str(len(found))
"""


def test_the_notebook_before_is_not_in_memory(room: Prober) -> None:
    mine = "kept = 'written by another student'\n"
    assert int(room.said(mine + SEARCH)) > 0
    assert room.said(SEARCH) == "0"


def test_the_folders_of_the_submission_cannot_be_written(room: Prober) -> None:
    code = "import os\ntry:\n    open('/submission/x', 'w')\n    said = 'written'\n"
    code += "except OSError as error:\n    said = error.strerror"
    assert room.said(code) == "Read-only file system"


def test_a_server_in_the_notebook_can_be_reached_from_it(room: Prober) -> None:
    code = "import socket\nserver = socket.create_server(('127.0.0.1', 0))\n"
    code += "client = socket.create_connection(server.getsockname(), 5)\nsaid = 'reached'"
    assert room.said(code) == "reached"


def test_two_notebooks_draw_different_numbers(room: Prober) -> None:
    code = "import random, numpy as np\nsaid = repr((random.random(), float(np.random.random())))"
    first, second = (eval(room.said(code)) for _ in range(2))
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_memory_has_a_limit(room: Prober) -> None:
    code = "hoard = []\nwhile True: hoard.append(bytearray(b'x' * (20 << 20)))"
    assert any("500 MB of memory" in text for text in room.grade(code).warnings)


def test_processes_have_a_limit(tmp_path: Path) -> None:
    # Each copy counts the pages it shares.
    room = Prober(tmp_path, EXERCISE.replace("memory_mb = 500", "memory_mb = 9000"))
    code = (
        "import os, time\nn = 0\nsaid = ''\ntry:\n    while n < 500:\n        n += 1\n"
        "        if os.fork() == 0:\n            time.sleep(60)\n            os._exit(0)\n"
        "except BlockingIOError:\n    said = f'refused {n < 70}'\n"
    )
    assert room.said(code) == "refused True"


def test_a_plot_and_a_command_work(room: Prober) -> None:
    cells = ["%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"]
    cells += ["lines = !ls\nsaid = str(list(lines))"]
    assert room.said(*cells) == "['data.txt', 'tests']"
