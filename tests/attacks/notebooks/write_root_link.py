"""Writes outside through the root folder that /proc shows.

class: links
wins: marker
"""
# %%
import os
for process in (os.getpid(), os.getppid()):
    try:
        open(f"/proc/{process}/root__OUTSIDE__/file", "w").write("x")
    except OSError:
        pass
