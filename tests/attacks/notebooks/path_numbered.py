"""The notebook names its own copy of whatever file it has open.

class: file names
wins: leak
"""
# %%
import glob, os
found = [open(path) for path in glob.glob('*.json')]
report = f'/proc/self/fd/{found[0].fileno()}' if found else '/proc/self/fd/3'
