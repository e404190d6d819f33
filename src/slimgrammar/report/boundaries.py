"""Where the tokens of a text end, and which part of a program each character belongs to: what the page colours and charts.

Offsets are those of JavaScript, in UTF-16 units, since a browser counts so.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from slimgrammar.syntax.lexer import scan
from slimgrammar.vocab import Vocabulary, split_at_symbols

Ints = NDArray[np.int64]
Codes = NDArray[np.uint8]

CATEGORIES: Final = ("names", "keywords", "strings", "docstrings", "comments", "numbers", "punctuation", "layout")
_NAME, _KEYWORD, _STRING, _DOCSTRING, _COMMENT, _NUMBER, _PUNCTUATION, LAYOUT = range(8)


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


def categories(source: str) -> Codes:
    """The index in `CATEGORIES` of every character of Python source.

    >>> [CATEGORIES[code] for code in categories("x = 1")]
    ['names', 'layout', 'punctuation', 'layout', 'numbers']
    """
    tokens = scan(source)
    codes = np.fromiter(_codes([token for token, _ in tokens]), dtype=np.uint8, count=len(tokens))
    starts = np.fromiter((start for _, start in tokens), dtype=np.int64, count=len(tokens))
    lengths = np.fromiter((len(token) for token, _ in tokens), dtype=np.int64, count=len(tokens))
    return painted(len(source), starts, lengths, codes)


def _codes(tokens: Sequence[str]) -> Iterator[int]:
    depth = 0
    fresh = True  # at the start of a statement
    for at, token in enumerate(tokens):
        depth += (token in ("(", "[", "{")) - (token in (")", "]", "}"))
        code = _code(token)
        following = tokens[at + 1][:1] if at + 1 < len(tokens) else ""
        if code == _STRING and fresh and depth == 0 and following in ("", "\n", ";", "#"):
            code = _DOCSTRING
        yield code
        fresh = (fresh and code == _COMMENT) or (depth == 0 and token[:1] in ("\n", ";", ":", ""))


def _code(token: str) -> int:
    first = token[:1]
    if first in ("", "\n"):
        return LAYOUT
    if first == "#":
        return _COMMENT
    if token[-1] in "'\"":
        return _STRING
    if first.isdigit() or (first == "." and token[1:2].isdigit()):
        return _NUMBER
    if token.isidentifier():
        return _KEYWORD if keyword.iskeyword(token) else _NAME
    return _PUNCTUATION


def painted(size: int, starts: Ints, lengths: Ints, codes: Codes) -> Codes:
    """`size` characters of layout, and over them each `codes[i]` from `starts[i]` on, `lengths[i]` characters long."""
    found = np.full(size, LAYOUT, dtype=np.uint8)
    found[stretches(starts, lengths)] = np.repeat(codes, lengths)
    return found


def stretches(starts: Ints, lengths: Ints) -> Ints:
    """All the places in the stretches that begin at `starts`.

    >>> stretches(np.array([2, 9]), np.array([3, 1])).tolist()
    [2, 3, 4, 9]
    """
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if ends.size else 0
    found: Ints = np.arange(total) + np.repeat(starts - (ends - lengths), lengths)
    return found


def tokens_by_category(text: str, codes: Codes, ends: Ints) -> list[float]:
    """How many tokens each category takes: a token counts for what its characters are; blanks where it has nothing else."""
    if not ends.size:
        return [0.0] * len(CATEGORIES)
    characters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    lengths = np.diff(ends, prepend=0)
    token = np.repeat(np.arange(ends.size), lengths)
    solid = characters > 32
    in_token = np.bincount(token, weights=solid, minlength=ends.size)
    blank = in_token == 0
    weight = np.where(blank[token], 1.0 / np.maximum(lengths, 1)[token], solid / np.maximum(in_token, 1)[token])
    shown = np.where(blank[token], LAYOUT, codes)
    rest = shown[ends[lengths == 0] - 1]  # a token that ends within a character: it is what the character is
    counted = np.bincount(shown, weights=weight, minlength=len(CATEGORIES)) + np.bincount(rest, minlength=len(CATEGORIES))
    found: list[float] = counted.tolist()
    return found
