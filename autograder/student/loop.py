"""The event loop in which a notebook runs, as it does in a kernel."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
from collections.abc import Callable, Coroutine
from typing import Any

# How often a wait goes on whose loop the notebook has stopped.
STOPPED = 3
# A notebook can replace the name in the module.
NEW = asyncio.new_event_loop


class Loop:
    """Calls functions while an event loop runs, all in one context.

    So `asyncio.get_running_loop()` works, `asyncio.run` is refused, and what a notebook has begun
    goes on while it waits for something else. The loop stands still between calls, and while a
    test asks.
    """

    def __init__(self) -> None:
        self.context = contextvars.copy_context()
        self.loop = self.made()

    def made(self) -> asyncio.AbstractEventLoop:
        """A new loop, which is that of this thread."""
        loop = NEW()
        asyncio.set_event_loop(loop)
        return loop

    def ready(self) -> asyncio.AbstractEventLoop:
        """The loop; a new one where the notebook has closed it."""
        if self.loop.is_closed():
            self.loop = self.made()
        return self.loop

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function in the running loop, then let what it has begun have its turn.

        Where the notebook has broken the loop, the function is called without it.

        Raises:
            BaseException: what the function raises, or what came up in the loop meanwhile, such as
                the time limit.
        """
        return self.within(self.ready, function, *arguments)

    def apart(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function in a running loop of its own, so that nothing else has a turn.

        What a notebook has begun and that never ends, or ends the process, does not keep it.

        Raises:
            BaseException: as `call`.
        """
        made = []

        def make() -> asyncio.AbstractEventLoop:
            made.append(NEW())
            return made[0]

        try:
            return self.within(make, function, *arguments)
        finally:
            for loop in made:
                with contextlib.suppress(Exception):
                    loop.close()

    def within(
        self,
        made: Callable[[], asyncio.AbstractEventLoop],
        function: Callable[..., Any],
        *arguments: Any,
    ) -> Any:
        """Call a function in a loop that runs for it."""
        found: list[Any] = []
        raised: list[BaseException] = []
        begun: list[bool] = []

        def step() -> None:
            if begun:
                # Left over from a call whose loop was interrupted before.
                return
            begun.append(True)
            try:
                found.append(function(*arguments))
            except BaseException as error:
                raised.append(error)
            # One turn later: what it has begun comes before.
            loop.call_soon(loop.stop)

        reached = False
        try:
            loop = made()
            loop.call_soon(step, context=self.context)
            loop.run_forever()
        except Exception:  # noqa: S110 - of the loop, not of the function
            pass
        finally:
            reached = bool(begun)
            begun.append(True)
        if not reached:
            return function(*arguments)
        if raised:
            raise raised[0]
        return found[0]

    def wait(self, function: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        """Run a coroutine to its end, then let what it has begun have its turn.

        Raises:
            BaseException: as `call`.
        """
        loop = self.ready()
        task = self.context.run(loop.create_task, function())
        try:
            for _ in range(STOPPED):
                with contextlib.suppress(RuntimeError):
                    loop.run_until_complete(task)
                if task.done():
                    break
        finally:
            if not task.done():
                task.cancel()
        if not task.done():
            raise RuntimeError("the notebook has stopped its event loop")
        self.call(bool)
        return task.result()
