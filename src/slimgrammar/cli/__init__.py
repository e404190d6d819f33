"""The command line, `slim`: one file per group of commands."""
