"""Links a file of its own to a place outside.

class: links
wins: marker
"""
# %%
import os
open("mine", "w").write("x")
os.link("mine", "__OUTSIDE__/linked")
