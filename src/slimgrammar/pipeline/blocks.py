"""What was done with each piece of code in a conversation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from slimgrammar.pipeline.encodings import Kind, encoding
from slimgrammar.pipeline.spots import Spot
from slimgrammar.pipeline.tags import JSON
from slimgrammar.vocab import Vocabulary, count

Status = Literal["encoded", "pruned", "kept"]


@dataclass(frozen=True, slots=True)
class Block:
    """What became of one piece of code.

    Attributes:
        message: the index of its message.
        start, end: where it stood in the message's text, its fence included.
        language: what it is written in; "" where nothing says so.
        status: "encoded" (nothing is lost), "pruned" (parts are gone) or "kept" (as it was).
        reason: why it was kept; "" otherwise.
        tokens_before, tokens_after: its tokens, its fence included.
        source: the code as it was.
        text: the code as it is now.
        kind: what encoded it, one of `encodings.KINDS`; "" where nothing did.
        dialect: how Python in it is spelled; "" where there is none, or it is as it was.
    """

    message: int
    start: int
    end: int
    language: str
    status: Status
    reason: str
    tokens_before: int
    tokens_after: int
    source: str
    text: str
    kind: Kind | Literal[""] = ""
    dialect: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What all pieces of code in a conversation are encoded by.

    Attributes:
        vocab: whose tokens count.
        dialect: how Python is spelled.
        kinds: which of `encodings.KINDS` may be encoded.
    """

    vocab: Vocabulary
    dialect: str
    kinds: frozenset[str]


def encoded_block(message: int, spot: Spot, text: str, terms: Terms) -> Block:
    """The record of a piece of code that is encoded where that saves tokens; nothing but the piece itself decides."""
    before = count(terms.vocab, text[spot.start : spot.end])
    kept = Block(message, spot.start, spot.end, spot.language, "kept", "", before, before, spot.code, spot.code)
    if not spot.takes(""):
        return replace(
            kept, reason="its fence is not closed" if spot.fence and not spot.fence.closed else "its lines are irregular"
        )
    if spot.fence and spot.language == JSON:
        return replace(kept, reason="JSON in a fence may be what an answer should look like")
    made = encoding(spot.code, spot.language, terms.dialect, spot.inside)
    if made.text is None:
        return replace(kept, reason=made.reason)
    if made.kind not in terms.kinds:
        return replace(kept, reason=f"the kind {made.kind!r} is not asked for")
    if not spot.takes(made.text):
        return replace(kept, reason=f"its encoding would end the {'fence' if spot.fence else 'element'}")
    after = count(terms.vocab, spot.filled(made.text))
    if after >= before:
        return replace(kept, reason="would not get smaller")
    return replace(
        kept,
        status="encoded",
        tokens_after=after,
        text=made.text,
        kind=made.kind,
        dialect=terms.dialect if made.compact else "",
    )
