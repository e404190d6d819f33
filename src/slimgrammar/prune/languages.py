"""The languages that can be pruned: what `grammars/prune/` says of them, and their tree-sitter parsers and queries.

A language is a table in `languages.toml` and a query file of the same name; nothing here knows any of them by name.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from slimgrammar import grammar
from slimgrammar.errors import MissingExtra, SlimError

if TYPE_CHECKING:
    from tree_sitter import Language as TreeLanguage
    from tree_sitter import Query, Tree

_INHERITS: Final = re.compile(r"; inherits: (\w+)\n")
_FLOW_HEADING: Final = "; What a name does\n"
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]")
# tree-sitter's queries take quadratic time over brackets and operators with no word between them: nothing that a person writes
_CALM: Final = 1 << 12
_WORDLESS: Final = re.compile(rf"""(?<![^\w"'`])[^\w"'`]{{{_CALM},}}""", re.ASCII)
_WORDY: Final = re.compile(r"""[\w"'`]""", re.ASCII)
_MARK: Final = re.compile(r"\S")


class UnknownLanguage(SlimError, ValueError):
    """A language, or a file's suffix, that no grammar file describes; the message lists those that are."""


@dataclass(frozen=True)
class Language:
    """One language: how to read it, and the few facts of its spelling that pruning needs.

    Attributes:
        name: what users call it, such as "python".
        module: the package that brings its tree-sitter grammar.
        function: that package's function for this language.
        suffixes: how its files' names end.
        hole: the statement that stands in a block that lost all of its own, "" where blocks may be empty.
        comment: how a line comment begins.
    """

    name: str
    module: str
    function: str
    suffixes: tuple[str, ...]
    hole: str
    comment: str

    @cached_property
    def grammar(self) -> TreeLanguage:
        """The tree-sitter language.

        Raises:
            MissingExtra: its package, or tree-sitter, is not installed.
        """
        try:
            import tree_sitter

            return tree_sitter.Language(getattr(import_module(self.module), self.function)())
        except ImportError:
            raise MissingExtra(self.module.replace("_", "-"), "prune") from None

    @cached_property
    def query(self) -> Query:
        """The compiled query that names its categories."""
        import tree_sitter

        return tree_sitter.Query(self.grammar, query_texts(self.name)[0])

    @cached_property
    def flow_query(self) -> Query:
        """The compiled query that says what names do; graphs need it."""
        import tree_sitter

        return tree_sitter.Query(self.grammar, query_texts(self.name)[1])

    def parse(self, text: str) -> Tree:
        """The tree of `text`, whose offsets count characters of `text`: see `stand_in`."""
        import tree_sitter

        return tree_sitter.Parser(self.grammar).parse(stand_in(text))


def stand_in(text: str) -> bytes:
    """A text of as many bytes as `text` has characters, which parses alike: letters beyond ASCII become `a`, the rest `?`.

    Offsets in the tree are then offsets in the text, with no table between them.

    Of a run of thousands of brackets and operators only the first stay.

    >>> stand_in("π = '→'")
    b"a = '?'"
    """
    if not text.isascii():
        text = _BEYOND_ASCII.sub(lambda found: "a" if found[0].isalnum() else "?", text)
    if _may_be_wild(text):
        text = _WORDLESS.sub(_calmed, text)
    return text.encode()


def _may_be_wild(text: str) -> bool:
    """Whether some block has no word: a run of twice its length would hold one."""
    half = _CALM // 2
    return any(not _WORDY.search(text, at, at + half) for at in range(0, len(text) - half + 1, half))


def _calmed(run: re.Match[str]) -> str:
    """A long run without words, blank from its middle on but for the end of a comment."""
    head, rest = run[0][: _CALM // 2], run[0][_CALM // 2 :]
    before, end, after = rest.partition("*/")
    return head + _MARK.sub(" ", before) + end + _MARK.sub(" ", after)


def query_texts(name: str) -> tuple[str, str]:
    """A language's query file in two parts, each after that of the file that its first line says it inherits.

    The first names categories; the second, from the heading `What a name does`, what only the graphs need.
    """
    text = grammar.text(f"prune/{name}.scm")
    above = _INHERITS.match(text)
    inherited = query_texts(above[1]) if above else ("", "")
    categories, _, flow = text.partition(_FLOW_HEADING)
    return f"{inherited[0]}\n{categories}", f"{inherited[1]}\n{flow}"


@cache
def languages() -> dict[str, Language]:
    """All languages, by name.

    >>> sorted(languages())
    ['c', 'cpp', 'csharp', 'go', 'java', 'javascript', 'python', 'rust', 'typescript']
    """
    table = tomllib.loads(grammar.text("prune/languages.toml"))
    return {
        name: Language(name, row["module"], row["function"], tuple(row["suffixes"]), row["hole"], row["comment"])
        for name, row in table.items()
    }


def language(name: str) -> Language:
    """The language called `name`.

    Raises:
        UnknownLanguage: there is none.
    """
    try:
        return languages()[name]
    except KeyError:
        raise UnknownLanguage(f"unknown language {name!r}: expected one of {', '.join(languages())}") from None


def language_of(path: PurePath | str) -> Language:
    """The language of a file, by its name.

    Raises:
        UnknownLanguage: no language has this suffix.

    >>> language_of("a/b.hpp").name
    'cpp'
    """
    suffix = PurePath(path).suffix.lower()
    for known in languages().values():
        if suffix in known.suffixes:
            return known
    raise UnknownLanguage(f"no known language has files named *{suffix}: say which with --language ({', '.join(languages())})")
