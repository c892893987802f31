"""Stops its own process.

class: endless loops
wins: hang
"""
# %%
import os, signal, time
time.sleep(0.1)
os.kill(os.getpid(), signal.SIGSTOP)
