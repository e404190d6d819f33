"""Vocabularies: tokenizers by name, path or object, and new symbols for one.

Nothing here imports quicktok, tiktoken, tokenizers, transformers or torch before it is used.
"""

from slimgrammar.vocab.base import UnknownToken, UnknownVocabulary, Vocabulary, count, count_with_symbols, split_at_symbols
from slimgrammar.vocab.embedded import EMBEDDED, EmbeddedVocabulary
from slimgrammar.vocab.extend import CannotExtend, extend
from slimgrammar.vocab.huggingface import HuggingFaceVocabulary
from slimgrammar.vocab.load import load
from slimgrammar.vocab.tiktoken import TiktokenVocabulary

__all__ = [
    "EMBEDDED",
    "CannotExtend",
    "EmbeddedVocabulary",
    "HuggingFaceVocabulary",
    "TiktokenVocabulary",
    "UnknownToken",
    "UnknownVocabulary",
    "Vocabulary",
    "count",
    "count_with_symbols",
    "extend",
    "load",
    "split_at_symbols",
]
