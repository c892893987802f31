"""Where strangers' code runs: no network, few files to read, and limits on all it uses."""
