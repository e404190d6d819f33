"""The code in a text: which pieces there are, each encoded the same whatever stands around it, and what was done with each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

from slimgrammar.compact.api import encode
from slimgrammar.errors import SlimError, SyntaxProblem
from slimgrammar.pipeline.diffs import is_diff
from slimgrammar.pipeline.margins import without_margin
from slimgrammar.pipeline.markdown import Fence, fences
from slimgrammar.pipeline.tags import DIFF, PYTHON, language_of_tag
from slimgrammar.pipeline.texts import TOOL, Text
from slimgrammar.vocab import Vocabulary, count

Status = Literal["encoded", "pruned", "kept"]
_PROGRAM_WORDS: Final = ("def ", "class ", "import ")
_PROGRAM_LINES: Final = ("def ", "def.", "class ", "import ", "from ", "async def", "@")
_EMPTY: Final = "…"  # some providers refuse a message without text


@dataclass(frozen=True, slots=True)
class Spot:
    """A piece of code in a text: all of it, or a fence's whole block, from `start` up to `end`."""

    start: int
    end: int
    code: str
    language: str
    fence: Fence | None = None

    def filled(self, code: str) -> str:
        """What stands at this place with other code there."""
        if self.fence:
            return self.fence.filled(code)
        ended = code if self.code.endswith("\n") else code.removesuffix("\n")
        return ended if ended.strip() else _EMPTY

    def takes(self, code: str) -> bool:
        """Whether that code can stand here."""
        return self.fence is None or (self.fence.closed and self.fence.regular and self.fence.takes(code))


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


@dataclass(frozen=True, slots=True)
class Encoding:
    """A program in a dialect, with a line end at its end, or why there is none."""

    text: str | None
    reason: str = ""
    problem: SyntaxProblem | None = None


@lru_cache(maxsize=256)
def encoding(code: str, dialect: str) -> Encoding:
    """The encoding of one piece of code; remembered, for a conversation comes back with each of its turns.

    Code that is indented as a whole keeps its indentation before its first line only, but in the dialect that is Python still.
    """
    margin, body = ("", code) if dialect == "python" else without_margin(code)
    try:
        return Encoding(f"{margin}{encode(body, dialect=dialect)}\n")
    except SyntaxProblem as problem:
        return Encoding(None, str(problem), problem)
    except SlimError as error:
        return Encoding(None, str(error))
    except (RecursionError, MemoryError):
        return Encoding(None, "nested too deeply")


def spots(text: Text) -> list[Spot]:
    """The pieces of code in a text: the text itself where it is a Python program, else its fences."""
    named = language_of_tag(text.file)
    if named in ("", PYTHON) and is_program(text.content):
        return [Spot(0, len(text.content), text.content, PYTHON)]
    found = [
        Spot(fence.start, fence.end, fence.code, language_of_tag(fence.tag), fence)
        for fence in fences(text.content)
        if fence.code.strip()
    ]
    if text.role == TOOL and is_diff(text.content):
        return [Spot(0, len(text.content), text.content, DIFF)]
    if not found and text.role == TOOL and named and text.content.strip():
        return [Spot(0, len(text.content), text.content, named)]
    return found


def is_program(text: str) -> bool:
    """Whether a text without a fence is a Python program, and not prose, JSON or one word that happens to be an expression.

    >>> [is_program(text) for text in ("import os\\nprint(os.name)\\n", "ok", '{"def ": 1}')]
    [True, False, False]
    """
    if not any(word in text for word in _PROGRAM_WORDS):
        return False
    program = encoding(text, "compact").text
    return program is not None and any(line.startswith(_PROGRAM_LINES) for line in program.split("\n"))


def encoded_block(message: int, spot: Spot, text: str, dialect: str, vocab: Vocabulary) -> Block:
    """The record of a piece of code that is encoded where that saves tokens; nothing but the piece itself decides."""
    before = count(vocab, text[spot.start : spot.end])
    kept = Block(message, spot.start, spot.end, spot.language, "kept", "", before, before, spot.code, spot.code)
    if spot.language != PYTHON:
        return replace(kept, reason=f"no encoding for {spot.language or 'an unnamed language'}")
    if not spot.takes(""):
        return replace(
            kept, reason="its fence is not closed" if spot.fence and not spot.fence.closed else "its lines are irregular"
        )
    made = encoding(spot.code, dialect)
    if made.text is None:
        return replace(kept, reason=made.reason)
    if not spot.takes(made.text):
        return replace(kept, reason="its encoding would end the fence")
    after = count(vocab, spot.filled(made.text))
    if after >= before:
        return replace(kept, reason="would not get smaller")
    return Block(message, spot.start, spot.end, spot.language, "encoded", "", before, after, spot.code, made.text)
