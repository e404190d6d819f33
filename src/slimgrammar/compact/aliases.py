"""Aliases: short names for a file's long identifiers, declared in a first line, `$A=long_identifier B=another_one`.

An option of the `compact` and `symbols` dialects, off by default: it saves tokens and hurts reading. Only names become
aliases: what strings, f-strings and comments hold stays, and decoding gives every name back. No text of the grammar begins with
`$` and a name, so the line needs no look-ahead; slim.lark, and so masks, know nothing of it.
"""

from __future__ import annotations

import keyword
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from string import ascii_letters, ascii_uppercase
from typing import Final

from slimgrammar.compact.stream import OPENERS
from slimgrammar.errors import SyntaxProblem, place
from slimgrammar.vocab import Vocabulary, count

_HEADER: Final = re.compile(r"\$(?=\w+=)([^\n]*)(?:\n|\Z)")
_PREFIXES: Final = frozenset("brfutBRFUT") | frozenset(a + b for a, b in product("brftBRFT", repeat=2))
_SHORTEST: Final = 4  # shorter identifiers are one token nearly always
_KEPT: Final = frozenset(("self",))  # the grammar implies it


def rename(stream: list[str], names: Mapping[str, str]) -> list[str]:
    """A canonical stream with other names.

    >>> rename(["long_name", "=", "'long_name'", "\\n"], {"long_name": "A"})
    ['A', '=', "'long_name'", '\\n']
    """
    return [names.get(token, token) for token in stream]


def header(names: Mapping[str, str]) -> str:
    """The first line that declares aliases, its line end included; "" for none.

    >>> header({"long_name": "A", "other_name": "B"})
    '$A=long_name B=other_name\\n'
    """
    return f"${' '.join(f'{alias}={name}' for name, alias in names.items())}\n" if names else ""


def split(text: str) -> tuple[dict[str, str], str]:
    """Alias → name, as an encoded text declares them, and the text behind the declaration.

    Raises:
        SyntaxProblem: the first line declares aliases and something else.

    >>> split("$A=long_name\\nx=A")
    ({'A': 'long_name'}, 'x=A')
    """
    found = _HEADER.match(text)
    if found is None:
        return {}, text
    names: dict[str, str] = {}
    for declared in re.finditer(r"\S+", found.group(1)):
        alias, _, name = declared.group().partition("=")
        if not (_is_name(alias) and _is_name(name)) or alias in names or name in names.values():
            message = f"{declared.group()!r} declares no alias: 'alias=name' is expected, each once"
            raise SyntaxProblem(message, *place(text, found.start(1) + declared.start()))
        names[alias] = name
    return names, text[found.end() :]


def _is_name(word: str) -> bool:
    return word.isidentifier() and not keyword.iskeyword(word)


def choose(stream: list[str], vocab: Vocabulary, write: Callable[[list[str]], str]) -> dict[str, str]:
    """The aliases that save tokens in a vocabulary: name → alias, the greatest saving first.

    Args:
        stream: the program.
        vocab: where tokens are counted.
        write: what spells a stream in the dialect.

    Returns:
        Nothing where the whole text would not get shorter.
    """
    contexts = _contexts(stream)
    cost = _Cost(vocab)
    likely = sorted(contexts, key=lambda name: (-cost.of(name, contexts[name]), name))
    spare = (alias for alias in _candidates() if alias not in contexts)
    chosen: dict[str, str] = {}
    alias = next(spare)
    for name in likely:
        declared = count(vocab, f"{alias}={name} ")
        if cost.of(name, contexts[name]) - cost.of(alias, contexts[name]) > declared:
            chosen[name] = alias
            alias = next(spare)
    if chosen and count(vocab, header(chosen) + write(rename(stream, chosen))) >= count(vocab, write(stream)):
        return {}
    return chosen


def _contexts(stream: list[str]) -> dict[str, Counter[str]]:
    """Each long name of a program, and how often it stands behind each kind of text; short ones too, which no alias may be."""
    found: dict[str, Counter[str]] = {}
    before = "\n"
    for token in stream:
        if _is_name(token):
            behind = found.setdefault(token, Counter())
            if len(token) >= _SHORTEST and token not in _KEPT:
                behind[_written(before)] += 1
        before = token
    return found


def _written(before: str) -> str:
    """What stands straight before a word in the encoded text, behind a token of the stream."""
    if before in OPENERS or before[0] in "\n\x05#":
        return "\n"
    last = before[-1]
    return " " if last.isalnum() or last in "_, " or last > "\x7f" else last


def _candidates() -> Iterator[str]:
    """Names that may be aliases, the shortest first; none is a string's prefix."""
    yield from (letter for letter in (*ascii_uppercase, *reversed(ascii_letters[:26])) if letter not in _PREFIXES)
    for size in (2, 3, 4):
        for letters in product(ascii_uppercase, repeat=size):
            if (alias := "".join(letters)) not in _PREFIXES:
                yield alias


class _Cost:
    """What names cost in a vocabulary, by what stands before them."""

    def __init__(self, vocab: Vocabulary) -> None:
        self.vocab = vocab
        self.known: dict[str, int] = {}

    def of(self, name: str, contexts: Counter[str]) -> int:
        """The tokens of all occurrences."""
        return sum(number * (self._count(before + name) - self._count(before)) for before, number in contexts.items())

    def _count(self, text: str) -> int:
        if text not in self.known:
            self.known[text] = count(self.vocab, text)
        return self.known[text]
