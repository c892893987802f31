"""Copies the answer of another student's notebook, and a score with it.

class: other submissions
wins: score
"""
# %%
import json
from otter.test_files.abstract_test import TestFile
text = json.load(open("__OTHER__"))
true_init = TestFile.__init__
def init(self, *args, **kwargs):
    true_init(self, *args, **kwargs)
    self.update_score(9)
TestFile.__init__ = init
