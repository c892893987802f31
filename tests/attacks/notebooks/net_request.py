"""Sends what it knows in a web request.

class: network
wins: network
"""
# %%
import urllib.request
try:
    urllib.request.urlopen("http://127.0.0.1:__PORT__/?found=1", timeout=3)
except OSError:
    pass
