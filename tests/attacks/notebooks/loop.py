"""Loops forever.

class: endless loops
wins: hang
"""
# %%
while True:
    pass
