"""Fills the disk outside.

class: bombs
wins: marker
"""
# %%
with open("__OUTSIDE__/large", "wb") as file:
    for _ in range(200):
        file.write(bytes(1 << 20))
