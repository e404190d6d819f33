"""The characters that shorthands are spelled with: new symbols, or characters that are one token of an existing vocabulary."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from functools import cache
from itertools import islice
from typing import Final

from slimgrammar.errors import SlimError
from slimgrammar.vocab import Vocabulary, count, load

FIRST_SYMBOL: Final = 0xF0000
ESCAPE_SYMBOL: Final = "\U000fdfff"


class TooFewSpellings(SlimError, ValueError):
    """A vocabulary has fewer characters of one token each than a codebook wants shorthands."""


def new_symbols(k: int, *, without: Collection[str] = ()) -> str:
    """`k` private-use characters, for a vocabulary that learns each as a token; none of those `without`."""
    free = (character for character in map(chr, range(FIRST_SYMBOL, ord(ESCAPE_SYMBOL))) if character not in without)
    return "".join(islice(free, k))


def spellings(vocab: Vocabulary, k: int, *, without: Collection[str] = ()) -> str:
    """`k` characters that are one token of a vocabulary wherever they stand, and that programs hardly ever hold.

    Args:
        vocab: the vocabulary.
        k: how many.
        without: characters that shall be none of them.

    Raises:
        TooFewSpellings: there are not that many.

    >>> all(count(load("cl100k_base"), f"x{character}x") == 3 for character in spellings(load("cl100k_base"), 100))
    True
    """
    found = _single_tokens(vocab.name) if _is_shipped(vocab) else _search(vocab)
    found = "".join(character for character in found if character not in without)
    if len(found) < k:
        raise TooFewSpellings(f"{vocab.name} has {len(found)} characters that could spell a shorthand, of {k}: use symbols")
    return found[:k]


def _is_shipped(vocab: Vocabulary) -> bool:
    from slimgrammar.vocab import EMBEDDED

    return vocab.name in EMBEDDED


@cache
def _single_tokens(name: str) -> str:
    return _search(load(name))


def _search(vocab: Vocabulary) -> str:
    """Characters that are one token each, scripts that programs seldom use first, in the order of their ids."""
    found: list[tuple[int, int, str]] = []
    for token in range(vocab.size):
        try:
            character = vocab.decode_token(token).decode()
        except (SlimError, UnicodeDecodeError):
            continue
        if len(character) == 1 and character > "\u00ff" and _is_plain(character) and _stands_alone(vocab, character):
            found.append((_rank(character), token, character))
    return "".join(character for _, _, character in sorted(found))


def _rank(character: str) -> int:
    """Scripts in the order in which they are taken: those whose letters stand alone before those whose letters form words."""
    if unicodedata.name(character, "").startswith("HANGUL"):
        return 0
    return 2 if unicodedata.category(character) in ("Ll", "Lu") else 1


def _is_plain(character: str) -> bool:
    """Whether it is a letter or symbol that no normalisation changes and no rendering joins to another."""
    return unicodedata.category(character) in ("Lo", "Ll", "Lu", "So", "Sm") and unicodedata.is_normalized("NFKC", character)


def _stands_alone(vocab: Vocabulary, character: str) -> bool:
    return count(vocab, f"x{character}x") == 3
