"""Takes as long as the hidden word is, so that the time tells its length.

class: leaks
wins: time
"""
# %%
import time
def guess(door):
    if door != "hall":
        time.sleep(0.6 * len(door))
    return 4
