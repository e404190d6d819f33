"""A conversation in a budget: code goes, what has least to do with the last user message first, until all of it fits."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from slimgrammar.pipeline import listings
from slimgrammar.pipeline.budget import OverBudget, prunable, relevance, shares
from slimgrammar.pipeline.conversation import Conversation
from slimgrammar.pipeline.diffs import with_context
from slimgrammar.pipeline.excerpts import GAP, excerpt
from slimgrammar.pipeline.legend import SHORTENED
from slimgrammar.pipeline.markdown import replace
from slimgrammar.pipeline.tags import DIFF
from slimgrammar.pipeline.texts import TOOL
from slimgrammar.vocab import count

if TYPE_CHECKING:
    from slimgrammar.prune import Language

_ASKED: Final = 0.5  # more weight for code in the last user message itself
_CONTEXTS: Final = (2, 1, 0)
_ATTEMPTS: Final = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A piece of code that may get smaller.

    Attributes:
        index: which of the conversation's blocks it is.
        language: what prunes it; None for what loses lines: a diff, or what a tool returned.
        least: the tokens that are left when all that may go is gone.
    """

    index: int
    language: Language | None
    least: int


def fit(talk: Conversation, max_tokens: int) -> None:
    """Prune code until all texts and tool calls have at most `max_tokens` tokens.

    Raises:
        OverBudget: that cannot be.
        MissingExtra: what prunes is not installed.
    """
    if talk.tokens() <= max_tokens:
        return
    blocks, heads, target = list(talk.blocks), talk.heads, max_tokens
    while True:
        talk.blocks, talk.heads = list(blocks), {at: list(texts) for at, texts in heads.items()}
        _fit_about(talk, target, max_tokens)
        over = talk.tokens() - max_tokens
        if over <= 0:
            return
        target -= over  # where two pieces meet, their tokens may be more than those of each


def _fit_about(talk: Conversation, max_tokens: int, allowed: int) -> None:
    """Prune code so that the texts, each piece counted by itself, have at most `max_tokens` tokens."""
    total = talk.tokens()
    candidates = _candidates(talk)
    sizes = [talk.blocks[each.index].tokens_after for each in candidates]
    least = [each.least for each in candidates]
    if total - sum(sizes) + sum(least) > max_tokens:
        talk.remove_legend()
        total = talk.tokens()
    available = max_tokens - (total - sum(sizes))
    if sum(least) > available:
        raise OverBudget(allowed - available + sum(least), allowed)
    note = count(talk.vocab, SHORTENED)
    noted = available - note >= 2 * sum(least) + note
    query = _query(talk)
    weights = _weights(talk, candidates, query)
    available -= note * noted
    for each, size, share in zip(candidates, sizes, shares(sizes, least, weights, available), strict=True):
        if share < size:
            _shorten(talk, each, share, query)
    if talk.legend and not talk.legend_pays():
        talk.remove_legend()
    if noted:
        _note(talk)


def _candidates(talk: Conversation) -> list[Candidate]:
    found = []
    for index, ((_, spot), block) in enumerate(zip(talk.places, talk.blocks, strict=True)):
        language = prunable(block.language)
        cut = block.language == DIFF or talk.texts[talk.places[index][0]].role == TOOL
        if spot.takes("") and (language or cut):
            least = count(talk.vocab, spot.filled("" if language else GAP))
            found.append(Candidate(index, language, min(block.tokens_after, least)))
    return found


def _last_user_message(talk: Conversation) -> int:
    return max((text.message for text in talk.texts if text.role == "user"), default=-1)


def _query(talk: Conversation) -> str:
    """The prose of the last user message."""
    last = _last_user_message(talk)
    parts = []
    for index, text in enumerate(talk.texts):
        if text.message == last and text.role == "user":
            code = [(talk.places[at][1].start, talk.places[at][1].end, "") for at in talk.inside.get(index, ())]
            parts.append(replace(text.content, code))
    return "\n".join(parts)


def _weights(talk: Conversation, candidates: list[Candidate], query: str) -> list[float]:
    last = _last_user_message(talk)
    blocks = [talk.blocks[each.index] for each in candidates]
    related = relevance([block.source for block in blocks], query)
    return [value + _ASKED * (block.message == last) for value, block in zip(related, blocks, strict=True)]


def _shorten(talk: Conversation, candidate: Candidate, budget: int, query: str) -> None:
    """Prune one block so that it has, its fence included, at most `budget` tokens."""
    spot, block = talk.places[candidate.index][1], talk.blocks[candidate.index]
    if block.language == DIFF:
        made = [with_context(block.source, lines) or "" for lines in _CONTEXTS]
        fitting = [text for text in made if text and count(talk.vocab, spot.filled(text)) <= budget and spot.takes(text)]
        if fitting:
            talk.prune(candidate.index, fitting[0])
            return
    inside = budget - candidate.least
    for _ in range(_ATTEMPTS):  # the prefix of each line in a quotation costs more than was reckoned with
        if inside <= 0:
            break
        text = _pruned(talk, candidate, inside, query)
        over = count(talk.vocab, spot.filled(text)) - budget
        if over <= 0 and spot.takes(text):
            talk.prune(candidate.index, text)
            return
        inside -= over if over > 0 else inside // 4 + 1
    talk.prune(candidate.index, "" if candidate.language else GAP)


def _pruned(talk: Conversation, candidate: Candidate, tokens: int, query: str) -> str:
    """A block's code with about so many tokens; other languages go on without their formatting, listings keep numbers."""
    block = talk.blocks[candidate.index]
    if candidate.language is None:
        return excerpt(block.source if block.kind == "json" else block.text, query, tokens, talk.vocab)
    from slimgrammar.prune import prune

    text = block.source if block.dialect or block.status != "encoded" else block.text
    listing = listings.read(text) or (listings.read_short(text) if block.kind == "listing" else None)
    code = listing.code if listing else text
    made = prune(code, candidate.language, max_tokens=tokens, vocab=talk.vocab, query=query)
    if listing is None:
        return made.text
    if not made.map:
        return made.text
    starts, line_of = [piece.out for piece in made.map], listings.line_finder(code)

    def line(offset: int) -> int:
        piece = made.map[max(0, bisect_right(starts, offset) - 1)]
        return line_of(piece.start + max(0, offset - piece.out))

    return listings.numbered(made.text, line, listing.numbers)


def _note(talk: Conversation) -> None:
    """Say before the first text with pruned code that it is not whole."""
    for (index, _), block in zip(talk.places, talk.blocks, strict=True):
        if block.status == "pruned":
            talk.heads.setdefault(index, []).append(SHORTENED)
            return
