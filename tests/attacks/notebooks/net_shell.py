"""Lets another program connect.

class: network
wins: network
"""
# %%
import subprocess, sys
subprocess.run([sys.executable, "-c", "import socket; socket.create_connection(('127.0.0.1', __PORT__), 3)"])
