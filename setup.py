"""Compiles the hot modules with mypyc where that is possible; everything else is in pyproject.toml.

SLIMGRAMMAR_BUILD says how: `pure` compiles nothing, `compiled` fails where it cannot compile. Without it the build tries, and
falls back to pure Python: the same modules, several times slower.
"""

import os
import sys

from setuptools import Extension, setup

HOT = [
    "src/slimgrammar/compact/brackets.py",
    "src/slimgrammar/compact/builder.py",
    "src/slimgrammar/compact/canonical.py",
    "src/slimgrammar/compact/codebook/alphabet.py",
    "src/slimgrammar/compact/codebook/filling.py",
    "src/slimgrammar/compact/codebook/matching.py",
    "src/slimgrammar/compact/codebook/template.py",
    "src/slimgrammar/compact/codebook/trie.py",
    "src/slimgrammar/compact/concatenation.py",
    "src/slimgrammar/compact/contraction.py",
    "src/slimgrammar/compact/layout.py",
    "src/slimgrammar/compact/literals.py",
    "src/slimgrammar/compact/minimal.py",
    "src/slimgrammar/compact/reading.py",
    "src/slimgrammar/compact/spelling.py",
    "src/slimgrammar/compact/statements.py",
    "src/slimgrammar/compact/stream.py",
    "src/slimgrammar/compact/symbols.py",
    "src/slimgrammar/compact/verify.py",
    "src/slimgrammar/prune/graphs/builder.py",
    "src/slimgrammar/prune/graphs/cfg.py",
    "src/slimgrammar/prune/graphs/dataflow.py",
    "src/slimgrammar/prune/graphs/dominators.py",
    "src/slimgrammar/prune/graphs/flow.py",
    "src/slimgrammar/prune/graphs/jumps.py",
    "src/slimgrammar/prune/places.py",
    "src/slimgrammar/syntax/lexer.py",
]
# The build's environment holds none of our dependencies, so it cannot judge types as `mypy --strict` does in a checkout.
MYPY = ["--config-file=", "--ignore-missing-imports", "--follow-imports=silent"]


def extensions(build: str) -> list[Extension]:
    """The modules to compile; none where `build` is "pure", or where mypyc cannot and `build` does not insist."""
    if build == "pure":
        return []
    try:
        from mypyc.build import mypycify

        built: list[Extension] = mypycify([*MYPY, *HOT], opt_level="3", debug_level="0")
    except (ImportError, SystemExit) as error:  # mypyc exits where a module does not please it
        if build == "compiled":
            raise
        print(f"slimgrammar: installing as pure Python: mypyc says {error}", file=sys.stderr)
        return []
    for extension in built:
        extension.optional = build != "compiled"  # no C compiler: pure Python instead of a failed installation
    return built


setup(ext_modules=extensions(os.environ.get("SLIMGRAMMAR_BUILD", "")))
