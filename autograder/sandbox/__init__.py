"""Where strangers' code runs: no network, nothing to read but what it needs, limits on all it uses."""
