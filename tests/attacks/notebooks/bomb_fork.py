"""Starts processes until no more can be had.

class: bombs
wins: survivor
"""
# %%
import subprocess
crowd = []
try:
    for _ in range(300):
        crowd.append(subprocess.Popen(["sleep", "__TOKEN__"], start_new_session=True))
except OSError:
    pass
