"""Kills the process that started it.

class: process table
wins: crash
"""
# %%
import os, signal
for process in (os.getppid(), 1):
    try:
        os.kill(process, signal.SIGKILL) if process > 1 else None
    except OSError:
        pass
