"""A condition for rows of a table reaches exec by way of pandas.

class: text that a test runs
wins: score
"""
# %%
code = """import otter.test_files.abstract_test as tests
tests.TestCaseResult.__setattr__ = lambda self, name, value: vars(self).update(
    {name: True if name == "passed" else value}
)
"""
condition = f"age > 25 and @pd.io.common.codecs.builtins.exec({code!r}) != 1"
