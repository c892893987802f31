"""Forks twice, as a daemon does.

class: surviving processes
wins: survivor
"""
# %%
import os, sys
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv("/bin/sleep", ["sleep", "__TOKEN__"])
    os._exit(0)
