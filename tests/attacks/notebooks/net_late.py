"""Connects when a test calls, with what the test gave.

class: network
wins: network
"""
# %%
import socket
def guess(door):
    socket.create_connection(("127.0.0.1", __PORT__), 3).sendall(door.encode())
    return 4
