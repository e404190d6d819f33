"""A flat program in an answer back in the layout of the one in the conversation that it is most like.

Lines that are the original's come back byte for byte, with the blank lines between them; a line that is new is indented as the
brackets before it ask.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from slimgrammar.pipeline.flat import flattened

if TYPE_CHECKING:
    from slimgrammar.prune import Language

_ALIKE: Final = 0.2  # the least share of lines that an answer and an original must have in common
_OPENING: Final = ("{", "(", "[")
_CLOSING: Final = ("}", ")", "]")


@dataclass(frozen=True, slots=True)
class Laid:
    """A program of the conversation: its lines without formatting, and what stood for each of them.

    Attributes:
        source: the program.
        flat: the lines without formatting.
        written: the author's lines for each, with the blank lines that follow.
    """

    source: str
    flat: tuple[str, ...]
    written: tuple[str, ...]


def laid(source: str, language: Language) -> Laid | None:
    """A program's lines in both forms; None where it has no flat one."""
    made = flattened(source, language)
    if made is None:
        return None
    lines = source.split("\n")
    starts = [*made.lines, len(lines)]
    written = ("\n".join(lines[one:two]) for one, two in pairwise(starts))
    return Laid(source, tuple(made.text.removesuffix("\n").split("\n")), tuple(written))


def relaid(code: str, language: Language, originals: Sequence[Laid]) -> str | None:
    """A flat program in the author's layout; None where it is not flat, or like nothing in the conversation."""
    made = flattened(code, language)
    if made is None or made.text.strip() != code.strip():
        return None
    lines = code.strip("\n").split("\n")
    like = _most_like(lines, originals)
    if like is None or (like.written == like.flat):
        return None
    if like.flat == tuple(lines):
        return like.source
    result = _merged(lines, like).rstrip("\n")
    again = flattened(result, language)
    return f"{result}\n" if again and again.text.strip() == code.strip() else None


def _most_like(lines: list[str], originals: Sequence[Laid]) -> Laid | None:
    wanted = set(lines)
    best, most = None, _ALIKE
    for original in originals:
        shared = sum(line in wanted for line in set(original.flat))
        alike = shared / max(1, len(wanted))
        if alike > most:
            best, most = original, alike
    return best


def _merged(lines: list[str], like: Laid) -> str:
    """The lines in the author's form where they are the author's, else indented by the brackets before them."""
    unit = _unit(like.written)
    made: list[str] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, like.flat, lines, autojunk=False).get_opcodes():
        if tag == "equal":
            made += like.written[a:b]
        else:
            made += _indented(lines[c:d], made[-1] if made else "", unit)
    return "\n".join(made)


def _indented(lines: list[str], above: str, unit: str) -> list[str]:
    """New lines, indented as what stands above them asks."""
    made = []
    last = above.rstrip("\n").rsplit("\n", 1)[-1]
    for line in lines:
        depth = last[: len(last) - len(last.lstrip())]
        if last.rstrip().endswith(_OPENING):
            depth += unit
        if line.startswith(_CLOSING):
            depth = depth.removesuffix(unit)
        last = f"{depth}{line}"
        made.append(last)
    return made


def _unit(written: Sequence[str]) -> str:
    """One step of the author's indentation: the least that a line has."""
    blanks = {line[: len(line) - len(line.lstrip())] for line in written if line.strip()}
    return min(filter(None, blanks), key=len, default="    ")
