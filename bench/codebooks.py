"""Mines the codebooks that are shipped (grammars/codebooks/), from the packages of the manifest; and checks them.

    python bench/codebooks.py                            all vocabularies, dialects and sizes
    python bench/codebooks.py --vocab qwen3 -k 100       some of them
    python bench/codebooks.py --check --megabytes 0      every file of standard library and packages comes back from each
    python bench/codebooks.py --time --megabytes 50 -k 1024 --dialect compact --vocab cl100k_base
                                                         how long mining takes, and how much memory

The same command gives the same files. Each says how much it saves on the tenth of the files that it was not mined from. A
shorthand must save in several packages, and a literal one is no longer than an idiom: what a codebook holds is nobody's code.
"""

from __future__ import annotations

import argparse
import os
import sysconfig
import time
from dataclasses import dataclass
from itertools import pairwise, product
from pathlib import Path

from inputs import build, package_files, packages, read_program, sample, stdlib_files

import slimgrammar
from slimgrammar.bench.engines import peak_megabytes
from slimgrammar.cli.batch import raised, run, with_progress
from slimgrammar.cli.files import write_atomically
from slimgrammar.cli.mine import MineWork, split
from slimgrammar.cli.records import failed
from slimgrammar.cli.settings import Settings
from slimgrammar.compact.codebook.book import load as load_codebook
from slimgrammar.compact.codebook.book import shipped
from slimgrammar.compact.codebook.expansion import expand, shorten
from slimgrammar.compact.codebook.mining import mine
from slimgrammar.vocab import EMBEDDED, load

DIALECTS = ("compact", "symbols")
SIZES = (100, 1024)
HELD_OUT = 0.1
LONGEST = 12
FOLDER = Path(__file__).resolve().parents[1] / "grammars" / "codebooks"


@dataclass(frozen=True, slots=True)
class Task:
    """One codebook to mine."""

    dialect: str
    vocabulary: str
    k: int
    corpus: tuple[str, ...]
    sources: tuple[str, ...]
    held_out: tuple[str, ...]
    out: Path


def mined(task: Task) -> str:
    """Mine a codebook and write it; what to print of it."""
    book = mine(
        task.corpus,
        vocab=load(task.vocabulary),
        dialect=task.dialect,
        k=task.k,
        held_out=task.held_out,
        sources=task.sources,
        longest=LONGEST,
    )
    path = task.out / f"{task.dialect}-{task.vocabulary}-{task.k}.json"
    write_atomically(path, book.to_json().encode(), parents=True)
    return f"{path.name:36}{100 * book.mined['held_out']['saved']:5.1f} % fewer on held-out files"


def texts(names: dict[Path, str], dialect: str, workers: int) -> dict[str, str]:
    """The packages' programs in a dialect, without comments and docstrings, each with its package's name."""
    files = list(names)
    work = MineWork(Settings(dialect=dialect, comments="drop", docstrings="drop"))  # type: ignore[arg-type]
    results = run(work, files, workers=workers, failed=lambda path, error: failed(str(path), error))
    found = zip(files, with_progress(results, len(files), dialect), strict=True)
    return {text: names[path] for path, text in found if isinstance(text, str)}


def unequal(path: Path) -> list[str]:
    """The shipped codebooks that a file's text does not come back from, character by character."""
    program = read_program(path)
    if program is None:
        return []
    plain = {dialect: slimgrammar.encode(program.text, dialect=dialect, verify=False) for dialect in DIALECTS}
    books = [(name, load_codebook(name)) for name in shipped()]
    return [
        f"{path}: {name}" for name, book in books if expand(shorten(plain[book.dialect], book), book) != plain[book.dialect]
    ]


