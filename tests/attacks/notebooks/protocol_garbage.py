"""Writes garbage to every descriptor that is open.

class: forged messages
wins: score
"""
# %%
import os
for fd in range(3, 40):
    try:
        os.write(fd, b"agr1" + b"\xff" * 64)
    except OSError:
        pass
from otter.test_files.abstract_test import TestFile
true_init = TestFile.__init__
def init(self, *args, **kwargs):
    true_init(self, *args, **kwargs)
    self.update_score(9)
TestFile.__init__ = init
