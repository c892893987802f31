"""Writes outside through a symbolic link in its own folder.

class: links
wins: marker
"""
# %%
import os
os.symlink("__OUTSIDE__", "way-out")
open("way-out/file", "w").write("x")
