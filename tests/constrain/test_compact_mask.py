"""Masks of the compact grammar and its decoder: what the one calls complete, the other reads."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
import pytest

import slimgrammar as slim
from slimgrammar.compact import reading, reference
from slimgrammar.constrain.grammar_mask import GrammarMask
from slimgrammar.constrain.packing import unpack
from slimgrammar.vocab import Vocabulary
from tests.constrain.conftest import SmallVocabulary

# What gives a text structure is drawn more often than its share of a vocabulary; halves of characters hardly ever.
_STRUCTURE = b"()[]{}:,.=*#\n $?|%"
TEXTS, LONGEST = 100, 50
SMALL = SmallVocabulary()


def weights(mask: GrammarMask, vocab: Vocabulary) -> np.ndarray:
    """How often each token is drawn."""
    found = np.ones(mask.size)
    for byte in range(256):
        token = vocab.encode(chr(byte))[0] if byte < 0x80 else byte
        found[token] = mask.size / 40 if byte in _STRUCTURE else mask.size / 200 if byte < 0x80 else 0.01
    return found


def sampled(mask: GrammarMask, vocab: Vocabulary, *, texts: int, seed: int) -> Iterator[str]:
    """All complete beginnings of random texts that a mask allows."""
    chance = random.Random(seed)
    drawn = weights(mask, vocab)
    for _ in range(texts):
        mask.reset()
        text = b""
        for _ in range(chance.randrange(LONGEST)):
            total = np.cumsum(unpack(mask.allowed(), mask.size) * drawn)
            assert total[-1] > 0, text
            token = int(np.searchsorted(total, chance.random() * total[-1], side="right"))
            mask.advance(token)
            text += vocab.decode_token(token)
            if mask.is_complete():
                yield text.decode()


@pytest.mark.parametrize("vocab", [SMALL, slim.vocab.load("cl100k_base")], ids=lambda vocab: vocab.name)
def test_what_the_mask_calls_complete_is_read(vocab: Vocabulary) -> None:
    count = 0
    for text in sampled(slim.mask("slim", vocab), vocab, texts=TEXTS, seed=1):
        assert reading.read(text) == reference.read(text), text
        count += 1
    assert count > TEXTS


def test_texts_with_symbols_are_decoded() -> None:
    vocab = SmallVocabulary(more=tuple(slim.grammar.symbol_table()))
    texts = list(sampled(slim.mask("symbols", vocab), vocab, texts=TEXTS, seed=2))
    assert any(symbol in text for text in texts for symbol in slim.grammar.symbol_table())
    for text in texts:
        assert slim.decode(text, dialect="symbols", verify=False).endswith("\n") or not text.strip()


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("f(#c\n)", True),
        ("f(a#c\n b)", True),
        ("f(\n#c\n#d\n a)", True),
        ("f(\n #c\n  #d\n)", True),
        ("[a#c\n,\n#d\n b]#e\n#f\nx", True),
        ("def f(a,#c\n#d\n b):return", True),
        ("f(\na)", False),
        ("f(a\n)", False),
        ("f(a#c\n\n b)", False),
        ("f(a\n\n#c\n b)", False),
        ("[\n[", False),
        ("é=ñ_1", True),
        ("x！y", False),
        ("1٣", False),
        ("x='\r'", False),
        ("#\0", False),
        ("012", False),
        ("0_0,00,01.5,01e5,01j,1_0", True),
        ("lambda**k=1:k", False),
        ("def f(a b=1,c=2*d e=3,*f g,**h):return", True),
        ("def f(a,/,b=1):return", True),
        ("def f(a=1,/,b=2,*,c):return", True),
        ("def f(a=1 b):return", False),
        ("def f(a=1,/,b):return", False),
        ("def.f(a=1,b,):return", False),
        ("lambda a=1,b:a", False),
        ("for a,b.c[d],*e in f:x", True),
        ("for f()in x:y", False),
        ("[a for a+b in c]", False),
        ("(*a,)", True),
        ("(*a)", False),
        (r"'\x41\n\N{BULLET}\U0010FFFF\d'", True),
        (r"'\x4'", False),
        (r"'\U00110000'", False),
        (r"r'\x4'", True),
        (r"b'\x41\u'", True),
        ("b'é'", False),
        ("b'a''b'", False),
    ],
)
def test_borders(text: str, right: bool) -> None:
    mask = slim.mask("slim", SMALL)
    if right:
        mask.advance_text(text)
        assert mask.is_complete()
        assert slim.decode(text)
    else:
        with pytest.raises(slim.SyntaxProblem):
            mask.advance_text(text + "\n")
        with pytest.raises(slim.SlimError):
            slim.decode(text)
