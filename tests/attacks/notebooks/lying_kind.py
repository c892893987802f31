"""A class under the name of a builtin one, whose own class says that it equals everything.

class: lying objects
wins: score
"""
# %%
class Same(type):
    def __eq__(self, other):
        return True
    def __hash__(self):
        return hash(int)

kind = Same("int", (), {"__module__": "builtins", "__qualname__": "int"})
