"""Kills every process of its own group.

class: process table
wins: crash
"""
# %%
import os, signal
os.killpg(0, signal.SIGKILL)
