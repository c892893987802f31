"""Loops forever when a test calls and catches whatever would end it.

class: endless loops
wins: hang
"""
# %%
def guess(door):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
