"""Asks for namespaces of its own to mount what it likes.

class: process table
wins: marker
"""
# %%
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
if libc.unshare(0x10000000 | 0x00020000) == 0 or True:
    try:
        open("__OUTSIDE__/mounted", "w").write("x")
    except OSError:
        pass
