"""Reads the hidden numbers from the bundle by its full path.

class: files from disk
wins: score
"""
# %%
import json
secret = json.load(open("__BUNDLE__/files/secret.json"))
answer = secret["numbers"]
