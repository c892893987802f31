"""Connects to a port of this machine.

class: network
wins: network
"""
# %%
import socket
socket.create_connection(("127.0.0.1", __PORT__), 3).close()
