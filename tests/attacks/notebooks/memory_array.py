"""Hands over an array of a gigabyte.

class: bombs
wins: memory
"""
# %%
answer = np.ones(120_000_000)
np.add(answer, 1, out=answer)
