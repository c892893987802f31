"""Leaves with success before anything is graded.

class: forged results
wins: crash
"""
# %%
import os
os._exit(0)
