"""Lies about its objects' numbers, and answers with an object that the test hands back to it.

class: forged messages
wins: score
"""
# %%
import sys
module = sys.modules.get("autograder.student.references")
if module:
    numbers = iter([-1, 0, 1, 10**9, 10**400] * 1000)
    module.References.number = lambda self, value: next(numbers)
    module.References.object = lambda self, number: Liar()
# %%
class Liar:
    __class__ = int
    def __eq__(self, other):
        return True
    def __reduce__(self):
        return open, ("marker", "w")
guess = lambda door: door if isinstance(door, Liar) else Liar()
