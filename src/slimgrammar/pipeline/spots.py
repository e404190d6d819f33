"""Where code stands in a text: all of it, between tags, in fences, or a listing among other lines."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from slimgrammar.pipeline import listings
from slimgrammar.pipeline.elements import Element, elements
from slimgrammar.pipeline.encodings import is_program, language_of_text
from slimgrammar.pipeline.markdown import Fence, fences
from slimgrammar.pipeline.tags import DIFF, JSON, PYTHON, SEARCH, has_encoding, language_of_tag
from slimgrammar.pipeline.texts import TOOL, Text

_EMPTY: Final = "…"  # some providers refuse a message without text
_MASK: Final = str.maketrans("`~", "xx")


@dataclass(frozen=True, slots=True)
class Spot:
    """A piece of code in a text, from `start` up to `end`: a fence's whole block, or the code alone.

    Attributes:
        start, end: where it stands.
        code: the code.
        language: what it is written in.
        fence: the fence around it, if that is one.
        closing: the line that ends the element around it, "" where there is none.
        whole: whether it is the whole text.
        inside: what a tool's JSON holds in its strings, as the tool's call says; "" where that says nothing.
    """

    start: int
    end: int
    code: str
    language: str
    fence: Fence | None = None
    closing: str = ""
    whole: bool = False
    inside: str = ""

    def filled(self, code: str) -> str:
        """What stands at this place with other code there."""
        if self.fence:
            return self.fence.filled(code)
        ended = code if self.code.endswith("\n") else code.removesuffix("\n")
        return ended if ended.strip() or not self.whole else _EMPTY

    def takes(self, code: str) -> bool:
        """Whether that code can stand here."""
        if self.fence:
            return self.fence.closed and self.fence.regular and self.fence.takes(code)
        return not self.closing or self.closing not in code.split("\n")


def spots(text: Text) -> tuple[Spot, ...]:
    """The pieces of code in a text, in order: the text itself where it is one as a whole, else what it holds."""
    return _spots(text.role, text.content, text.file)


@lru_cache(maxsize=256)
def _spots(role: str, content: str, file: str) -> tuple[Spot, ...]:
    """Remembered, as encodings are: a conversation comes back with each of its turns."""
    named = language_of_tag(file)
    if not content.strip():
        return ()
    language = _whole(role, content, named)
    if language:
        return (Spot(0, len(content), content, language, whole=True, inside=named if named != JSON else ""),)
    tagged = [each for each in _tagged(content) if each.code.strip()]
    fenced = _fenced(content, tagged)
    inside = {id(each) for each in tagged if _within(each.start, fenced)}
    found = sorted([*fenced, *(each for each in tagged if id(each) not in inside)], key=lambda spot: spot.start)
    found = sorted([*found, *_listed(content, found, named)], key=lambda spot: spot.start)
    if not found and role == TOOL:
        return (Spot(0, len(content), content, named or "text", whole=True),)
    return tuple(each for each in found if each.code.strip())


def _whole(role: str, content: str, named: str) -> str:
    """The language of a text that as a whole is code, "" for any other; only tools return what is no Python."""
    if role != TOOL:
        return PYTHON if named in ("", PYTHON) and is_program(content) else ""
    language = language_of_text(content, named)
    shown = language in (DIFF, JSON, SEARCH) or listings.read(content) or (language == PYTHON and is_program(content))
    return language if shown else ""


def _tagged(content: str) -> Iterator[Spot]:
    """The files between tags: where a name says what they hold, or where they hold Python and nothing with tags."""
    end = 0
    for element in elements(content):
        if element.start >= end:
            language = _language(element, content)
            if language:
                code = content[element.start : element.end]
                yield Spot(element.start, element.end, code, language, closing=element.closing)
                end = element.end


def _language(element: Element, content: str) -> str:
    named = language_of_tag(element.file)
    if named and has_encoding(named) and named != JSON:
        return named
    if not element.innermost:
        return ""
    code = content[element.start : element.end]
    if listings.read(code):
        return named or (PYTHON if is_program(code) else "text")
    return PYTHON if not named and is_program(code) else ""


def _fenced(content: str, tagged: list[Spot]) -> list[Spot]:
    """The fences outside of tagged files, whose own lines must not open or close any."""
    parts, done = [], 0
    for spot in tagged:
        parts += [content[done : spot.start], spot.code.translate(_MASK)]
        done = spot.end
    masked = "".join(parts) + content[done:]
    return [
        Spot(fence.start, fence.end, fence.code, language_of_tag(fence.tag), fence)
        for fence in fences(masked)
        if masked[fence.start : fence.end] == content[fence.start : fence.end]
    ]


def _within(place: int, found: list[Spot]) -> bool:
    at = bisect_right(found, place, key=lambda spot: spot.start) - 1
    return at >= 0 and place < found[at].end


def _listed(content: str, found: list[Spot], named: str) -> Iterator[Spot]:
    """The listings that stand among other lines, outside of fences and tags."""
    for start, end in listings.runs(content):
        if not _within(start, found):
            code = content[start:end]
            yield Spot(start, end, code, named or language_of_text(code, ""))
