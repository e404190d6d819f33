"""The command line, run inside this process and as a user would."""
