"""Loops forever and catches whatever would end it.

class: endless loops
wins: hang
"""
# %%
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
