"""A folder's Python files as an agent sees them: encoded to read, edited in that form, in their author's layout on the disk."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from slimgrammar.compact.api import decode, encode
from slimgrammar.errors import SlimError, SyntaxProblem
from slimgrammar.pipeline.originals import Originals
from slimgrammar.syntax.check import check
from slimgrammar.syntax.source import Source, python_bytes, read_source
from slimgrammar.vocab import count, load

_SUFFIXES: Final = (".py", ".pyi")


class Refused(SlimError, ValueError):
    """What an agent asked for cannot be done; the message says what would be possible."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """The Python files under a folder, and no others.

    Attributes:
        root: the folder; links that lead out of it are not followed.
        write: puts bytes into a file, whole or not at all.
        dialect: how code is shown, and expected.
        vocab: whose tokens `stats` counts.
    """

    root: Path
    write: Callable[[Path, bytes], None]
    dialect: str = "compact"
    vocab: str = "o200k_base"

    def read(self, path: str) -> str:
        """The file's program, encoded; its text as it is where it is no Python."""
        return self._shown(self._source(path))[0]

    def edit(self, path: str, old: str, new: str) -> str:
        """Replace `old`, which must stand once in what `read` shows, by `new`; what was done, in a line."""
        source = self._source(path)
        text, dialect = self._shown(source)
        found = text.count(old) if old else 0
        if found != 1:
            raise Refused(f"the old text stands {found} times in {path}; it must be copied from what was read, and stand once")
        return self._put(path, source, text.replace(old, new), dialect)

    def write_file(self, path: str, text: str) -> str:
        """Make the file hold the program `text`, encoded or Python; code that is there already keeps its layout."""
        target = self._path(path)
        return self._put(path, self._source(path) if target.exists() else None, text, self.dialect)

    def stats(self, path: str) -> dict[str, int]:
        """The tokens of a file as it is and as it is shown."""
        source, vocab = self._source(path), load(self.vocab)
        return {"original": count(vocab, source.text), "encoded": count(vocab, self._shown(source)[0])}

    def _path(self, name: str) -> Path:
        path = Path(os.path.realpath(self.root / name))
        if not path.is_relative_to(os.path.realpath(self.root)):
            raise Refused(f"{name} is outside of the folder that may be read")
        if path.suffix not in _SUFFIXES:
            raise Refused(f"{name} is no Python file: only {' and '.join(_SUFFIXES)} are read and written")
        return path

    def _source(self, name: str) -> Source:
        path = self._path(name)
        if not path.is_file():
            raise Refused(f"there is no file {name}")
        return read_source(path, path.read_bytes())

    def _shown(self, source: Source) -> tuple[str, str]:
        """What is shown of a file, and the dialect that it is in."""
        try:
            return encode(source.text, dialect=self.dialect), self.dialect
        except SyntaxProblem:
            return source.text, ""

    def _put(self, name: str, source: Source | None, text: str, dialect: str) -> str:
        before = source.text if source else ""
        after = _python(text, dialect, before or None)
        self.write(self._path(name), source.to_bytes(after) if source else python_bytes(after))
        lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=0))[2:]
        added, removed = (sum(line.startswith(sign) for line in lines) for sign in "+-")
        return f"{name}: {added} lines added, {removed} removed"


def _python(text: str, dialect: str, like: str | None) -> str:
    """A program that an agent wrote, as Python in the layout of `like`; Python that it wrote itself stays as it is.

    Raises:
        SyntaxProblem: it is neither.
        Refused: it is encoded code with indented lines, of which nobody knows where their blocks end.
    """
    if dialect == "python":
        return decode(text, dialect=dialect, like=like)
    plain = Originals((), dialect).restored(text) if dialect else None
    if plain is not None:
        return decode(encode(plain, dialect=dialect), dialect=dialect, like=like)
    try:
        check(text)
    except SyntaxProblem:
        if dialect:
            decode(text, dialect=dialect)  # its error is at the right place
            raise Refused("lines are indented: in this spelling a blank line ends a block, and no line is indented") from None
        raise
    return text
