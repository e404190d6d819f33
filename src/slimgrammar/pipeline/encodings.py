"""One piece of code in fewer tokens, in any language, and nothing lost: the same whatever stands around it.

Python is encoded; programs in other languages lose the formatting that means nothing there, listings the padding of their
numbers, searches repeated paths, JSON its spaces, diffs the lines that say again what others say. Each says what it keeps.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from typing import Final, Literal, get_args

from slimgrammar.errors import MissingExtra, SlimError, SyntaxProblem
from slimgrammar.pipeline import diffs, flat, fragments, listings, searches, structured
from slimgrammar.pipeline.budget import prunable
from slimgrammar.pipeline.tags import DIFF, JSON, PYTHON, SEARCH, language_of_tag
from slimgrammar.syntax.lexer import leaves_python

Kind = Literal["python", "other", "listing", "search", "json", "diff"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_PROGRAM_WORDS: Final = ("def ", "class ", "import ")
_PROGRAM_LINES: Final = ("def ", "def.", "class ", "import ", "from ", "async def", "@")
_LinesFrom = Callable[[], Callable[[int], int]]


@dataclass(frozen=True, slots=True)
class Program:
    """A program that was encoded, as it was: what an answer's code is likened to.

    Attributes:
        language: what it is written in.
        source: the program.
        encoded: what became of it, where that is no program and can only be known again; "" otherwise.
    """

    language: str
    source: str
    encoded: str = ""


@dataclass(frozen=True, slots=True)
class Encoding:
    """A piece of code in fewer tokens, or why there is none.

    Attributes:
        text: the code, with a line end at its end; None where it stays as it is.
        reason: why it stays; "" otherwise.
        problem: the fault in Python that does not parse.
        kind: what was done, "" where nothing was.
        programs: the programs in it.
        compact: whether it holds Python in the dialect that was asked for.
    """

    text: str | None
    reason: str = ""
    problem: SyntaxProblem | None = None
    kind: Kind | Literal[""] = ""
    programs: tuple[Program, ...] = ()
    compact: bool = False


@lru_cache(maxsize=256)
def encoding(code: str, language: str, dialect: str, inside: str = "") -> Encoding:
    """The encoding of one piece of code; remembered, for a conversation comes back with each of its turns.

    Args:
        code: the code.
        language: what it is written in.
        dialect: how Python is spelled.
        inside: what the strings of JSON are written in, where nothing in it says so.
    """
    listing = listings.read(code)
    if listing:
        return _of_listing(listing, language, dialect)
    if language == JSON:
        return _of_json(code, dialect, inside)
    return _of_code(code, language, dialect)[0]


def _of_code(code: str, language: str, dialect: str) -> tuple[Encoding, _LinesFrom | None]:
    """The encoding of code without line numbers, and what finds the line of the code that an offset of it came from."""
    if language == PYTHON:
        return _of_python(code, dialect)
    if language == SEARCH:
        return _rewritten(searches.grouped(code), "search"), None
    if language == DIFF:
        return _rewritten(diffs.without_repeats(code), "diff"), None
    return _of_other(code, language)


def _rewritten(text: str | None, kind: Kind) -> Encoding:
    return Encoding(None, "would not get smaller") if text is None else Encoding(text, kind=kind)


def _of_python(code: str, dialect: str) -> tuple[Encoding, _LinesFrom | None]:
    try:
        made = fragments.piece(code, dialect)
    except SyntaxProblem as problem:
        return Encoding(None, str(problem), problem), None
    except SlimError as error:
        return Encoding(None, str(error)), None
    except (RecursionError, MemoryError):
        return Encoding(None, "nested too deeply"), None
    return Encoding(made.text, kind="python", programs=(Program(PYTHON, code),), compact=True), lambda: made.line_at


def _of_fragment(code: str, dialect: str) -> tuple[Encoding, _LinesFrom | None]:
    """Lines out of a Python file: what is whole in them is encoded."""
    pieces = fragments.pieces(code, dialect)
    encoded = [each for each in pieces if each.text != each.source]
    text = "".join(each.text for each in pieces)
    if not encoded:
        return Encoding(None, "no whole statements"), None
    starts = [0, *accumulate(len(each.text) for each in pieces)]
    lines = [0, *accumulate(each.source.count("\n") for each in pieces)]

    def line_at(offset: int) -> int:
        at = min(bisect_right(starts, offset), len(pieces)) - 1
        return lines[at] + pieces[at].line_at(offset - starts[at])

    programs = (Program(PYTHON, code, text), *(Program(PYTHON, each.source) for each in encoded))
    return Encoding(text, kind="python", programs=programs, compact=True), lambda: line_at


def _of_other(code: str, language: str) -> tuple[Encoding, _LinesFrom | None]:
    """A program in a language that has a grammar, without its formatting."""
    try:
        known = prunable(language)
        made = flat.flattened(code, known) if known else None
    except MissingExtra as missing:
        return Encoding(None, str(missing)), None
    if known is None or made is None:
        return Encoding(None, "does not parse" if known else f"no encoding for {language or 'an unnamed language'}"), None
    line_of, came_from = listings.line_finder(made.text), made.lines
    found = Encoding(made.text, kind="other", programs=(Program(known.name, code),))
    return found, lambda: lambda offset: came_from[min(line_of(offset), len(came_from) - 1)]


def _of_listing(listing: listings.Listing, language: str, dialect: str) -> Encoding:
    """A listing with a number before each line that its encoding leaves; where there is none, without padding."""
    known = language or _guessed(listing.code)
    made, lines = _of_code(listing.code, known, dialect)
    if made.problem:
        made, lines = _of_fragment(listing.code, dialect)
    if made.text is None or lines is None:
        return Encoding(listings.shortened(listing), kind="listing")
    text = listings.numbered(made.text, lines(), listing.numbers)
    return replace(made, text=text, kind="listing")


def _of_json(code: str, dialect: str, named: str) -> Encoding:
    if not structured.is_json(code):
        return Encoding(None, "it is no JSON")
    inside: list[Encoding] = []

    def put(value: str, file: str) -> str | None:
        language = language_of_text(value, language_of_tag(file) or named)
        if not language:
            return None
        made = encoding(value, language, dialect)
        if made.text is None or language == JSON:  # a text in a text may be read by its spaces
            return None
        inside.append(made)
        return made.text if value.endswith("\n") else made.text.removesuffix("\n")

    text = structured.rewritten(code, put)
    programs = tuple(program for made in inside for program in made.programs)
    return Encoding(text, kind="json", programs=programs, compact=any(made.compact for made in inside))


def language_of_text(text: str, named: str) -> str:
    """What a text as a whole is: the language that is named where that has an encoding, else what it shows; "" for prose."""
    if diffs.is_diff(text):
        return DIFF
    if structured.is_json(text):
        return JSON
    listing = listings.read(text)
    if listing:
        return named or _guessed(listing.code) or "text"
    if named and named != PYTHON:
        return named
    if is_program(text):
        return PYTHON
    return SEARCH if searches.grouped(text) else named


def _guessed(code: str) -> str:
    return PYTHON if is_program(code) else ""


def is_program(text: str) -> bool:
    """Whether a text without a fence is a Python program, and not prose, JSON or one word that happens to be an expression.

    >>> [is_program(text) for text in ("import os\\nprint(os.name)\\n", "ok", '{"def ": 1}')]
    [True, False, False]
    """
    if not any(word in text for word in _PROGRAM_WORDS):
        return False
    fence = text.find("```")  # prose around fences is the common case, and the parser's «no» costs as much as encoding
    if fence >= 0 and "\r" not in text[:fence] and leaves_python(text, fence):
        return False
    program = encoding(text, PYTHON, "compact").text
    return program is not None and any(line.startswith(_PROGRAM_LINES) for line in program.split("\n"))