def check(megabytes: float, workers: int) -> int:
    """How many files do not come back from a shipped codebook; each is named.

    A codebook replaces text and knows no syntax, so a text that comes back decodes to the program that it did without.
    """
    files = [
        path
        for corpus in (stdlib_files(tests=True), package_files())
        for path in sample(corpus, megabytes=megabytes or None, seed=0)
    ]
    results = run(unequal, files, workers=workers, failed=lambda path, error: [f"{path}: {type(error).__name__}: {error}"])
    faults = [fault for found in with_progress(results, len(files), "check") for fault in found]
    print(*faults, f"{len(files)} files, {len(shipped())} codebooks, {len(faults)} failures", sep="\n")
    return len(faults)


def time_mining(dialect: str, vocabulary: str, k: int, megabytes: float, workers: int) -> None:
    """Mines from all the Python that is at hand, as `slim mine` does, and says how long each part takes.

    Processor time is what counts on a machine that is shared. Files are encoded by all workers, and mined from by one process.
    """
    installed = sorted(Path(sysconfig.get_path("purelib")).rglob("*.py"))
    drawn = sample([*stdlib_files(tests=True), *package_files(), *installed], megabytes=megabytes or None, seed=0)
    size = sum(path.stat().st_size for path in drawn) / 1e6
    parts = [("encoding", time.perf_counter(), _processor())]

    def begin(part: str) -> None:
        parts.append((part, time.perf_counter(), _processor()))

    mined_from, rest = split(list(texts({path: str(path) for path in drawn}, dialect, workers)), HELD_OUT)
    mine(mined_from, vocab=load(vocabulary), dialect=dialect, k=k, held_out=rest, say=begin)
    begin("all")
    print(f"{len(drawn)} files, {size:.1f} MB: {dialect}, {vocabulary}, {k} shorthands; {build()}")
    print(f"{'':12}{'seconds':>9}{'processor seconds':>19}")
    for (part, start, spent), (_, end, after) in pairwise(parts):
        print(f"{part:12}{end - start:>9.0f}{after - spent:>19.0f}")
    print(f"{'all':12}{parts[-1][1] - parts[0][1]:>9.0f}{parts[-1][2] - parts[0][2]:>19.0f}")
    print(f"at most {peak_megabytes():,.0f} MB of memory")


def _processor() -> float:
    """The processor time of this process and those it has waited for, in seconds."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def main() -> None:
    """Mine and write all, or check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vocab", nargs="+", default=list(EMBEDDED), metavar="V", help="vocabularies [all that are embedded]")
    parser.add_argument("--dialect", nargs="+", default=list(DIALECTS), metavar="D", help="dialects [compact, symbols]")
    parser.add_argument("-k", nargs="+", type=int, default=list(SIZES), metavar="K", help="sizes [100, 1024]")
    parser.add_argument("--megabytes", type=float, default=14, help="source to mine from; 0 is all of it [14]")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes [one per core]")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder to write to [grammars/codebooks]")
    parser.add_argument("--check", action="store_true", help="check the shipped ones, on so much of each corpus")
    parser.add_argument("--time", action="store_true", help="only time the mining of one codebook")
    options = parser.parse_args()
    if options.check:
        raise SystemExit(check(options.megabytes, options.workers) > 0)
    if options.time:
        time_mining(options.dialect[0], options.vocab[0], options.k[-1], options.megabytes, options.workers)
        return
    names = {path: package.folder.name for package in packages() for path in package.files}
    drawn = sample(list(names), megabytes=options.megabytes or None, seed=0)
    tasks = []
    for dialect in options.dialect:
        sources = texts({path: names[path] for path in drawn}, dialect, options.workers)
        mined_from, rest = split(list(sources), HELD_OUT)
        columns = tuple(mined_from), tuple(sources[text] for text in mined_from), tuple(rest)
        tasks += [Task(dialect, vocab, k, *columns, options.out) for vocab, k in product(options.vocab, options.k)]
    for line in with_progress(run(mined, tasks, workers=options.workers, failed=raised), len(tasks), "codebooks"):
        print(line, flush=True)


if __name__ == "__main__":
    main()
