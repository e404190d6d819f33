"""Small tokenizers, built here: no test of this folder uses the network."""

from __future__ import annotations

import os
from collections.abc import Callable

# Read when huggingface_hub is first imported: transformers asks the hub about some local folders, too.
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import pytest
import tiktoken
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

CODE = """\
class Stack:
    def __init__(self, items=None):
        self.items = list(items or [])

    def push(self, item):
        if item is not None:
            self.items.append(item)
        return self

    def pop(self, default=None):
        try:
            return self.items.pop()
        except IndexError:
            return default
"""


def byte_level(*, add_prefix_space: bool = False) -> Tokenizer:
    """Byte-level BPE, as GPT-2 and its heirs have it."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=add_prefix_space)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        special_tokens=["<|endoftext|>"],
        show_progress=False,
    )
    tokenizer.train_from_iterator([CODE] * 4, trainer)
    # A template that adds a special token: `encode` must not show it.
    tokenizer.post_processor = processors.TemplateProcessing(single="<|endoftext|> $A", special_tokens=[("<|endoftext|>", 0)])
    tokenizer.enable_truncation(8)
    return tokenizer


def sentencepiece(*, legacy: bool = False) -> Tokenizer:
    """BPE with byte fallback and "▁" for spaces, as Llama 2 has it; `legacy` as its first tokenizer.json wrote that down."""
    letters = sorted(set(CODE.replace(" ", "▁").replace("\n", "")))
    merges = [("▁", "▁"), ("▁▁", "▁▁"), ("i", "f"), ("▁", "if"), ("r", "e"), ("s", "e"), ("se", "l"), ("sel", "f")]
    spellings = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), *letters, *(a + b for a, b in merges)]
    vocab = {spelling: token for token, spelling in enumerate(spellings)}
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    spaces = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    tokenizer.decoder = decoders.Sequence(spaces)
    if legacy:
        tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in ("<unk>", "<s>", "</s>")])
    return tokenizer


def tiktoken_encoding() -> tiktoken.Encoding:
    """All bytes and a few merges."""
    merged = [b"de", b"def", b"se", b"sel", b"self", b"  ", b"    ", b"\r\n"]
    ranks = {token: rank for rank, token in enumerate([*(bytes([byte]) for byte in range(256)), *merged])}
    pattern = r"""\p{L}+|\p{N}+| ?[^\s\p{L}\p{N}]+|\s+"""
    # One id is left out, as in cl100k_base.
    return tiktoken.Encoding("toy", pat_str=pattern, mergeable_ranks=ranks, special_tokens={"<|endoftext|>": len(ranks) + 1})


BUILDERS: dict[str, Callable[[], object]] = {
    "cl100k_base": lambda: "cl100k_base",
    "o200k_base": lambda: "o200k_base",
    "llama3": lambda: "llama3",
    "qwen3": lambda: "qwen3",
    "byte_level": byte_level,
    "byte_level_prefixed": lambda: byte_level(add_prefix_space=True),
    "sentencepiece": sentencepiece,
    "sentencepiece_legacy": lambda: sentencepiece(legacy=True),
    "tiktoken": tiktoken_encoding,
}


@pytest.fixture
def byte_level_tokenizer() -> Tokenizer:
    return byte_level()


@pytest.fixture
def sentencepiece_tokenizer() -> Tokenizer:
    return sentencepiece()


@pytest.fixture
def legacy_tokenizer() -> Tokenizer:
    return sentencepiece(legacy=True)


@pytest.fixture
def toy_encoding() -> tiktoken.Encoding:
    return tiktoken_encoding()


@pytest.fixture(scope="session", params=list(BUILDERS))
def source(request: pytest.FixtureRequest) -> object:
    """What `load` takes, for each kind of vocabulary."""
    return BUILDERS[request.param]()
