"""A public test shows the beginning of the file that the notebook names.

class: file names
wins: leak
"""
# %%
report = 'secret.json'
