"""The vocabulary in which a student's process and the tests speak: plain data, nothing that runs.

Version 1. A message is JSON with the bytes of its arrays behind it; see `wire`. `encode` runs in
the student's process, so nothing it says is believed: `decode` checks every byte again on the
trusted side. The modules import the standard library only; NumPy and pandas where they are there.
"""

VERSION = 1
