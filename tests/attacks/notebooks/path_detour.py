"""The notebook names a hidden file by way of a folder that every notebook can read.

class: file names
wins: leak
"""
# %%
import os
report = "/usr/.." + os.path.abspath("secret.json")
