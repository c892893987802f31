"""What a forked room gives up does not depend on the kind of machine."""

from __future__ import annotations

import subprocess
import sys

UNKNOWN_MACHINE = """
from autograder.sandbox import seccomp
from autograder.template import room
seccomp.program = lambda: None
room.guard()
print(open("/proc/self/status").read().partition("NoNewPrivs:")[2].split()[0])
"""


def test_without_a_filter_no_program_brings_rights_either() -> None:
    command = [sys.executable, "-c", UNKNOWN_MACHINE]
    assert subprocess.run(command, capture_output=True, check=True, text=True).stdout == "1\n"
