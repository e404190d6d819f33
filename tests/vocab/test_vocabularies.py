"""The contract: what every vocabulary promises, whatever it is made of."""

from __future__ import annotations

import contextlib
import pickle
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest

import slimgrammar
from slimgrammar.errors import SlimError, Unreadable
from slimgrammar.vocab import EMBEDDED, UnknownToken, Vocabulary, count, load

TEXTS = {
    "empty": "",
    "ascii": "def f(self, x=1):\n    return [x, *self.items][0]\n",
    "leading space": " x",
    "spaces": "    a  b   ",
    "only newline": "\n",
    "unicode": "naïve café Ω Ġ ¬ § ß ÿ",
    "cjk": "变量 = 関数(값)  # 注释",
    "emoji": "x = '🚀👩‍👩‍👧‍👦🇫🇷'",
    "crlf": "if x:\r\n    y\r\n\r\n",
    "tabs": "\tif x:\n\t\ty\t# z\n",
    "control": "a\x00b\x0cc\x7f",
    "endoftext": "print('<|endoftext|>')<|endoftext|><|im_start|><|begin_of_text|>",
    "sentencepiece specials": "<s>[INST] x </s><unk> <0x0A>",
    "long": "self.items.append(item)\n" * 200,
}


@pytest.fixture(scope="module")
def vocab(source: Any) -> Vocabulary:
    return load(source)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_tokens_spell_the_text(vocab: Vocabulary, text: str) -> None:
    tokens = vocab.encode(text)
    assert b"".join(vocab.decode_token(token) for token in tokens) == text.encode()
    assert all(type(token) is int and 0 <= token < vocab.size for token in tokens)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_count_is_the_number_of_tokens(vocab: Vocabulary, text: str) -> None:
    assert count(vocab, text) == len(vocab.encode(text))


def test_is_a_vocabulary(vocab: Vocabulary) -> None:
    assert isinstance(vocab, Vocabulary)
    assert vocab.name
    assert load(vocab) is vocab
    assert vocab.name in repr(vocab)


def test_every_byte_has_a_token(vocab: Vocabulary) -> None:
    spellings = set()
    for token in range(vocab.size):
        # Some ids are unused.
        with contextlib.suppress(UnknownToken):
            spellings.add(vocab.decode_token(token))
    assert {bytes([byte]) for byte in range(256)} <= spellings


@pytest.mark.parametrize("token", [-1, 10**6, 2**40])
def test_unknown_token(vocab: Vocabulary, token: int) -> None:
    with pytest.raises(UnknownToken, match=f"{vocab.name} has no token {token}") as caught:
        vocab.decode_token(token)
    assert isinstance(caught.value, SlimError)
    assert isinstance(caught.value, KeyError)


def test_surrogates_are_refused(vocab: Vocabulary) -> None:
    with pytest.raises(Unreadable, match="character 2 is the lone surrogate"):
        vocab.encode("ab\ud800c")
    with pytest.raises(Unreadable):
        count(vocab, "\udcff")


def test_pickles(vocab: Vocabulary) -> None:
    again: Vocabulary = pickle.loads(pickle.dumps(vocab))
    for text in TEXTS.values():
        assert again.encode(text) == vocab.encode(text)


def test_count_uses_encode_where_there_is_no_count() -> None:
    class Bytes:
        name = "bytes"
        size = 256

        def encode(self, text: str) -> list[int]:
            return list(text.encode())

        def decode_token(self, token: int) -> bytes:
            return bytes([token])

    vocab = load(Bytes())
    assert count(vocab, "é") == 2


def test_unused_ids_are_unknown() -> None:
    with pytest.raises(UnknownToken):
        load("cl100k_base").decode_token(100256)


def test_qwen3_composes_characters_as_its_model_does() -> None:
    vocab = load("qwen3")
    decomposed = "e\u0301"
    assert vocab.encode(decomposed) == vocab.encode(unicodedata.normalize("NFC", decomposed))


@pytest.mark.parametrize("name", EMBEDDED)
def test_special_tokens_decode_to_their_spelling(name: str) -> None:
    vocab = load(name)
    assert vocab.decode_token(vocab.size - 1).isascii()


def test_importing_loads_no_tokenizer() -> None:
    heavy = {"quicktok", "tiktoken", "tokenizers", "transformers", "torch"}
    code = f"import sys, slimgrammar.vocab; print(sorted({heavy} & set(sys.modules)))"
    source = Path(slimgrammar.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(source)}
    )
    assert done.stdout.strip() == "[]"
