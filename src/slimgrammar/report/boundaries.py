"""Where the tokens of a text end, and offsets as a browser counts them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from slimgrammar.vocab import Vocabulary, split_at_symbols

Ints = NDArray[np.int64]


def token_ends(vocab: Vocabulary, text: str, symbols: tuple[str, ...] = ()) -> Ints | None:
    """The end of each token of `text`, in characters; of a character that several tokens share all end behind it.

    Args:
        vocab: whose tokens.
        text: the text.
        symbols: symbols that the vocabulary would have been extended by.

    Returns:
        int64, as many as there are tokens; None where the tokenizer rewrites the text, so that its tokens spell another one.

    >>> from slimgrammar.vocab import load
    >>> token_ends(load("o200k_base"), "return x").tolist()
    [6, 8]
    """
    lengths = np.fromiter(_byte_lengths(vocab, text, symbols), dtype=np.int64)
    ends = np.cumsum(lengths)
    data = np.frombuffer(text.encode(), dtype=np.uint8)
    if (ends[-1] if ends.size else 0) != data.size:
        return None
    if data.size == len(text):
        return ends
    characters = np.concatenate(([0], np.cumsum((data & 0xC0) != 0x80)))  # those that begin before each byte
    found: Ints = characters[ends]
    return found


def _byte_lengths(vocab: Vocabulary, text: str, symbols: tuple[str, ...]) -> Iterator[int]:
    known: dict[int, int] = {}
    for place, piece in enumerate(split_at_symbols(text, symbols)):
        if place % 2:
            yield len(piece.encode())
            continue
        for token in vocab.encode(piece):
            if token not in known:
                known[token] = len(vocab.decode_token(token))
            yield known[token]


def utf16(text: str, offsets: Ints) -> Ints:
    """Offsets in characters as JavaScript counts them.

    >>> utf16("a😀b", np.array([0, 1, 2, 3])).tolist()
    [0, 1, 3, 4]
    """
    if text.isascii() or max(text) <= "\uffff":
        return offsets
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    before = np.concatenate(([0], np.cumsum(1 + (codes > 0xFFFF))))
    found: Ints = before[offsets]
    return found
