"""`python -m slimgrammar` is `slim`."""

from slimgrammar.cli.main import run

if __name__ == "__main__":
    run()
