"""The notebook names the file of the right answer as its own.

class: file names
wins: score
"""
# %%
report = 'key.txt'
