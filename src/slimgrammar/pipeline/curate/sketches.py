"""What is remembered of a text: a MinHash of its 5-grams of words, and a sample of its words.

Words and 5-grams are those of BigCode's near-deduplication (Ben Allal et al., SantaCoder, arXiv:2301.03988, 3.2); the MinHash
is datasketch's. A text is sketched by 4 · 128 bytes for similarity and at most 4 · 1024 for its words, however long it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint32]
PERMUTATIONS: Final = 128
GRAM: Final = 5
WORDS: Final = 1024
_WORD: Final = re.compile(r"[A-Za-z_0-9]+")
_BASE: Final = np.uint32(0x9E3779B1)
_BATCH: Final = 1 << 13


@cache
def _empty() -> Any:
    """A MinHash of nothing; making one draws its permutations, so the others are copies."""
    from datasketch import MinHash

    return MinHash(PERMUTATIONS, hashfunc=int, scheme="affine32")


def words_of(text: str) -> list[str]:
    """The words of a text, in order.

    >>> words_of("x.append(y_1)")
    ['x', 'append', 'y_1']
    """
    return _WORD.findall(text)


def sketch(words: Sequence[str]) -> Hashes:
    """The MinHash of the 5-grams of words; shorter texts are one gram.

    Returns:
        128 hashes. The share of equal ones estimates the Jaccard similarity of two texts.
    """
    minhash = _empty().copy()
    grams = np.unique(_grams(words))
    for start in range(0, len(grams), _BATCH):  # the permutations of a batch are a table of that many rows
        minhash.update_batch(grams[start : start + _BATCH].tolist())
    found: Hashes = minhash.hashvalues
    return found


def _grams(words: Sequence[str]) -> Hashes:
    """A hash of each run of five words, by a polynomial over the words' own."""
    hashes = np.fromiter((crc32(word.encode()) for word in words), np.uint32, len(words))
    if len(hashes) < GRAM:
        hashes = np.concatenate((np.zeros(GRAM - len(hashes), np.uint32), hashes))
    grams = np.zeros(len(hashes) - GRAM + 1, np.uint32)
    for place in range(GRAM):
        grams = grams * _BASE + hashes[place : place + len(grams)]
    return grams


def word_sample(words: Sequence[str]) -> Hashes:
    """The hashes of a text's distinct words that are no numbers: the smallest 1024, so that all texts sample alike.

    Returns:
        At most 1024 hashes, in order, none twice.
    """
    hashes = {crc32(word.encode()) for word in set(words) if not word[0].isdigit()}
    return np.sort(np.fromiter(hashes, np.uint32, len(hashes)))[:WORDS]
