"""Leaves a file beside other submissions.

class: other submissions
wins: marker
"""
# %%
open("__OUTSIDE__/beside.ipynb", "w").write("{}")
