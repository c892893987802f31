"""What runs beside a student's notebook, inside the sandbox.

Needs the standard library and IPython only, so that it works in any assignment's environment. The
notebook can change every line of it in memory; nothing here guards anything. What arrives from
here is taken as the student's own word.
"""
