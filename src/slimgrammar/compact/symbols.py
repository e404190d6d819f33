"""The `symbols` dialect: compact text in which fixed runs of grammar are single characters that a tokenizer learns as tokens."""

from __future__ import annotations


def to_symbols(text: str) -> str:
    """Compact text with its runs as symbols."""
    return text


def from_symbols(text: str) -> str:
    """The inverse of `to_symbols`."""
    return text
