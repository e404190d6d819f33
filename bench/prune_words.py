"""Mines grammars/prune/words.tsv: what words of functions are told in descriptions, and how rare they are.

python bench/prune_words.py

Only packages of the tune split are read (corpora/manifests/prune-tune.txt), so that bench/prune.py judges it on others.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import chain
from math import log
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from prune_data import Function, is_tune, java_functions, python_functions

from slimgrammar.prune import language
from slimgrammar.prune.elements import BREAK, NAME, SYMBOL
from slimgrammar.prune.program import Program
from slimgrammar.prune.words import stem, stems, words

OUT = Path(__file__).parents[1] / "grammars" / "prune" / "words.tsv"
MOST = 1500  # functions of a package
CAP = 10  # a package counts no more often than this for one word: its own jargon is no English
PRIOR = 8  # how often a word must have been seen to count half for itself
PACKAGES = 3  # a word of fewer packages is left out
HEAD = """# What words of functions tell: a stem, its telling, its rarity.
# Mined by bench/prune_words.py, read by prune/methods/telling.py.
# telling: log-odds of standing in the description of a function that holds it, less those of all words.
# rarity: the negative logarithm of the share of functions that hold it.
"""


@dataclass
class Counts:
    """How often the words of one package occur: in how many functions, and of those in whose descriptions.

    Words that a function's own name has are left out of `seen` and `told`: those are told whatever they are.
    """

    functions: int = 0
    held: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)

    def add(self, function: Function, name: str) -> None:
        """Count the words of one function in the language called `name`."""
        program = Program(function.code, language(name))
        wordy = (program.kinds < BREAK) & (program.kinds != SYMBOL)
        own = program.texts[program.inside("name") & (program.kinds == NAME)].tolist()
        named = frozenset(chain.from_iterable(map(stems, own)))
        held = {_key(text) for text in program.texts[wordy].tolist()}
        told = stems(function.query)
        self.functions += 1
        self.held.update(held)
        self.seen.update(held - named)
        self.told.update((held - named) & told)


def _key(text: str) -> str:
    found = words(text)
    return stem(found[0]) if found else text


def count_packages() -> dict[str, dict[str, Counts]]:
    """Language → package → its counts."""
    found: dict[str, dict[str, Counts]] = {}
    for name, functions in (("python", python_functions(most=MOST)), ("java", java_functions(most=MOST))):
        packages: dict[str, Counts] = defaultdict(Counts)
        for function in filter(is_tune, functions):
            packages[function.package].add(function, name)
        found[name] = packages
    return found


def table(counted: dict[str, dict[str, Counts]]) -> dict[str, tuple[float, float]]:
    """Stem → (telling, rarity)."""
    seen: dict[str, float] = defaultdict(float)
    told: dict[str, float] = defaultdict(float)
    spread: Counter[str] = Counter()
    for counts in chain.from_iterable(packages.values() for packages in counted.values()):
        spread.update(counts.held.keys())
        for word, times in counts.seen.items():
            share = min(1.0, CAP / times)
            seen[word] += times * share
            told[word] += counts.told[word] * share
    prior = sum(told.values()) / sum(seen.values())
    return {
        word: (_log_odds((told[word] + PRIOR * prior) / (seen[word] + PRIOR)) - _log_odds(prior), _rarity(counted, word))
        for word in sorted(spread)
        if spread[word] >= PACKAGES and not set(word) & set("\t#")
    }


def _log_odds(chance: float) -> float:
    return log(chance / (1 - chance))


def _rarity(counted: dict[str, dict[str, Counts]], word: str) -> float:
    """The mean over the languages of the share of functions that hold the word."""
    shares = []
    for packages in counted.values():
        held = sum(counts.held[word] for counts in packages.values())
        shares.append((held + 0.2) / (sum(counts.functions for counts in packages.values()) + 1))
    return -log(sum(shares) / len(shares))


def main() -> None:
    counted = count_packages()
    found = table(counted)
    rows = [f"{word}\t{telling:.1f}\t{rarity:.1f}" for word, (telling, rarity) in found.items()]
    OUT.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    functions = {name: sum(one.functions for one in packages.values()) for name, packages in counted.items()}
    print(f"{len(rows)} words from {functions} functions")


if __name__ == "__main__":
    main()
