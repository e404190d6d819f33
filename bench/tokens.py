"""How many tokens each dialect saves, in four vocabularies, against three baselines and beside python-minifier.

    python bench/tokens.py                           3 MB of the standard library, 3 MB of the fetched packages
    python bench/tokens.py --megabytes 0 --json      everything there is, for a machine
    python bench/tokens.py src tests                 one's own files
    python bench/tokens.py --mined 100 1024          codebooks of those sizes, on files that they were not mined from

The baselines: the original text; `ast.unparse` of the same program with its docstrings; and without them (see forms.py). With
`--mined` the fourth: plain Python with as many mined shorthands (see mined.py).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import mined
from forms import Tokens, count_tokens, forms, print_tables, saved
from inputs import build, package_files, read_program, sample, stdlib_files

from slimgrammar.cli.batch import run, with_progress
from slimgrammar.cli.files import walk
from slimgrammar.vocab import EMBEDDED


@dataclass(slots=True)
class Corpus:
    """The files of one corpus, added up."""

    name: str
    files: int = 0
    size: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    tokens: Tokens = field(default_factory=Counter)

    def __str__(self) -> str:
        out = "".join(f"; {number} left out: {reason}" for reason, number in self.left_out.items())
        return f"{self.name}: {self.files} files, {self.size / 1e6:.1f} MB{out}"


def measure(path: Path, *, minifiers: bool = True) -> tuple[int, Tokens] | str:
    """Bytes and tokens of one file, or the reason why it is left out."""
    program = read_program(path)
    if program is None:
        return "this Python cannot parse them"
    try:
        return program.size, count_tokens(forms(program.text, minifiers=minifiers))
    except Exception as error:  # a peer fails by any exception, and the comparison needs every form of a file
        return _fault(path, error)


def _fault(path: Path, error: BaseException) -> str:
    print(f"{path}: {type(error).__name__}: {str(error)[:120]}", file=sys.stderr)
    return f"a form failed with {type(error).__name__}"


def measure_all(name: str, files: Sequence[Path], *, minifiers: bool, workers: int) -> Corpus:
    """All `files`, in several processes."""
    corpus = Corpus(name)
    results = run(partial(measure, minifiers=minifiers), files, workers=workers, failed=_fault)
    for result in with_progress(results, len(files), name):
        if isinstance(result, str):
            corpus.left_out[result] += 1
        else:
            corpus.files += 1
            corpus.size += result[0]
            corpus.tokens.update(result[1])
    return corpus


def as_json(corpora: Iterable[Corpus], options: argparse.Namespace) -> dict[str, Any]:
    """The whole measurement, for a machine; `saved` is in percent of the content's baseline."""
    shown: dict[str, Any] = {"build": build(), "megabytes": options.megabytes, "seed": options.seed, "corpora": {}}
    for corpus in corpora:
        vocabularies: dict[str, Any] = {name: {} for name in EMBEDDED}
        for (vocab, content, form), tokens in corpus.tokens.items():
            cell = {"tokens": tokens, "saved": round(saved(corpus.tokens, vocab, content, form), 2)}
            vocabularies[vocab].setdefault(content, {})[form] = cell
        shown["corpora"][corpus.name] = {
            "files": corpus.files,
            "bytes": corpus.size,
            "left_out": dict(corpus.left_out),
            "vocabularies": vocabularies,
        }
    return shown


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options of the command line."""
    summary, _, rest = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(description=summary, epilog=rest, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path, help="own files or folders, instead of the two corpora")
    parser.add_argument("--corpus", choices=("stdlib", "packages", "both"), default="both", help="[both]")
    parser.add_argument("--without", default="", metavar="NAME", help="leave out what lies in a folder of this name")
    parser.add_argument("--megabytes", type=float, default=3, help="sample of each corpus; 0 is everything [3]")
    parser.add_argument("--seed", type=int, default=0, help="of the sample [0]")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes [one per core]")
    parser.add_argument("--no-minifier", action="store_true", help="without python-minifier, which takes most of the time")
    parser.add_argument("--mined", type=int, nargs="+", default=[], metavar="K", help="codebooks of so many shorthands instead")
    parser.add_argument("--vocab", nargs="+", default=["cl100k_base"], metavar="V", help="vocabularies of those [cl100k_base]")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    options = parser.parse_args(arguments)
    if options.mined and options.corpus == "packages":
        parser.error("--mined counts packages with shorthands of the standard library: --corpus both")
    return options


def corpora_files(options: argparse.Namespace) -> dict[str, list[Path]]:
    """The files to measure, by corpus."""
    if options.paths:
        found = {"files": walk(options.paths, (".py",))}
    else:
        wanted = ("stdlib", "packages") if options.corpus == "both" else (options.corpus,)
        found = {name: stdlib_files() if name == "stdlib" else package_files() for name in wanted}
    found = {name: [path for path in files if options.without not in path.parts] for name, files in found.items()}
    return {name: sample(files, megabytes=options.megabytes or None, seed=options.seed) for name, files in found.items()}


def print_mined(options: argparse.Namespace) -> None:
    """The table of codebooks."""
    files = corpora_files(options)
    texts = {name: mined.spell_all(found, workers=options.workers, label=name) for name, found in files.items()}
    rows = mined.measure(
        texts.get("stdlib") or texts.get("files", []),
        texts.get("packages", []),
        sizes=options.mined,
        vocabularies=options.vocab,
        workers=options.workers,
    )
    if options.json:
        print(json.dumps([asdict(row) for row in rows], indent=1))
        return
    print(build())
    mined.print_rows(rows)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    options = parse(arguments)
    if options.mined:
        print_mined(options)
        return
    corpora = [
        measure_all(name, files, minifiers=not options.no_minifier, workers=options.workers)
        for name, files in corpora_files(options).items()
    ]
    if options.json:
        print(json.dumps(as_json(corpora, options), indent=1))
        return
    print(build())
    for corpus in corpora:
        print(f"\n{corpus}")
        print_tables(corpus.tokens)


if __name__ == "__main__":
    main()
