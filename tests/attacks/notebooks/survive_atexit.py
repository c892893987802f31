"""Starts a process at its exit.

class: surviving processes
wins: survivor
"""
# %%
import atexit, subprocess
atexit.register(lambda: subprocess.Popen(["sleep", "__TOKEN__"], start_new_session=True))
