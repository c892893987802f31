"""Code that tries what a room must refuse, and prints what it could do."""

CODE = """
import ctypes, os, socket
libc = ctypes.CDLL(None, use_errno=True)
def system(number, *given):
    if libc.syscall(number, *given) < 0:
        raise OSError(ctypes.get_errno(), "refused")
attempts = {
ATTEMPTS
}
for name, attempt in attempts.items():
    try:
        attempt()
    except OSError:
        continue
    print("DONE", name)
"""


def attempting(attempts: str) -> str:
    """The code for lines of a dictionary: names of attempts, and functions that make them."""
    return CODE.replace("ATTEMPTS", attempts)
