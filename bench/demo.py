"""`make demo`: the running interpreter's own standard library through every dialect and back, proved file by file, in a table.

python bench/demo.py                  the standard library without its test packages
python bench/demo.py --tests          with them; a few of their files are no Python on purpose
python bench/demo.py PATHS…           one's own files or folders
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from forms import Tokens, count_tokens, forms, print_tables
from inputs import build, read_program, stdlib_files

import slimgrammar
from slimgrammar.cli.batch import run, with_progress
from slimgrammar.cli.files import walk
from slimgrammar.cli.records import Failed, Skipped, attempt, failed
from slimgrammar.vocab import EMBEDDED, load


@dataclass(frozen=True, slots=True)
class Proved:
    """A file that came back from every dialect: its bytes and tokens, and the processor's seconds that `compact` took."""

    size: int
    tokens: Tokens
    encoding: float
    decoding: float


@dataclass(slots=True)
class Total:
    """All files together."""

    files: int = 0
    not_python: int = 0
    reversible: int = 0
    size: int = 0
    tokens: Tokens = field(default_factory=Counter)
    encoding: float = 0.0
    decoding: float = 0.0


def prove(path: Path) -> Proved | Skipped | Failed:
    """Encode, decode and compare one file in every dialect, and count; a record whatever happens."""
    return attempt(lambda: _proved(path), str(path))


def _proved(path: Path) -> Proved | Skipped:
    program = read_program(path)
    if program is None:
        return Skipped(str(path), "this Python cannot parse it")
    for dialect in slimgrammar.DIALECTS:
        slimgrammar.prove(program.text, dialect)
    start = time.process_time()  # not the clock: other workers and programs share the cores
    encoded = slimgrammar.encode(program.text)
    between = time.process_time()
    slimgrammar.decode(encoded)
    end = time.process_time()
    return Proved(program.size, count_tokens(forms(program.text, minifiers=False)), between - start, end - between)


def add_up(results: Iterable[Proved | Skipped | Failed]) -> Total:
    """The sum of all records; what failed is named on standard error."""
    total = Total()
    for result in results:
        total.files += 1
        if isinstance(result, Proved):
            total.reversible += 1
            total.size += result.size
            total.tokens.update(result.tokens)
            total.encoding += result.encoding
            total.decoding += result.decoding
        elif isinstance(result, Skipped):
            total.not_python += 1
        else:
            print(result, file=sys.stderr)
    return total


def show(total: Total, seconds: float) -> None:
    """The demo's page."""
    print(build())
    print(f"{total.files} files, {total.reversible} reversible in all dialects, {total.not_python} not Python")
    print_tables(total.tokens)
    if total.reversible:
        encode, decode = total.size / total.encoding / 1e6, total.size / total.decoding / 1e6
        print(f"\nOne core encodes {encode:.1f} MB/s with verification and decodes {decode:.1f} MB/s (dialect compact).")
        print(f"{total.size / 1e6:.1f} MB, all proofs and counts included, took {seconds:.0f} s.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Prove and print; the exit code is 1 where a file did not come back."""
    summary, _, rest = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(description=summary, epilog=rest, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path, help="files or folders [the standard library]")
    parser.add_argument("--tests", action="store_true", help="the standard library's test packages as well")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes [one per core]")
    options = parser.parse_args(arguments)
    files = walk(options.paths, (".py",)) if options.paths else stdlib_files(tests=options.tests)
    for name in EMBEDDED:
        load(name)  # once, before the workers are forked
    start = time.perf_counter()
    results = run(prove, files, workers=options.workers, failed=lambda path, error: failed(str(path), error))
    total = add_up(with_progress(results, len(files), "demo"))
    show(total, time.perf_counter() - start)
    return int(total.reversible + total.not_python < total.files)


if __name__ == "__main__":
    sys.exit(main())
