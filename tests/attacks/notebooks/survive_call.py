"""Leaves a process behind when a test calls.

class: surviving processes
wins: survivor
"""
# %%
import subprocess
def guess(door):
    subprocess.Popen(["nohup", "sleep", "__TOKEN__"], start_new_session=True)
    return 4
