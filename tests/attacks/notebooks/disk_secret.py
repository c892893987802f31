"""Reads the hidden numbers from the file beside the notebook.

class: files from disk
wins: score
"""
# %%
import json
secret = json.load(open("secret.json"))
answer = secret["numbers"]
guess = lambda door: secret["key"]
