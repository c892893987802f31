"""Leaves a process behind that sleeps on.

class: surviving processes
wins: survivor
"""
# %%
import subprocess
subprocess.Popen(["sh", "-c", "sleep __TOKEN__"], start_new_session=True)
