"""Starts threads that each hoard memory.

class: bombs
wins: memory
"""
# %%
import threading
stop = threading.Event()
hoard = []
def hold():
    hoard.append(bytearray(b"x" * (12 << 20)))
    stop.wait(30)
for _ in range(100):
    try:
        threading.Thread(target=hold, daemon=True).start()
    except RuntimeError:
        break
__import__("time").sleep(3)
