"""Sleeps with the alarm switched off.

class: endless loops
wins: hang
"""
# %%
import signal, time
signal.signal(signal.SIGALRM, signal.SIG_IGN)
signal.setitimer(signal.ITIMER_REAL, 0)
time.sleep(3600)
