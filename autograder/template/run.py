"""Entry into a template: `python run.py SETTINGS`, SETTINGS being JSON.

`side`: whose program a fork runs, "student" or "trusted"; `libraries`: modules to import;
`control`: descriptor of the socket on which forks are asked for.

A request is one message with descriptors: a socket for the fork itself (its "door"), the parcel, a
pipe for what it prints, and those that its program gets. The answer is "forked", or why not.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import random
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

FORK, PING, HERE, FORKED, READY = b"fork", b"ping", b"here", b"forked", b"ready"
MOST_FDS, MOST_BYTES = 16, 300
Program = Callable[[dict[str, Any]], None]


def loaded(side: str, libraries: list[str]) -> tuple[Program, set[str]]:
    """Import what the program of a side needs, and the libraries.

    Returns:
        The program; and the modules that were there before the libraries.
    """
    from autograder.values import printing

    if side == "student":
        from autograder.student import run as student

        student.load()
        program = student.start
    else:
        from autograder.trusted import run as trusted

        trusted.load()
        program = trusted.start
    from autograder.template.tuning import leave_untuned

    before = set(sys.modules)
    with printing.imported_as_in_a_kernel():
        for name in libraries:
            try:
                importlib.import_module(name)
            except Exception:  # noqa: S112 - who needs it will meet the error
                continue
    leave_untuned()
    return program, before


def anew() -> None:
    """Draw new states for the generators that the template has seeded."""
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()


def hidden(before: set[str]) -> set[str]:
    """Files here that a cold room's notebook would import by a name that is taken by now.

    Args:
        before: modules that a cold room has imported too.
    """
    taken = {name.partition(".")[0] for name in sys.modules.keys() - before}
    modules = (path for path in Path().iterdir() if path.suffix in ("", ".py", ".so"))
    return taken & {path.name.partition(".")[0] for path in modules}


def enter(fds: list[int], program: Program, before: set[str]) -> NoReturn:
    """Run in a fork: become the first process of a room, start the program in it."""
    from autograder.template import room
    from autograder.template.parcel import Parcel

    door, packed, output, *given = fds
    try:
        room.separate()
        if os.fork():
            os._exit(0)
        os.write(door, HERE)
        # The grader now knows this process, and has a hold on it before anything can end it.
        if os.read(door, MOST_BYTES) != room.GO:
            os._exit(1)
        parcel = Parcel(packed)
        room.furnish(parcel)
        child = os.fork()
        if child:
            room.keep_house(child)
        room.become(parcel, output, [door, *given])
        if here := hidden(before):
            raise ImportError(f"imported before its file was there: {', '.join(sorted(here))}")
        anew()
        settings = parcel.head["settings"]
        settings |= {name: given[place] for name, place in parcel.head["given"].items()}
        del parcel
        os.write(door, READY)
        os.close(door)
    except BaseException as error:
        os.write(door, f"{type(error).__name__}: {error}"[:MOST_BYTES].encode())
        os._exit(1)
    try:
        program(settings)
    finally:
        os._exit(1)


def answer(fds: list[int], program: Program, before: set[str]) -> bytes:
    """Fork, where that is safe.

    A process with several threads is not forked: what the others hold would stay held.
    """
    from autograder.template import kernel

    threads = kernel.threads()
    if threads != 1:
        return f"unsafe: {threads} threads".encode()
    try:
        child = os.fork()
    except OSError as error:
        return f"unsafe: {error.strerror}"[:MOST_BYTES].encode()
    if child == 0:
        enter(fds, program, before)
    os.waitpid(child, 0)
    return FORKED


def main() -> None:
    """Wait for requests until nobody can make any."""
    settings = json.loads(sys.argv[1])
    sys.path[0] = str(Path(__file__).parents[2])
    # Of what is being imported nothing becomes garbage that is worth a search: a sixth of the time.
    gc.disable()
    program, before = loaded(settings["side"], settings["libraries"])
    control = socket.socket(fileno=settings["control"])
    control.set_inheritable(False)
    number = control.detach()
    gc.collect()
    # What is there now is never looked through again: a fork would copy all of it.
    gc.freeze()
    gc.enable()
    while True:
        with socket.socket(fileno=os.dup(number)) as listening:
            message, fds, _, _ = socket.recv_fds(listening, MOST_BYTES, MOST_FDS)
        if not message:
            os._exit(0)
        said = answer(fds, program, before) if message == FORK else HERE
        for fd in fds:
            os.close(fd)
        os.write(number, said)


if __name__ == "__main__":
    main()
