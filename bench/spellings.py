"""The spellings of one program that small models are trained on; a further one is a line in `SPELLINGS`."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

import slimgrammar as slim
from slimgrammar.compact.api import canonical_text
from slimgrammar.errors import SlimError
from slimgrammar.grammar import symbol_table
from slimgrammar.syntax.check import check

# What a text keeps beside its code.
CONTENTS: Final = {"code": "drop", "all": "keep"}


@dataclass(frozen=True)
class Spelling:
    """One way to write programs for a model.

    Attributes:
        name: what tables call it.
        write: source and content ("code" or "all") → text.
        read: text → Python source; SlimError where there is none.
        grammar: the mask of such text; "" where there is none.
        symbols: spellings that are one token each, and the text that each stands for.
        shorthands: how many a codebook is to add that is mined from the programs to train on; 0 once it has been.
    """

    name: str
    write: Callable[[str, str], str]
    read: Callable[[str], str]
    grammar: str
    symbols: Mapping[str, str] = field(default_factory=dict)
    shorthands: int = 0

    def is_program(self, text: str) -> bool:
        """Whether a text decodes to a Python program."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                check(self.read(text))
        except SlimError:
            return False
        return True


def _as_written(source: str, content: str) -> str:
    if content != "all":
        raise ValueError("what the author wrote has comments and docstrings")
    return source


def _canonical(source: str, content: str) -> str:
    return canonical_text(source, comments=CONTENTS[content], docstrings=CONTENTS[content])


def _encoded(source: str, content: str, *, dialect: str, codebook: slim.Codebook | None = None) -> str:
    kept = CONTENTS[content]
    return slim.encode(source, dialect=dialect, comments=kept, docstrings=kept, codebook=codebook, verify=False) + "\n"


def _itself(text: str) -> str:
    return text


def _dialect(name: str, grammar: str, symbols: Mapping[str, str] | None = None) -> Spelling:
    read = _itself if grammar == "python" else partial(slim.decode, dialect=name, verify=False)
    return Spelling(name, partial(_encoded, dialect=name), read, grammar, symbols or {})


def with_codebook(spelling: Spelling, book: slim.Codebook) -> Spelling:
    """A spelling with the shorthands that it asked for. There is no mask of it: a shorthand may have holes."""
    return replace(
        spelling,
        write=partial(_encoded, dialect=book.dialect, codebook=book),
        read=partial(slim.decode, dialect=book.dialect, codebook=book, verify=False),
        symbols={**spelling.symbols, **book.symbols},
        grammar="",
        shorthands=0,
    )


AS_WRITTEN: Final = Spelling("as written", _as_written, _itself, "python")
SPELLINGS: Final = {
    spelling.name: spelling
    for spelling in (
        Spelling("canonical", _canonical, _itself, "python"),
        _dialect("python", "python"),
        _dialect("compact", "slim"),
        _dialect("symbols", "symbols", symbol_table()),
        replace(_dialect("symbols", "symbols", symbol_table()), name="symbols + 100", shorthands=100),
        replace(_dialect("symbols", "symbols", symbol_table()), name="symbols + 1024", shorthands=1024),
    )
}
