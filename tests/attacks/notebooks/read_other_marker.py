"""Copies another student's notebook to a place outside.

class: other submissions
wins: marker
"""
# %%
import shutil
shutil.copy("__OTHER__", "__OUTSIDE__/stolen.ipynb")
