"""What each rule saves: alone, when no other is used, and last, when all others are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from slimgrammar import grammar
from slimgrammar.compact import api, layout
from slimgrammar.rules.model import rules
from slimgrammar.vocab import count, count_with_symbols, load

CANONICAL: Final = "canonical"
SYMBOL: Final = "symbol:"
Measured = Counter[tuple[str, str, str]]
"""Tokens by vocabulary, dialect and variant: "all" rules, "none", "only RULE", "but RULE"."""


@dataclass(frozen=True, slots=True)
class Saving:
    """What a rule saves in one dialect and vocabulary, in tokens.

    Attributes:
        rule: its name; a symbol's begins with `symbol:`.
        dialect: the dialect.
        vocab: the vocabulary.
        alone: tokens saved when no other rule is used.
        last: tokens saved when all others are used.
        symbols: how many new tokens of the vocabulary it costs.
        baseline: tokens of the canonical form, which percentages are of.
    """

    rule: str
    dialect: str
    vocab: str
    alone: int
    last: int
    symbols: int
    baseline: int

    @property
    def last_share(self) -> float:
        """`last` in percent of the canonical form."""
        return 100 * self.last / self.baseline if self.baseline else 0.0

    @property
    def alone_share(self) -> float:
        """`alone` in percent of the canonical form."""
        return 100 * self.alone / self.baseline if self.baseline else 0.0


@cache
def switchable(dialect: str) -> tuple[str, ...]:
    """The rules that can be switched off in a dialect; in `symbols` the symbols, since its rules are those of `compact`.

    >>> "implied_comma" in switchable("compact"), "implied_comma" in switchable("python")
    (True, False)
    """
    if dialect == "symbols":
        return tuple(f"{SYMBOL}{entry['name']}" for entry in grammar.table("symbols.toml")["symbol"])
    return tuple(rule.name for rule in rules() if dialect in rule.dialects and not rule.fixed)


def measure(
    source: str, vocabularies: Sequence[str], dialects: Sequence[str], *, comments: str = "drop", docstrings: str = "drop"
) -> Measured:
    """The tokens of one program in every variant.

    Args:
        source: the program, known to be Python.
        vocabularies: their names.
        dialects: their names.
        comments: "keep" or "drop".
        docstrings: "keep" or "drop".
    """
    source = api.normalise_newlines(source)
    symbols = tuple(grammar.symbol_table())
    stream = api.canonical_stream(source, comments=comments, docstrings=docstrings)
    spelled = [(CANONICAL, "", layout.print_plain(stream))]
    for dialect in dialects:
        for variant, off in _variants(dialect):
            kept = api.canonical_stream(source, comments=comments, docstrings=docstrings, off=off)
            spelled.append((dialect, variant, api.write(kept, dialect, off=off)))
    tokens: Measured = Counter()
    for name in vocabularies:
        vocab = load(name)
        for dialect, variant, text in spelled:
            counted = count_with_symbols(vocab, text, symbols) if dialect == "symbols" else count(vocab, text)
            tokens[name, dialect, variant] += counted
    return tokens


def _variants(dialect: str) -> Iterator[tuple[str, frozenset[str]]]:
    every = frozenset(switchable(dialect))
    yield "all", frozenset()
    yield "none", every
    for name in switchable(dialect):
        yield f"but {name}", frozenset((name,))
        yield f"only {name}", every - {name}


def savings(tokens: Measured, vocabularies: Sequence[str], dialects: Sequence[str]) -> list[Saving]:
    """What each rule saves, by the tokens of all programs together."""
    return [
        Saving(
            rule=name,
            dialect=dialect,
            vocab=vocab,
            alone=tokens[vocab, dialect, "none"] - tokens[vocab, dialect, f"only {name}"],
            last=tokens[vocab, dialect, f"but {name}"] - tokens[vocab, dialect, "all"],
            symbols=int(name.startswith(SYMBOL)),
            baseline=tokens[vocab, CANONICAL, ""],
        )
        for dialect in dialects
        for name in switchable(dialect)
        for vocab in vocabularies
    ]
