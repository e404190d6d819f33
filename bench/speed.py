"""How fast encode, decode and count are on one core, beside peers in the same run, and how time grows with the size of a file.

    python bench/speed.py                     2 MB of the standard library, 5 rounds, growth up to 20 MB, start-up time
    python bench/speed.py --megabytes 0.5 --rounds 3 --growth 0.1 1 --json

Every round runs every operation once over all programs, so that a change of the machine's pace hits all alike; the median of
the rounds counts. Time is this process's own on the processor. MB/s are megabytes of source text. Machines differ: compare the
column "of tree-sitter", not the MB/s. With --codebook, both ways take turns at each program.
"""

from __future__ import annotations

import argparse
import ast
import gc
import json
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from typing import Any

import python_minifier
import tree_sitter
import tree_sitter_python
from inputs import Program, build, read_programs, sample, stdlib_files

import slimgrammar
from slimgrammar.vocab import load

REFERENCE = "tree-sitter parse"
SMALL = 20_000
Operation = Callable[[str], object]


def operations(dialect: str) -> dict[str, Operation]:
    """What is timed, by name; each takes a program's source text."""
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_python.language()))
    vocab = load("o200k_base")
    return {
        REFERENCE: lambda text: parser.parse(text.encode()),
        "encode": lambda text: slimgrammar.encode(text, dialect=dialect, verify=False),
        "encode, verified": lambda text: slimgrammar.encode(text, dialect=dialect),
        "count tokens": lambda text: len(vocab.encode(text)),
        "ast.parse": ast.parse,
        "ast.parse, unparse": lambda text: ast.unparse(ast.parse(text)),
        "python-minifier": lambda text: python_minifier.minify(text, rename_locals=False, hoist_literals=False),  # names kept
    }


def decodings(dialect: str) -> dict[str, Operation]:
    """What is timed on encoded texts."""
    return {
        "decode": lambda text: slimgrammar.decode(text, dialect=dialect, verify=False),
        "decode, checked": lambda text: slimgrammar.decode(text, dialect=dialect),
    }


def left(programs: Sequence[Program], *, dialect: str, codebook: str, rounds: int) -> dict[str, float]:
    """The speed with a codebook as a share of that without; both take turns at each program, the median of rounds counts."""
    sources = [program.text for program in programs]
    plain: dict[str, Any] = {"dialect": dialect}
    chosen: dict[str, Any] = plain | {"codebook": codebook}
    encoded = [slimgrammar.encode(text, verify=False, **plain) for text in sources]
    texts = [slimgrammar.encode(text, verify=False, **chosen) for text in sources]
    shares: dict[str, float] = {}
    cases: list[tuple[str, Callable[..., str], bool, list[str], list[str]]] = [
        ("encode", slimgrammar.encode, False, sources, sources),
        ("encode, verified", slimgrammar.encode, True, sources, sources),
        ("decode", slimgrammar.decode, False, encoded, texts),
        ("decode, checked", slimgrammar.decode, True, encoded, texts),
    ]
    for name, operation, verify, before, after in cases:
        _progress(f"{name}, both ways")
        without = partial(operation, verify=verify, **plain)
        with_it = partial(operation, verify=verify, **chosen)
        found: list[float] = []
        for _ in range(rounds):
            spent = [0.0, 0.0]
            for number, pair in enumerate(zip(before, after, strict=True)):
                for which in (0, 1) if number % 2 else (1, 0):
                    spent[which] += seconds((without, with_it)[which], [pair[which]])
            found.append(spent[0] / spent[1])
        shares[name] = median(found)
    return shares


def seconds(operation: Operation, texts: Sequence[str]) -> float:
    """How much processor time `operation` takes over all `texts`."""
    start = time.process_time()
    for text in texts:
        operation(text)
    return time.process_time() - start


def speeds(programs: Sequence[Program], *, dialect: str, rounds: int) -> dict[str, float]:
    """MB/s of source per operation: the median of interleaved rounds."""
    sources = [program.text for program in programs]
    encoded = [slimgrammar.encode(text, dialect=dialect, verify=False) for text in sources]
    timed: list[tuple[str, Operation, Sequence[str]]] = []
    timed += [(name, operation, sources) for name, operation in operations(dialect).items()]
    timed[3:3] = [(name, operation, encoded) for name, operation in decodings(dialect).items()]
    taken: dict[str, list[float]] = {name: [] for name, _, _ in timed}
    for number in range(rounds):
        _progress(f"round {number + 1} of {rounds}")
        gc.collect()
        for name, operation, texts in timed:
            taken[name].append(seconds(operation, texts))
    size = sum(program.size for program in programs) / 1e6
    return {name: size / median(values) for name, values in taken.items()}


