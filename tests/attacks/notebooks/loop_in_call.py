"""Loops forever when a test calls.

class: endless loops
wins: hang
"""
# %%
def guess(door):
    while True:
        pass
