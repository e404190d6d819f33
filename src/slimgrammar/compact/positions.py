"""Where each token of a source stands in its encoded text, and back.

Both texts reduce to one canonical stream; its items carry the token they came from on either side. An item that one side only
implies (a comma, `self`, `in`) has no width there and stands at the place where it would be written.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from slimgrammar.compact import aliases, symbols
from slimgrammar.compact.builder import StructureError
from slimgrammar.compact.canonical import Canonicaliser
from slimgrammar.compact.codebook.book import Codebook
from slimgrammar.compact.codebook.expansion import contracted, expand, is_signed
from slimgrammar.compact.reading import CompactReader, problem, scan_compact
from slimgrammar.compact.spelling import is_list
from slimgrammar.compact.stream import NEWLINE
from slimgrammar.errors import SlimError, SyntaxProblem, place
from slimgrammar.syntax.lexer import scan

_IMPLIED: Final = frozenset((",", ":", "self", "import", "in"))
Interval = tuple[int, int]


class Span(NamedTuple):
    """One item's place in the source and in the encoded text, in characters."""

    source_start: int
    source_end: int
    encoded_start: int
    encoded_end: int


class _Way:
    """One direction of a map: where intervals that have a width lead to."""

    def __init__(self, rows: list[tuple[Interval, Interval]], size: int, target_size: int) -> None:
        self.rows = [row for row in rows if row[0][1] > row[0][0]]
        self.rows.append(((size, size), (target_size, target_size)))
        self.starts = [here[0] for here, _ in self.rows]

    def __call__(self, offset: int) -> int:
        at = bisect_right(self.starts, min(offset, self.starts[-1])) - 1
        if at >= 0:
            (start, end), (target, target_end) = self.rows[at]
            if offset < end:
                return target + (offset - start) * (target_end - target) // (end - start)
        return self.rows[min(at + 1, len(self.rows) - 1)][1][0]


@dataclass(frozen=True)
class PositionMap:
    """Places in a source and in its encoded text; both ways are monotone and take O(log n).

    Attributes:
        spans: the items of both texts, in order.
        source_size, encoded_size: how long the texts are.
    """

    spans: tuple[Span, ...]
    source_size: int
    encoded_size: int
    _there: _Way = field(init=False, repr=False, compare=False)
    _back: _Way = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        there: list[tuple[Interval, Interval]] = [((a, b), (c, d)) for a, b, c, d in self.spans]
        back: list[tuple[Interval, Interval]] = [((c, d), (a, b)) for a, b, c, d in self.spans]
        object.__setattr__(self, "_there", _Way(there, self.source_size, self.encoded_size))
        object.__setattr__(self, "_back", _Way(back, self.encoded_size, self.source_size))

    def to_encoded(self, offset: int) -> int:
        """Where an offset of the source stands in the encoded text; between tokens, where the next token starts."""
        return self._there(offset)

    def to_source(self, offset: int) -> int:
        """Where an offset of the encoded text stands in the source; between tokens, where the next token starts."""
        return self._back(offset)

    def to_json(self) -> str:
        """The spans: [[source_start, source_end, encoded_start, encoded_end], …], in characters, sorted."""
        return json.dumps(self.spans, separators=(",", ":"))


def position_map(source: str, encoded: str, dialect: str, *, codebook: Codebook | None = None) -> PositionMap:
    """Aligns a source with what `encode` made of it, comments and docstrings kept or dropped.

    Args:
        source: the program.
        encoded: its encoded text.
        dialect: the dialect of that.
        codebook: the codebook that it was written with; of the items that one shorthand stands for the first gets its width.

    Raises:
        SyntaxProblem: one of the two texts is no program.
        SlimError: the encoded text is another program.

    >>> position_map("f(a, b)", "f(a b)", "compact").to_encoded(5)
    4
    """
    stream, there = shortened_items(encoded, dialect, codebook)
    for keep_docstrings in (True, False):
        for keep_comments in (True, False):
            found, here = _source_items(source, keep_comments, keep_docstrings)
            if found == stream:
                spans = [Span(*here[at], *there[at]) for at, item in enumerate(stream) if not _is_structure(item)]
                return PositionMap(tuple(spans), len(source), len(encoded))
    raise SlimError(f"the encoded text is not this source in the {dialect!r} dialect: encode it again")


def shortened_items(encoded: str, dialect: str, book: Codebook | None) -> tuple[list[str], list[Interval]]:
    """As `encoded_items`, for a text that may hold the shorthands of a codebook."""
    if not is_signed(encoded, book):
        return encoded_items(encoded, dialect)
    assert book is not None
    stream, spans = encoded_items(expand(encoded, book), dialect)
    return stream, _contracted(stream, spans, contracted(encoded, book))


