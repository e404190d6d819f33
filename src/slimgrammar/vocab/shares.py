"""The tokens of a text, shared among the stretches of the text that they spell."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from slimgrammar.vocab.base import Vocabulary

Stretch = tuple[int, int, str]
"""Where a stretch starts and ends in a text, in characters, and the name that its tokens are counted under."""


def shares(
    vocab: Vocabulary, text: str, stretches: Sequence[Stretch], *, other: str, symbols: str = "symbols"
) -> dict[str, float]:
    """How many tokens each name has; a token that touches several stretches is shared equally among them.

    Args:
        vocab: the vocabulary.
        text: what is counted.
        stretches: in order, apart from one another.
        other: the name of what touches no stretch.
        symbols: the name of stretches that are added symbols: each is one token, and splits the text (`count_with_symbols`).

    Returns:
        Tokens by name, as fractions whose sum is the number of tokens.

    Raises:
        Unreadable: `text` holds a lone surrogate.

    >>> from slimgrammar.vocab import load
    >>> shares(load("o200k_base"), "f(a)", [(0, 1, "name"), (1, 2, "bracket"), (2, 3, "name"), (3, 4, "bracket")], other="")
    {'name': 1.5, 'bracket': 1.5}
    """
    found: dict[str, float] = {}
    begun = first = 0  # where the run of text without symbols starts, and its first stretch
    for at, (start, end, name) in enumerate([*stretches, (len(text), len(text), "")]):
        if name == symbols or at == len(stretches):
            run = [(here - begun, there - begun, kind) for here, there, kind in stretches[first:at]]
            _share(vocab, text[begun:start], run, other, found)
            begun, first = end, at + 1
            if name == symbols:
                found[name] = found.get(name, 0) + 1
    return found


def _share(vocab: Vocabulary, text: str, stretches: Sequence[Stretch], other: str, found: dict[str, float]) -> None:
    """Adds the tokens of a text without symbols to those found."""
    tokens = vocab.encode(text)
    sizes = {token: len(vocab.decode_token(token)) for token in set(tokens)}
    if sum(map(sizes.__getitem__, tokens)) != len(text.encode()):  # the vocabulary composes characters (see `base`)
        text, stretches = _composed(text, stretches)
    ends = _in_bytes(text, stretches)
    at = start = 0
    for token in tokens:
        end = start + sizes[token]
        while at < len(ends) and ends[at][1] <= start:
            at += 1
        touched = at
        while touched < len(ends) and ends[touched][0] < end:
            touched += 1
        names = [name for _, _, name in ends[at:touched]] or [other]
        for name in names:
            found[name] = found.get(name, 0) + 1 / len(names)
        start = end


def _in_bytes(text: str, stretches: Sequence[Stretch]) -> Sequence[Stretch]:
    """The same stretches, counted in UTF-8 bytes."""
    if text.isascii():
        return stretches
    places = sorted({0, *(place for start, end, _ in stretches for place in (start, end))})
    offsets, size = {0: 0}, 0
    for before, place in pairwise(places):
        size += len(text[before:place].encode())
        offsets[place] = size
    return [(offsets[start], offsets[end], name) for start, end, name in stretches]


def _composed(text: str, stretches: Sequence[Stretch]) -> tuple[str, Sequence[Stretch]]:
    """The text in Unicode's composed form, and the same stretches of it."""
    pieces: list[str] = []
    moved: list[Stretch] = []
    done = size = 0
    for start, end, name in stretches:
        for piece in (text[done:start], text[start:end]):
            pieces.append(unicodedata.normalize("NFC", piece))
            size += len(pieces[-1])
        moved.append((size - len(pieces[-1]), size, name))
        done = end
    return "".join([*pieces, unicodedata.normalize("NFC", text[done:])]), moved
