"""The programs that a conversation holds, and an answer's code back in their layout."""

from __future__ import annotations

import ast
import textwrap
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from slimgrammar.compact.api import canonical_text, decode, encode
from slimgrammar.errors import SlimError, SyntaxProblem
from slimgrammar.pipeline import listings
from slimgrammar.pipeline.budget import prunable
from slimgrammar.pipeline.encodings import Program
from slimgrammar.pipeline.margins import with_margin, without_margin
from slimgrammar.pipeline.relayout import Laid, laid, relaid
from slimgrammar.pipeline.tags import PYTHON
from slimgrammar.syntax import check as syntax

_ALIKE: Final = 0.2  # the least share of lines that an answer and an original must have in common
_DEEPEST: Final = 16  # blocks that may be open at the end of an answer's code
_DEFINITIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Original:
    """A program, or a definition in one, whose layout an answer may take on."""

    text: str
    lines: frozenset[str]


class Originals:
    """All programs of a conversation; read when the first answer holds code."""

    def __init__(self, programs: Iterable[Program], dialect: str) -> None:
        self.dialect: str = dialect
        self._sources: dict[Program, None] = dict.fromkeys(programs)
        self._exact: dict[str, str] = {each.encoded.strip("\n"): each.source for each in self._sources if each.encoded}
        self._known: list[Original] | None = None
        self._laid: dict[str, list[Laid]] = {}

    def restored(self, code: str, language: str = PYTHON) -> str | None:
        """A program as its author would lay it out: the one in the conversation that it is most like; None where it stays.

        Line numbers before encoded lines go. Python must be encoded, other languages without formatting.
        """
        listing = listings.read_short(code)
        body = listing.code if listing else code
        exact = self._exact.get(body.strip("\n"))
        if exact is not None:
            return exact
        return self._restored_python(body) if language == PYTHON else self._relaid(body, language)

    def _relaid(self, code: str, language: str) -> str | None:
        """A program in another language than Python, which is flat, in an original's layout."""
        sources = [program.source for program in self._sources if program.language == language]
        known = prunable(language) if sources else None
        if known is None:
            return None
        if language not in self._laid:
            self._laid[language] = [found for source in sources if (found := laid(source, known))]
        return relaid(code, known, self._laid[language])

    def _restored_python(self, code: str) -> str | None:
        """The Python of encoded code, in the layout of the original that it is most like; None where it is not encoded.

        What is Python already counts as encoded only if it is spelled just as the dialect spells it. Encoded code has no
        indented lines outside of strings: what has is Python, perhaps with a fault, and would be read with other blocks.
        """
        body = code.lstrip(" \t")
        margin = code[: len(code) - len(body)]
        if margin and "\n" in code.strip("\n") and without_margin(code)[0] == margin:
            return None  # every line is indented, not just the first
        found = self._python_of(body)
        return None if found is None else with_margin(found, margin)

    def _python_of(self, code: str) -> str | None:
        """The Python of encoded code that is not indented."""
        try:
            whole, plain = self._decoded(code)
            again = encode(plain, dialect=self.dialect, verify=False)
            if again.strip("\n") != code.strip("\n") and (_indented(code) > _indented(again) or _is_python(code)):
                return None
            like = self._most_like(plain)
            return plain if like is None else decode(whole, dialect=self.dialect, like=like)
        except (SlimError, RecursionError, MemoryError):
            return None

    def _decoded(self, code: str) -> tuple[str, str]:
        """The code with the empty lines at its end that close all blocks, which models forget, and its Python."""
        text = code.rstrip("\n")
        for depth in range(_DEEPEST):
            whole = text + "\n" * depth
            try:
                return whole, decode(whole, dialect=self.dialect)
            except SyntaxProblem as problem:
                if problem.line <= text.count("\n"):
                    raise
        raise SyntaxProblem("too many open blocks", 1, 1)

    def _python(self) -> Iterator[str]:
        return (program.source for program in self._sources if program.language == PYTHON and not program.encoded)

    def _most_like(self, plain: str) -> str | None:
        wanted = _lines(plain)
        if self._known is None:
            self._known = [each for source in self._python() for each in _originals(source)]
        best, most = None, _ALIKE
        for original in self._known:
            shared = len(wanted & original.lines)
            alike = shared / (len(wanted) + len(original.lines) - shared)
            if alike > most:
                best, most = original.text, alike
        return best


def _originals(source: str) -> Iterator[Original]:
    """A program, and each definition in it: an answer often holds only the one that it is about."""
    program = without_margin(source)[1]
    for text in (program, *_definitions(program)):
        try:
            lines = _lines(canonical_text(text))
        except SlimError:
            continue
        if lines:
            yield Original(text, lines)


def _definitions(source: str) -> Iterator[str]:
    """The functions and classes of a program and of its classes, each moved to the first column."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while body:
        definitions = [node for node in body if isinstance(node, _DEFINITIONS)]
        for node in definitions:
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            yield textwrap.dedent("\n".join(lines[first - 1 : node.end_lineno])) + "\n"
        body = [inner for node in definitions if isinstance(node, ast.ClassDef) for inner in node.body]


def _lines(text: str) -> frozenset[str]:
    return frozenset(filter(None, map(str.strip, text.split("\n"))))


def _indented(code: str) -> int:
    return sum(line[:1] in (" ", "\t") for line in code.split("\n"))


def _is_python(code: str) -> bool:
    try:
        syntax.check(code)
    except SlimError:
        return False
    return True
