"""The notebook names a hidden file by a detour.

class: file names
wins: score
"""
# %%
report = './missing/../key.txt'
import os
os.makedirs('missing', exist_ok=True)
