"""Some lines out of a Python file, which as a whole are no program: cut where their blocks end, each piece encoded by itself.

Lines from the middle of a method may be followed by the next method, which is indented less, and may stop anywhere. Every piece
that is a run of whole statements is encoded; what is left, most often the last lines, stays as it is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from slimgrammar.compact.api import encode
from slimgrammar.compact.positions import position_map
from slimgrammar.errors import SlimError, SyntaxProblem
from slimgrammar.pipeline.listings import line_finder
from slimgrammar.pipeline.margins import without_margin

_ATTEMPTS: Final = 6  # how often a piece that does not parse is cut before its fault


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of lines, encoded or as it was.

    Attributes:
        source: the lines as they were.
        text: the lines as they are now.
        line_at: the line of `source` (0-based) that an offset of `text` came from.
    """

    source: str
    text: str
    line_at: Callable[[int], int]


def piece(source: str, dialect: str) -> Piece:
    """A run of whole statements, encoded. Code that is indented as a whole keeps its indentation before its first line only.

    Raises:
        SlimError: it has no encoding; `SyntaxProblem` where it does not parse.

    >>> piece("    return (x, y)\\n", "compact").text
    '    return x y\\n'
    """
    margin, body = ("", source) if dialect == "python" else without_margin(source)
    made = encode(body, dialect=dialect)

    lines = cache(lambda: _lines(body, f"{made}\n", dialect))  # costs as much as the encoding, and only listings ask
    return Piece(source, f"{margin}{made}\n", lambda offset: lines()(max(0, offset - len(margin))))


def _lines(body: str, made: str, dialect: str) -> Callable[[int], int]:
    """What finds the line of `body` that an offset of its encoding came from; in a long string, the line of the same number."""
    spans = [span for span in position_map(body, made, dialect).spans if span.encoded_end > span.encoded_start]
    starts, line_of = [span.encoded_start for span in spans], line_finder(body)

    def line_at(offset: int) -> int:
        at = bisect_right(starts, offset) - 1
        if at >= 0 and offset < spans[at].encoded_end:
            inside = made.count("\n", spans[at].encoded_start, offset)
            return min(line_of(spans[at].source_start) + inside, line_of(spans[at].source_end - 1))
        return line_of(spans[at + 1].source_start if at + 1 < len(spans) else len(body))

    return line_at


def pieces(code: str, dialect: str) -> list[Piece]:
    """Lines of a file in pieces, in order, together all of them; none is encoded where no run of lines is whole.

    >>> [each.text for each in pieces("        return 1\\n\\n    def g(self):\\n        return (self.a,\\n", "compact")]
    ['        return 1\\n', '    def g(self):\\n        return (self.a,\\n']
    """
    made: list[Piece] = []
    for run in _runs(code):
        made += _encoded(run, dialect)
    return made


def _runs(code: str) -> Iterator[str]:
    """The lines, cut before each that is indented less than the first of its run."""
    run: list[str] = []
    margin = -1  # that of the run's first line, -1 as long as its lines are blank
    for line in code.splitlines(keepends=True):
        if line.strip():
            depth = len(line) - len(line.lstrip(" \t"))
            if depth < margin:
                yield "".join(run)
                run = []
                margin = depth
            elif margin < 0:
                margin = depth
        run.append(line)
    if run:
        yield "".join(run)


def _encoded(run: str, dialect: str) -> list[Piece]:
    """A run as a piece, or its beginning as one and the rest as it is."""
    whole = run
    for _ in range(_ATTEMPTS):
        try:
            first = piece(whole, dialect)
        except SyntaxProblem as problem:
            whole = "".join(whole.splitlines(keepends=True)[: problem.line - 1])
            if not whole.strip():
                break
            continue
        except (SlimError, RecursionError, MemoryError):
            break
        rest = run[len(whole) :]
        return [first, _kept(rest)] if rest else [first]
    return [_kept(run)]


def _kept(source: str) -> Piece:
    return Piece(source, source, line_finder(source))