def growth(programs: Sequence[Program], sizes: Sequence[float], *, dialect: str) -> dict[float, dict[str, float]]:
    """Seconds per megabyte of each operation, for one file of each size in MB: flat where time grows linearly."""
    grown: dict[float, dict[str, float]] = {}
    for size in sizes:
        _progress(f"one file of {size:g} MB")
        gc.collect()
        text = one_file(programs, size)
        encoded = slimgrammar.encode(text, dialect=dialect, verify=False)
        timed = {name: (operation, text) for name, operation in operations(dialect).items() if name.startswith("encode")}
        timed |= {name: (operation, encoded) for name, operation in decodings(dialect).items()}
        rounds = 5 if size < 2 else 1
        megabytes = len(text.encode()) / 1e6
        grown[size] = {
            name: median(seconds(operation, [one]) for _ in range(rounds)) / megabytes
            for name, (operation, one) in timed.items()
        }
    return grown


def one_file(programs: Sequence[Program], megabytes: float) -> str:
    """A program of about this size, made of many small ones, but for those with a `from __future__`, which must stand first."""
    joinable = [program.text for program in programs if len(program.text) < SMALL and "__future__" not in program.text]
    pieces: list[str] = []
    size = 0
    while joinable and size < megabytes * 1e6:
        pieces.append(joinable[len(pieces) % len(joinable)].rstrip() + "\n")
        size += len(pieces[-1])
    return "".join(pieces)


def start_up(rounds: int) -> dict[str, float]:
    """Seconds of whole processes: Python alone, with our import, and `slim --help`; medians of interleaved rounds."""
    commands = {
        "python -c pass": ["-c", "pass"],
        "import slimgrammar": ["-c", "import slimgrammar"],
        "slim --help": ["-m", "slimgrammar", "--help"],
    }
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, arguments in commands.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
            taken[name].append(time.perf_counter() - start)
    return {name: median(values) for name, values in taken.items()}


def _progress(what: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{what:40}\r", end="", file=sys.stderr)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options of the command line."""
    summary, _, rest = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(description=summary, epilog=rest, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=2, help="sample of the standard library; 0 is all of it [2]")
    parser.add_argument("--seed", type=int, default=0, help="of the sample [0]")
    parser.add_argument("--rounds", type=int, default=5, help="[5]")
    parser.add_argument("--dialect", choices=slimgrammar.DIALECTS, default="compact", help="[compact]")
    parser.add_argument("--codebook", metavar="FILE|NAME", help="time a codebook of the dialect, too")
    sizes = [0.1, 0.5, 2, 8, 20]
    parser.add_argument("--growth", type=float, nargs="*", default=sizes, metavar="MB", help="file sizes [0.1 0.5 2 8 20]")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    options = parse(arguments)
    warnings.simplefilter("ignore")  # of invalid escapes in the programs
    programs = read_programs(sample(stdlib_files(), megabytes=options.megabytes or None, seed=options.seed))
    measured = {
        "build": build(),
        "dialect": options.dialect,
        "files": len(programs),
        "bytes": sum(program.size for program in programs),
        "megabytes_per_second": speeds(programs, dialect=options.dialect, rounds=options.rounds),
        "left_with_a_codebook": left(programs, dialect=options.dialect, codebook=options.codebook, rounds=options.rounds)
        if options.codebook
        else {},
        "seconds_per_megabyte_by_file_size": growth(programs, options.growth, dialect=options.dialect),
        "start_up_seconds": start_up(options.rounds),
    }
    print(json.dumps(measured, indent=1) if options.json else as_text(measured))


def as_text(measured: dict[str, Any]) -> str:
    """The three tables."""
    rates, grown = measured["megabytes_per_second"], measured["seconds_per_megabyte_by_file_size"]
    lines = [f"{measured['build']}; dialect {measured['dialect']}; {measured['files']} files, {measured['bytes'] / 1e6:.1f} MB"]
    lines += ["", f"{'':20}{'MB/s':>8}{'of tree-sitter':>16}"]
    lines += [f"{name:20}{rate:>8.2f}{rate / rates[REFERENCE]:>16.2f}" for name, rate in rates.items()]
    if measured["left_with_a_codebook"]:
        lines += ["", "The speed with the codebook, as a share of that without"]
        lines += [f"{name:20}{share:>8.2f}" for name, share in measured["left_with_a_codebook"].items()]
    names = list(next(iter(grown.values()), {}))
    lines += ["", "One file of growing size: seconds per MB", "MB".rjust(8) + "".join(f"{name:>18}" for name in names)]
    lines += [f"{size:>8g}" + "".join(f"{row[name]:>18.3f}" for name in names) for size, row in grown.items()]
    lines += ["", "Start-up: seconds of a whole process"]
    lines += [f"{name:20}{taken:>8.3f}" for name, taken in measured["start_up_seconds"].items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
