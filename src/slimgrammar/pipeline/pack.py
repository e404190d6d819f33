"""A whole repository as one text for a model, its Python encoded, and the files back out of it.

The text begins with what it is, how to read it and a tree with each file's tokens; then each file stands between tags, as
repomix writes them. A file whose own lines hold the closing tag gets another tag. What is no UTF-8 text is in the tree only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from itertools import count as naturals
from typing import Final
from xml.sax.saxutils import quoteattr

from slimgrammar.compact.api import encode
from slimgrammar.errors import SlimError
from slimgrammar.pipeline.legend import legend, marks, may_need_marks
from slimgrammar.pipeline.tags import PYTHON, language_of_tag
from slimgrammar.syntax.source import read_source
from slimgrammar.vocab import Vocabulary, count

OPENING: Final = "<files>"
CLOSING: Final = "</files>"
NO_LINE_END: Final = "no"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a repository.

    Attributes:
        path: where it stands, relative to the repository, with `/`.
        data: its bytes.
        text: what stands in the packed text; None for what is no text.
        dialect: how Python in it is spelled; "" where it is as it was.
        tokens_before, tokens_after: its tokens, as it is and packed, its tags not counted.
        reason: why a Python file is as it was, or a file is left out.
    """

    path: str
    data: bytes
    text: str | None
    dialect: str = ""
    tokens_before: int = 0
    tokens_after: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Pack:
    """A repository in one text."""

    name: str
    entries: tuple[Entry, ...]
    vocab: Vocabulary

    @cached_property
    def text(self) -> str:
        """The text, with a line end at its end."""
        return "\n".join([self._head(), self.tree(), "", OPENING, *map(_block, self.shown), CLOSING, ""])

    @property
    def shown(self) -> list[Entry]:
        """The files that stand in the text."""
        return [entry for entry in self.entries if entry.text is not None]

    @cached_property
    def tokens(self) -> int:
        """How many tokens the text has."""
        return count(self.vocab, self.text)

    @property
    def tokens_before(self) -> int:
        """How many tokens the files have that stand in it, as they are."""
        return sum(entry.tokens_before for entry in self.shown)

    def _head(self) -> str:
        encoded = [entry for entry in self.shown if entry.dialect]
        explained = legend(encoded[0].dialect) if encoded else ""
        if explained and any(may_need_marks(entry.data.decode("utf-8", "replace")) for entry in encoded):
            explained += marks()
        return f"{self.name}: {len(self.shown)} files; the tree has their numbers of tokens.\n\n{explained}"

    def tree(self) -> str:
        """The paths as an indented tree, each file with its tokens in the text."""
        lines: list[str] = ["<tree>"]
        above: tuple[str, ...] = ()
        for entry in self.entries:
            *folders, name = entry.path.split("/")
            same = next((at for at, (a, b) in enumerate(zip(folders, above, strict=False)) if a != b), None)
            shared = min(len(folders), len(above)) if same is None else same
            lines += [f"{'  ' * depth}{folders[depth]}/" for depth in range(shared, len(folders))]
            above = tuple(folders)
            told = f"{entry.tokens_after}" if entry.text is not None else f"({entry.reason}, {len(entry.data)} bytes)"
            lines.append(f"{'  ' * len(folders)}{name} {told}")
        return "\n".join([*lines, "</tree>"])


def pack(name: str, files: Iterable[tuple[str, bytes]], *, dialect: str = "compact", vocab: Vocabulary) -> Pack:
    """A repository in one text.

    Args:
        name: what the text says it is.
        files: paths, relative to the repository, and contents.
        dialect: how Python is spelled.
        vocab: whose tokens count.

    >>> from slimgrammar.vocab import load
    >>> files = [("a.py", b"def f(self, a):\\n    return (self.a, a)\\n" * 9), ("b.md", b"# B\\n")]
    >>> made = pack("demo", files, dialect="python", vocab=load("o200k_base"))
    >>> print(made.text[made.text.index("<files>"):].replace("def f(self,a):return self.a,a\\n", "", 8), end="")
    <files>
    <file path="a.py" dialect="python">
    def f(self,a):return self.a,a
    </file>
    <file path="b.md">
    # B
    </file>
    </files>
    """
    entries = [_entry(path, data, dialect, vocab) for path, data in files]
    saved = sum(entry.tokens_before - entry.tokens_after for entry in entries)
    if saved <= count(vocab, legend(dialect)) and legend(dialect):
        entries = [_plain(entry, vocab) for entry in entries]
    return Pack(name, tuple(entries), vocab)


def _entry(path: str, data: bytes, dialect: str, vocab: Vocabulary) -> Entry:
    """A file, encoded where that saves tokens."""
    plain = _plain(Entry(path, data, None), vocab)
    if language_of_tag(path) != PYTHON or b"\0" in data:
        return plain
    try:
        made = encode(read_source(None, data).text, dialect=dialect)
        text = f"{made}\n"
        after = count(vocab, text)
    except (SlimError, RecursionError, MemoryError) as error:
        return Entry(path, data, plain.text, "", plain.tokens_before, plain.tokens_after, plain.reason or str(error))
    if not made or (plain.text is not None and after >= plain.tokens_before):
        return plain
    return Entry(path, data, text, dialect, plain.tokens_before or after, after)


def _plain(entry: Entry, vocab: Vocabulary) -> Entry:
    """A file as it is."""
    if b"\0" in entry.data:
        return Entry(entry.path, entry.data, None, reason="binary")
    try:
        text = entry.data.decode("utf-8")
    except UnicodeDecodeError:
        return Entry(entry.path, entry.data, None, reason="not UTF-8")
    tokens = count(vocab, text)
    return Entry(entry.path, entry.data, text, "", tokens, tokens)


def _block(entry: Entry) -> str:
    """A file between its tags."""
    text = entry.text or ""
    lines = set(text.split("\n"))
    tag = next(name for name in chain(["file"], (f"file{number}" for number in naturals(1))) if f"</{name}>" not in lines)
    spelled = f" dialect={quoteattr(entry.dialect)}" if entry.dialect else ""
    ended = text.endswith("\n") or not text
    open_end = "" if ended else f' newline="{NO_LINE_END}"'
    return f"<{tag} path={quoteattr(entry.path)}{spelled}{open_end}>\n{text}{'' if ended else chr(10)}</{tag}>"
