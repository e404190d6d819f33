"""A conversation while it is made smaller: its texts, the code in them, and what stands in their place so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace as with_fields
from typing import Any

from slimgrammar.pipeline.blocks import Block, Terms, encoded_block
from slimgrammar.pipeline.encodings import Program, encoding
from slimgrammar.pipeline.legend import Answers, legend, marks, may_need_marks, pays_at
from slimgrammar.pipeline.markdown import replace
from slimgrammar.pipeline.spots import Spot, spots
from slimgrammar.pipeline.texts import Text, other_texts, texts, with_texts
from slimgrammar.vocab import Vocabulary, count


class Conversation:
    """The messages, each piece of code encoded where that saves tokens."""

    def __init__(self, messages: Sequence[Any], terms: Terms, roles: frozenset[str], answers: Answers = "any") -> None:
        self.given: Sequence[Any] = messages
        self.vocab: Vocabulary = terms.vocab
        self.dialect: str = terms.dialect
        self.explained: str = legend(terms.dialect, answers)
        self.texts: list[Text] = texts(messages)
        self.places: list[tuple[int, Spot]] = [
            (index, spot) for index, text in enumerate(self.texts) if text.role in roles for spot in spots(text)
        ]
        self.blocks: list[Block] = [
            encoded_block(self.texts[index].message, spot, self.texts[index].content, terms) for index, spot in self.places
        ]
        self.inside: dict[int, list[int]] = {}  # by the index of a text, the pieces of code in it
        for at, (index, _) in enumerate(self.places):
            self.inside.setdefault(index, []).append(at)
        self.heads: dict[int, list[str]] = {}  # what is put before a text
        self.calls: int = sum(count(terms.vocab, text) for text in other_texts(messages))
        self.counts: list[int] = [count(terms.vocab, text.content) for text in self.texts]
        self.tokens_before: int = self.calls + sum(self.counts)

    @property
    def legend(self) -> str:
        """What was put in on how to read the code, "" where nothing was."""
        explained = self._explanations()
        return "".join(text for at in sorted(self.heads) for text in self.heads[at] if text in explained)

    def content(self, index: int) -> str:
        """A text as it is now."""
        changes = [
            (spot.start, spot.end, spot.filled(block.text))
            for spot, block in ((self.places[at][1], self.blocks[at]) for at in self.inside.get(index, ()))
            if block.status != "kept"
        ]
        return "".join(self.heads.get(index, ())) + replace(self.texts[index].content, changes)

    def contents(self) -> dict[int, str]:
        """The texts that are changed, by their indices."""
        touched = {index for (index, _), block in zip(self.places, self.blocks, strict=True) if block.status != "kept"}
        return {index: self.content(index) for index in sorted(touched | set(self.heads))}

    def tokens(self, contents: dict[int, str] | None = None) -> int:
        """How many tokens all texts and tool calls have now; `contents` as the method of this name gives them, if at hand."""
        changed = self.contents() if contents is None else contents
        return self.tokens_before + sum(count(self.vocab, text) - self.counts[index] for index, text in changed.items())

    def messages(self, contents: dict[int, str]) -> Sequence[Any]:
        """The messages as they are now, with these `contents`; the very object that was given where nothing changed."""
        changes = {(self.texts[index].message, self.texts[index].path): text for index, text in contents.items()}
        return with_texts(self.given, changes) if changes else self.given

    def programs(self) -> list[Program]:
        """All programs that were given and have an encoding."""
        made = (encoding(spot.code, spot.language, self.dialect, spot.inside) for _, spot in self.places)
        return [program for each in made for program in each.programs]

    def place_legend(self) -> None:
        """Put the legend before the first text from which on it pays, and what marks mean where they are first met."""
        at = self._paying_text()
        if at < 0:
            return
        self.heads[at] = [self.explained]
        marked = [
            index
            for (index, _), block in zip(self.places, self.blocks, strict=True)
            if block.dialect and may_need_marks(block.source)
        ]
        if marked:
            self.heads.setdefault(max(at, min(marked)), []).append(marks())

    def _explanations(self) -> tuple[str, ...]:
        return (self.explained, marks()) if self.explained else ()

    def legend_pays(self) -> bool:
        """Whether the code that is encoded now saves more than the legend takes."""
        return self._paying_text() >= 0

    def _paying_text(self) -> int:
        if not self.explained:
            return -1
        savings = [0] * len(self.texts)
        for (index, _), block in zip(self.places, self.blocks, strict=True):
            savings[index] += block.tokens_before - block.tokens_after if block.dialect else 0
        return pays_at(savings, count(self.vocab, self.explained))

    def remove_legend(self) -> None:
        """Take the legend out again, where there is one."""
        explained = self._explanations()
        self.heads = {at: rest for at, head in self.heads.items() if (rest := [text for text in head if text not in explained])}

    def prune(self, index: int, text: str) -> None:
        """Put pruned code in the place of a block."""
        spot = self.places[index][1]
        after = count(self.vocab, spot.filled(text))
        self.blocks[index] = with_fields(
            self.blocks[index], status="pruned", reason="", text=text, tokens_after=after, kind="", dialect=""
        )
