"""Loops forever where Python's signals do not come through.

class: endless loops
wins: hang
"""
# %%
import re
re.match(r"(a+)+$", "a" * 60 + "b")