def encoded_items(encoded: str, dialect: str) -> tuple[list[str], list[Interval]]:
    """The canonical stream of an encoded text, and each item's place in it; no width where the item is only implied."""
    if dialect == "python":
        return _source_items(encoded, True, True)
    names, body = aliases.split(encoded)
    if dialect == "compact":
        stream, spans = _compact_items(body)
    else:
        stream, spans = _compact_items(symbols.to_compact(body))
        spans = _contracted(stream, spans, symbols.contracted(body))
    if names:
        shift = len(encoded) - len(body)
        stream, spans = aliases.rename(stream, names), [(start + shift, end + shift) for start, end in spans]
    return stream, spans


def _contracted(stream: list[str], spans: list[Interval], contract: Callable[[int], int]) -> list[Interval]:
    """Places in a text with symbols or shorthands; of the items that one stands for the first gets its width."""
    found: list[Interval] = []
    done = 0
    for item, (start, end) in zip(stream, spans, strict=True):
        first = max(contract(start), done)
        if start == end or _is_structure(item):
            found.append((first, first))
        else:
            done = max(first, contract(end), contract(end - 1) + 1)
            found.append((first, done))
    return found


def _is_structure(item: str) -> bool:
    """Whether an item is a mark of blocks or lines, and no word."""
    return item[0] <= "\x05" or item == NEWLINE


def _source_items(text: str, keep_comments: bool, keep_docstrings: bool) -> tuple[list[str], list[Interval]]:
    """The items of Python source."""
    tokens = scan(text)
    reader = Canonicaliser([token for token, _ in tokens], keep_comments, keep_docstrings)
    try:
        stream = reader.run()
    except StructureError as error:
        raise SyntaxProblem(error.message, *place(text, tokens[error.index][1])) from None
    return stream, _source_spans(stream, reader.origins, tokens)


def _source_spans(stream: list[str], origins: list[int], tokens: list[tuple[str, int]]) -> list[Interval]:
    """Each item's place in the source; a joined string reaches over all its pieces."""
    taken = set(origins)
    spans: list[Interval] = []
    for at, (item, origin) in enumerate(zip(stream, origins, strict=True)):
        token, start = tokens[origin]
        end = start + len(token)
        if item[-1] in "'\"" and item[0] not in "#\n":
            end = _joined_end(tokens, origin, taken)
        elif item == "pass" and origins[at + 1] == origin:  # a block whose docstring was all it held
            end = start
        elif item[0] == "." and at and origins[at - 1] == origin:  # a later dot of `from .. import`
            start = end
        spans.append((start, end))
    return spans


def _joined_end(tokens: list[tuple[str, int]], origin: int, taken: set[int]) -> int:
    """Where the last piece of a string ends: the strings behind it that became no item of their own."""
    last = at = origin
    while True:
        at += 1
        token = tokens[at][0]
        if token == "" or at in taken:
            break
        if token[0] == "\n" or token[0] == "#":
            continue
        if token[-1] not in "'\"":
            break
        last = at
    return tokens[last][1] + len(tokens[last][0])


def _compact_items(text: str) -> tuple[list[str], list[Interval]]:
    """The items of compact text."""
    found = scan_compact(text)
    tokens = [token for token, _ in found]
    places = [(start, start + len(token)) for token, start in found]
    reader = CompactReader([*tokens, "\n"])
    try:
        stream = reader.run()
    except StructureError as error:
        raise problem(text, error) from None
    return stream, _compact_spans(stream, reader.origins, tokens, places)


def _compact_spans(stream: list[str], origins: list[int], tokens: list[str], places: Sequence[Interval]) -> list[Interval]:
    """Each item's place in compact text; `self` stands behind the parenthesis that implies it, all else before its token.

    The place of a string in a list of words is the word and the character behind it.
    """
    size = places[-1][1] if places else 0
    spans: list[Interval] = []
    word = 0
    for item, origin in zip(stream, origins, strict=True):
        start, end = places[origin] if origin < len(places) else (size, size)
        if origin < len(tokens) and is_list(tokens[origin]):
            start = word = max(word, start + len("$'"))
            word = end = start if item == "," else start + len(item) - 1
        elif item in _IMPLIED and origin < len(tokens) and tokens[origin] != item:
            start = end = end if tokens[origin] == "(" else start
        spans.append((start, end))
    return spans
