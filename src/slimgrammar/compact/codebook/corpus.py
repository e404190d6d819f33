"""A corpus as mining sees it: arrays over the units of all its texts, and what the vocabulary pays for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from slimgrammar.vocab import Vocabulary, count

Ints = NDArray[np.int64]
Costs = NDArray[np.int32]
Flags = NDArray[np.bool_]
Scalar = TypeVar("Scalar", bound=np.generic)

UNITS: Final = re.compile(r"_+|[^\W_]\w*|\W")
"""What finds the units of a text: a word, its leading underscores apart, or another character; shorthands start and end where
units do."""

BREAK: Final = -1
"""Stands between two texts, where a unit's number would."""


@dataclass(slots=True)
class Corpus:
    """Texts cut into units. All arrays have one row for each unit, and one for the break behind each text.

    Attributes:
        table: the different units.
        units: each unit's number in `table`; BREAK behind a text.
        tokens: how many tokens start in a unit.
        split: 1 where a unit starts inside a token, which becomes a token more if the text is cut there.
        inside: whether a unit starts inside what a shorthand stands for.
        sources: the number of what its text came from.
    """

    table: list[str]
    units: Ints
    tokens: Costs
    split: Costs
    inside: Flags
    sources: Ints


Spans = Callable[[str], Iterable[tuple[int, int]]]
"""What finds the parts of a text that are one token each and split it: symbols, and what shorthands will stand for."""


Starts = tuple[Flags, Flags]
"""Where tokens start in a text, and where one may not be cut."""


def token_starts(text: str, vocab: Vocabulary, spans: Spans) -> Starts:
    """Where tokens start in a text, and where one may not be cut.

    Args:
        text: the text.
        vocab: its vocabulary.
        spans: finds the parts that are one token each.

    Returns:
        Two arrays, a row for each byte of the text's UTF-8 and one more: whether a token starts there (its end counts as
        one), and whether that is inside such a part. Both are empty where the vocabulary rewrites the text before it splits
        it, so that its tokens have no places.
    """
    data = text.encode()
    starts = np.zeros(len(data) + 1, dtype=np.bool_)
    inside = np.zeros(len(data) + 1, dtype=np.bool_)
    done = at = 0

    def plain(part: str, at: int) -> int:
        for token in vocab.encode(part):
            starts[min(at, len(data))] = True
            at += len(vocab.decode_token(token))
        return at

    for start, end in spans(text):
        at = plain(text[done:start], at)
        starts[min(at, len(data))] = True
        size = len(text[start:end].encode())
        inside[at + 1 : at + size] = True
        at += size
        done = end
    if plain(text[done:], at) != len(data):
        return starts[:0], inside[:0]
    starts[-1] = True
    return starts, inside


def corpus(texts: Iterable[str], starts: Iterable[Starts], sources: Iterable[int], pattern: re.Pattern[str]) -> Corpus:
    """The arrays of a corpus.

    Args:
        texts: the texts, in the dialect that is to be shortened.
        starts: of each text, what `token_starts` gives.
        sources: the number of what each text came from, ascending.
        pattern: what finds the units of a text.
    """
    numbers: dict[str, int] = {}
    units: list[Ints] = []
    tokens: list[Costs] = []
    split: list[Costs] = []
    inside: list[Flags] = []
    whose: list[Ints] = []
    for text, (begun, covered), source in zip(texts, starts, sources, strict=True):
        if not len(begun):
            continue
        found = pattern.findall(text)
        offsets = np.zeros(len(found) + 1, dtype=np.int64)
        np.cumsum([len(unit) if unit.isascii() else len(unit.encode()) for unit in found], out=offsets[1:])
        before = np.concatenate(([0], np.cumsum(begun[:-1])))
        units.append(np.array([*(numbers.setdefault(unit, len(numbers)) for unit in found), BREAK], dtype=np.int64))
        tokens.append(np.append(before[offsets[1:]] - before[offsets[:-1]], 0).astype(np.int32))
        split.append(np.append(~begun[offsets[:-1]], False).astype(np.int32))
        inside.append(np.append(covered[offsets[:-1]], False))
        whose.append(np.full(len(found) + 1, source, dtype=np.int64))
    return Corpus(
        list(numbers),
        _joined(units, np.int64),
        _joined(tokens, np.int32),
        _joined(split, np.int32),
        _joined(inside, np.bool_),
        _joined(whose, np.int64),
    )


def _joined(parts: Sequence[NDArray[Scalar]], dtype: type[Scalar]) -> NDArray[Scalar]:
    return np.concatenate([np.zeros(0, dtype=dtype), *parts])


def word_costs(table: Sequence[str], words: Flags, vocab: Vocabulary) -> Costs:
    """Tokens of each unit of `table` behind a blank; 0 where it is no word."""
    return np.array([count(vocab, f" {unit}") if word else 0 for unit, word in zip(table, words, strict=True)], dtype=np.int32)
