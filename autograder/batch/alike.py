"""Whether workers are like the process that sends them work: else a grade would say what is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from autograder.environment import grader_versions
from autograder.errors import GraderError

# What can change a grade, in words, by what it is told of.
Facts = Mapping[str, str]
About = Callable[[], Facts]
NEXT = (
    "Install the same release there, into the same environment, or stop this worker; then repeat "
    "the command: what is graded already is kept."
)


class Unlike(GraderError):
    """A worker has another grader or another environment; no grade of its own is taken."""


def grader() -> Facts:
    """The grader of this process."""
    return {"the grader": grader_versions()}


def unlike(there: Facts, here: Facts) -> str:
    """What differs between a worker and this process, or ""."""
    for name, told in here.items():
        if there.get(name) != told:
            said = there.get(name, "nothing")
            return f"differs in {name}.\n  there: {said}\n  here:  {told}\n{NEXT}"
    return ""


def check(client: Any, about: About, here: Facts, scheduler: str) -> None:
    """Ask all workers of a cluster, before any work is sent.

    Args:
        client: of `distributed`.
        about: to be asked there.
        here: what it says here.
        scheduler: address, for the message.

    Raises:
        Unlike: the scheduler cannot read what is sent, or a worker differs.
    """
    try:
        client.run_on_scheduler(grader_versions)
    except Exception as error:
        raise Unlike(
            f"The scheduler at {scheduler} cannot read what it is sent ({error}). "
            "It needs this package as well: start it in an environment like this one."
        ) from None
    for worker, there in client.run(about, on_error="return").items():
        if isinstance(there, Exception):
            raise Unlike(f"The worker {worker} cannot grade ({there}).\n{NEXT}")
        differing = unlike(there, here)
        if differing:
            raise Unlike(f"The worker {worker} {differing}")
