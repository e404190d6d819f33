"""Proposes the table of `grammars/symbols.toml`: the runs of grammar that save most when each is one token.

A run is a sequence of keywords, operators, brackets, blanks and line ends as the compact grammar writes them: no names, numbers
or strings but the singletons and `self`. Runs are picked greedily by the tokens that they save after those already picked
(their neighbours' merges counted, since the text is tokenized anew), evaluated lazily: a run's saving only falls as others are
picked.

    python bench/symbols.py -k 64 --sample 400000 > proposal.toml
"""

from __future__ import annotations

import argparse
import heapq
import random
import re
import sysconfig
from collections import Counter
from pathlib import Path

from slimgrammar.compact.api import canonical_stream
from slimgrammar.compact.spelling import CompactWriter
from slimgrammar.compact.stream import KEYWORDS, OPERAND_WORDS
from slimgrammar.compact.symbols import alone
from slimgrammar.errors import SlimError
from slimgrammar.vocab import Vocabulary, count, load

HOLE = "\0"
LONGEST = 7
FIRST = 0xE000
WORDS = KEYWORDS | OPERAND_WORDS | {"self"}


def sources(folders: list[Path], size: int, seed: int) -> list[str]:
    """Source texts of a random sample of files, `size` characters in all."""
    files = sorted(path for folder in folders for path in folder.rglob("*.py") if "site-packages" not in path.parts)
    random.Random(seed).shuffle(files)
    texts: list[str] = []
    for path in files:
        if size <= 0:
            break
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if len(text) < 60_000:
            texts.append(text)
            size -= len(text)
    return texts


def grammar_and_rest(text: str) -> tuple[list[str], list[str]]:
    """The pieces of a program's compact text with a hole for each string and comment, and those."""
    written = CompactWriter(canonical_stream(text.replace("\r\n", "\n"), comments="drop")).pieces()
    literals = [piece for piece in written if piece[-1:] in ("'", '"')]
    return [HOLE if piece[-1:] in ("'", '"') else piece for piece in written], literals


def candidates(programs: list[list[str]], least: int) -> Counter[str]:
    """How often each run of grammar occurs."""
    found: Counter[str] = Counter()
    for pieces in programs:
        start = 0
        for at, piece in enumerate([*pieces, HOLE]):
            if piece != HOLE and (piece in WORDS or not (piece[0].isalnum() or piece[0] == "_" or piece[0] > "\x7f")):
                continue
            for first in range(start, at):
                for last in range(first + 1, min(first + LONGEST, at) + 1):
                    found["".join(pieces[first:last])] += 1
            start = at + 1
    return Counter({run: n for run, n in found.items() if n >= least and len(run) > 1})


class Sample:
    """The programs' texts, in which picked runs are symbols already."""

    def __init__(self, codes: list[str], literals: list[str], vocabularies: list[Vocabulary]) -> None:
        self.code = HOLE.join(codes)
        self.literals = literals
        self.vocabularies = vocabularies
        self.symbols = 0
        self.tokens = self.count(self.code)

    def count(self, code: str) -> float:
        """Tokens, the mean of the vocabularies; each symbol is one."""
        parts = code.split(HOLE)
        literals = iter(self.literals)
        text = "".join(part + next(literals, "") for part in parts)
        pieces = re.split("[\ue000-\uf8fe]", text)
        mean = sum(count(vocab, piece) for vocab in self.vocabularies for piece in pieces if piece) / len(self.vocabularies)
        return mean + len(pieces) - 1

    def rewritten(self, run: str) -> str:
        return re.sub(alone(run), chr(FIRST + self.symbols), self.code)

    def pick(self, run: str) -> None:
        self.code = self.rewritten(run)
        self.symbols += 1
        self.tokens = self.count(self.code)


def pick(sample: Sample, runs: Counter[str], k: int, tried: int) -> list[tuple[str, float]]:
    """The `k` best runs and what each saves after those before it."""
    likely = sorted(runs, key=lambda run: -runs[run] * (len(run.split()) + len(re.findall(r"\w+|\W", run))))[:tried]
    heap = [(-float("inf"), -1, run) for run in likely]
    picked: list[tuple[str, float]] = []
    while heap and len(picked) < k:
        saved, known_at, run = heapq.heappop(heap)
        if known_at == len(picked):
            picked.append((run, -saved))
            sample.pick(run)
        else:
            heapq.heappush(heap, (sample.count(sample.rewritten(run)) - sample.tokens, len(picked), run))
    return picked


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[Path(sysconfig.get_path("stdlib"))])
    parser.add_argument("-k", type=int, default=64, help="how many symbols")
    parser.add_argument("--sample", type=int, default=400_000, help="characters of source")
    parser.add_argument("--tried", type=int, default=400, help="how many of the most frequent runs are tried")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--vocab", action="append", help="vocabulary to count in [cl100k_base, o200k_base]")
    options = parser.parse_args()
    programs: list[list[str]] = []
    literals: list[str] = []
    for text in sources(options.folders, options.sample, options.seed):
        try:
            pieces, strings = grammar_and_rest(text)
        except SlimError:
            continue
        programs.append(pieces)
        literals += [*strings, "\n"]
    vocabularies = [load(name) for name in options.vocab or ("cl100k_base", "o200k_base")]
    sample = Sample(["".join(pieces) for pieces in programs], literals, vocabularies)
    before = sample.tokens
    for number, (run, saved) in enumerate(pick(sample, candidates(programs, 20), options.k, options.tried)):
        spelled = run.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        print(
            f'[[symbol]] # saves {100 * saved / before:.2f} %\ncompact = "{spelled}"\nsymbols = "\\u{FIRST + number:04X}"\n',
            flush=True,
        )
    print(f"# {before:.0f} tokens became {sample.tokens:.0f}: {100 * (1 - sample.tokens / before):.2f} % fewer")


if __name__ == "__main__":
    main()
