"""Files between XML-like tags, as prompts hold them: `<file path="a.py">`, `<document_content>` after `<source>`, `<cell>`.

What stands between the tags is code and no XML, so no XML parser reads it. A tag counts only where it is alone on its line, or
closes there; an element ends at the next line that closes it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

_OPENING: Final = re.compile(r"<([A-Za-z_][\w.-]*)((?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'))*)\s*>")
_CLOSING: Final = re.compile(r"</([A-Za-z_][\w.-]*)(?:\s[^<>]*)?>")
_NAMED: Final = re.compile(r"<(source|path|file|file_path|filepath|filename|name|uri)>([^<>\s]+)</\1>")
_ATTRIBUTE: Final = re.compile(r"(?:path|file|file_path|filepath|filename|name|src|source|uri)\s*=\s*[\"']([^\"']+)[\"']")
_NEAR: Final = 3  # how many lines before an element a line may stand that names its file


@dataclass(frozen=True, slots=True)
class Element:
    """What stands between two tags.

    Attributes:
        start, end: where its content stands in the text.
        file: the file that is named, "" where none is.
        closing: the line that ends it.
        innermost: whether no other tag stands inside.
    """

    start: int
    end: int
    file: str
    closing: str
    innermost: bool


def elements(text: str) -> Iterator[Element]:
    """All elements whose tags are alone on their lines, those inside others too, in the order in which they begin.

    >>> text = '<files>\\n<file path="a.py">\\nx = 1\\n</file>\\n</files>\\n'
    >>> [(text[each.start : each.end], each.file) for each in elements(text)][1]
    ('x = 1\\n', 'a.py')
    """
    if "</" not in text:
        return
    lines = text.split("\n")
    offsets = [0, *accumulate(len(line) + 1 for line in lines)]
    closings: dict[str, list[int]] = {}
    tags: list[int] = []
    for at, line in enumerate(lines):
        if line.startswith("<"):
            tags.append(at)
            if found := _CLOSING.fullmatch(line.rstrip()):
                closings.setdefault(found[1], []).append(at)
    for at in tags:
        found = _OPENING.fullmatch(lines[at].rstrip())
        ends = closings.get(found[1], []) if found else []
        place = bisect_right(ends, at)
        if found and place < len(ends):
            end = ends[place]
            innermost = tags[bisect_right(tags, at)] == end
            yield Element(offsets[at + 1], offsets[end], _file(found[2], lines, at), lines[end], innermost)


def _file(attributes: str, lines: list[str], at: int) -> str:
    """The file that an element's attributes name, or a line just before it."""
    found = _ATTRIBUTE.search(attributes)
    if found:
        return found[1]
    for line in reversed(lines[max(0, at - _NEAR) : at]):
        named = _NAMED.fullmatch(line.strip())
        if named:
            return named[2]
        if line.startswith("</"):
            break
    return ""
