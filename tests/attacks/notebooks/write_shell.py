"""Lets the shell write outside.

class: links
wins: marker
"""
# %%
!touch __OUTSIDE__/by-shell
