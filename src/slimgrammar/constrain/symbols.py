"""Tokens of the `symbols` dialect, for masks of the compact grammar: a symbol stands for its run, whatever is around it.

In a string or a comment a symbol's character of the program's own stands behind an escape. Whether a token begins behind one
depends on the text before it, of which therefore a *tail* is kept: nothing, or an escape and what has come of the character
behind it, or the beginning of an escape.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from slimgrammar.grammar import symbol_escape, symbol_table

SYMBOLS: Final = "symbols"
Literals = dict[int, bytes]


def spelled(tokens: Sequence[bytes]) -> tuple[tuple[bytes, ...], Literals]:
    """Tokens with their symbols written out, and how those that begin with a symbol are to be read behind an escape."""
    return tuple(map(written_out, tokens)), {number: found for number, token in enumerate(tokens) if (found := literal(token))}


@cache
def _table() -> tuple[re.Pattern[bytes], dict[bytes, bytes]]:
    """What finds a symbol, or an escape with the character behind it; and the run of each symbol."""
    table = {symbol.encode(): run.encode() for symbol, run in symbol_table().items()}
    character = rb"[\x00-\x7f]|[\xc0-\xff][\x80-\xbf]*"
    return re.compile(rb"%b(?:%b)?|%b" % (escape(), character, b"|".join(map(re.escape, table)))), table


@cache
def escape() -> bytes:
    """The escape, as bytes."""
    return symbol_escape().encode()


def written_out(text: bytes) -> bytes:
    """Text with its symbols written out; what is escaped stays as it is.

    >>> written_out("x\\ue001".encode())
    b'x|None=None'
    """
    pattern, table = _table()
    return pattern.sub(lambda found: table.get(found.group(), found.group()), text)


def literal(token: bytes) -> bytes:
    """A token that begins behind an escape, with all but its first character written out; b"" where that needs no escape."""
    first = next((mark for mark in (*_table()[1], escape()) if token.startswith(mark)), b"")
    return first + written_out(token[len(first) :]) if first else b""


def tail(before: bytes, added: bytes) -> bytes:
    """The tail of a text: what is left open by an escape, or is the beginning of one.

    Args:
        before: the tail so far.
        added: what the text grows by, written out.

    >>> tail(b"", b"'\\xef\\xa3") == b"\\xef\\xa3", tail(b"\\xef\\xa3", b"\\xbf") == escape(), tail(escape(), b"x")
    (True, True, b'')
    """
    text = before + added
    at = text.find(escape())
    while at >= 0:
        behind = at + len(escape())
        whole = behind + _length(text[behind : behind + 1])
        if behind == len(text) or whole > len(text):
            return text[at:]
        text = text[whole:]
        at = text.find(escape())
    return next((escape()[:size] for size in (2, 1) if text.endswith(escape()[:size])), b"")


def _length(first: bytes) -> int:
    """How many bytes the character has that begins with a byte."""
    return 1 if first < b"\xc0" else 2 if first < b"\xe0" else 3 if first < b"\xf0" else 4
