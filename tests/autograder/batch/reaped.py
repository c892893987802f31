"""Runs a command and kills its process group: `python reaped.py SECONDS COMMAND…`.

What the killed ones leave running becomes a child of this process, which ends when all of them
have ended. So it hangs where something lives on. Prints whether the command was killed.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys

PR_SET_CHILD_SUBREAPER = 36


def main(seconds: float, command: list[str]) -> None:
    """Run, kill after so long, and wait for every process that there was."""
    if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError("prctl")
    running = subprocess.Popen(command, start_new_session=True)
    with contextlib.suppress(subprocess.TimeoutExpired):
        running.wait(seconds)
    killed = running.poll() is None
    if killed:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
    print("killed" if killed else f"ended with {running.returncode}")


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2:])
