"""Leaves a task in the event loop that never ends and catches whatever would end it.

class: endless loops
wins: hang
"""
# %%
import asyncio
async def forever():
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
await asyncio.sleep(0)
task = asyncio.ensure_future(forever())
# %%
await asyncio.sleep(1)
