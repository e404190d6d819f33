"""Compiles the hot modules with mypyc where that is possible; everything else is in pyproject.toml."""

import os
import sys

from setuptools import setup

HOT = [
    "src/slimgrammar/compact/builder.py",
    "src/slimgrammar/compact/canonical.py",
    "src/slimgrammar/compact/layout.py",
    "src/slimgrammar/compact/literals.py",
    "src/slimgrammar/compact/minimal.py",
    "src/slimgrammar/compact/reading.py",
    "src/slimgrammar/compact/spelling.py",
    "src/slimgrammar/compact/statements.py",
    "src/slimgrammar/compact/stream.py",
]


def extensions() -> list:
    """The modules to compile; none where SLIMGRAMMAR_PURE is set or mypyc is missing."""
    if os.environ.get("SLIMGRAMMAR_PURE"):
        return []
    try:
        from mypyc.build import mypycify
    except ImportError:
        print("slimgrammar: mypyc is not there, installing as pure Python", file=sys.stderr)
        return []
    built = mypycify(HOT, opt_level="3", debug_level="0")
    for extension in built:
        extension.optional = True  # no C compiler: pure Python instead of a failed installation
    return built


setup(ext_modules=extensions())
