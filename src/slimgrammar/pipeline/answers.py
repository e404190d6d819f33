"""A model's answer with its encoded code as Python again, whole or as it streams in.

Text outside of fences passes at once; a fence is held back until it is closed. What is a fence, markdown-it alone says: it is
asked at each line that might open or close one, about the lines since the last that stands outside of any list or quotation.
"""

from __future__ import annotations

from itertools import groupby
from typing import Final

from slimgrammar.pipeline.markdown import MARKERS, Fence, fences, replace
from slimgrammar.pipeline.originals import Originals
from slimgrammar.pipeline.tags import has_encoding, language_of_tag

_BEFORE_MARKER: Final = " \t>-*+.)0123456789"  # what may stand before a fence on its line
_HEADING: Final = "#\n"
_LONGEST: Final = 1 << 14  # a list or quotation of more characters than this is not remembered to its start


class AnswerRestorer:
    """Restores one answer, piece by piece: `feed` each piece, then `close`; each gives the text that can be shown by then."""

    def __init__(self, originals: Originals) -> None:
        self._originals = originals
        self._line: list[str] = []  # the pieces of the line that is not complete yet
        self._shown = 0  # how much of it is out already
        self._held: list[str] = []  # complete lines since the last place outside of lists and quotations
        self._out = 0  # how many characters of those are out already
        self._open: Fence | None = None  # the fence that they end inside of
        self._blank = True  # whether the last line was empty
        self._behind = False  # whether the last line closed a fence

    def feed(self, piece: str) -> str:
        """Take the next piece of the answer; the result is what can be shown now."""
        first, *rest = piece.split("\n")
        shown = [self._add(first)]
        for following in rest:
            shown += [self._complete("\n"), self._add(following)]
        return "".join(shown)

    def close(self) -> str:
        """What is left when the answer is over; a fence that is still open stays as it is."""
        shown = self._complete("") if any(self._line) else ""
        rest = "".join(self._held)[self._out :]
        self._held, self._out, self._open = [], 0, None
        return shown + rest

    def _add(self, text: str) -> str:
        """Take a part of a line; it can be shown once it is clear that no fence starts on the line."""
        self._line.append(text)
        if self._open or not text:
            return ""
        if not self._shown:
            text = "".join(self._line)
            if text.lstrip(_BEFORE_MARKER)[:1] in ("", "`", "~"):
                return ""
        self._shown += len(text)
        return text

    def _complete(self, end: str) -> str:
        """Take the end of a line; what can be shown of it and of those held back."""
        line = "".join(self._line) + end
        already, self._line, self._shown = self._shown, [], 0
        fresh = self._blank or (self._behind and line[0] != ">")
        if not self._open and (self._out > _LONGEST or (fresh and not line[0].isspace())):
            self._held, self._out = [], 0
        self._held.append(line)
        self._out += already
        self._blank, self._behind = not line.strip(), False
        if any(marker in line for marker in MARKERS) and self._may_matter(line):
            return self._read()
        if self._open:
            return ""
        self._out += len(line) - already
        return line[already:]

    def _may_matter(self, line: str) -> bool:
        """Whether a line with a marker may open a fence, or end the one that is open: in a list any line may, elsewhere few."""
        if not self._open or not self._open.opening.startswith(self._open.marker):
            return True
        inside, marker = line.strip(), self._open.marker
        return len(inside) >= len(marker) and inside == marker[0] * len(inside)

    def _read(self) -> str:
        """Ask what the lines are; show what stands outside of fences, and the fences that are closed."""
        text = "".join(self._held)
        found = fences(text)
        last = found[-1] if found else None
        self._open = last if last and not last.closed and last.end == len(text) else None
        end = self._open.start if self._open else len(text)
        new = [fence for fence in found if self._out <= fence.start < end]
        shown = replace(text[:end], [(fence.start, fence.end, self._restored(fence, text)) for fence in new])[self._out :]
        self._out = max(self._out, end)
        if not self._open:
            self._behind = last is not None and last.closed and last.end == len(text)
            self._held = [_context(text, found)]
            self._out = len(self._held[0])
        return shown

    def _restored(self, fence: Fence, text: str) -> str:
        """A fence of `text` with its code as Python, or as it is."""
        language = language_of_tag(fence.tag)
        if fence.closed and fence.regular and has_encoding(language):
            code = self._originals.restored(fence.code, language)
            if code is not None and fence.takes(code):
                return fence.filled(code)
        return text[fence.start : fence.end]


def _context(text: str, found: list[Fence]) -> str:
    """A text with a heading in the place of each fence: it ends the same lists and quotations, and is soon read again.

    >>> text = "- a\\n  ```\\n  b\\n  ```\\n  ```\\n  c\\n  ```\\n"
    >>> _context(text, fences(text))
    '- a\\n  #\\n'
    """
    places = [(fence.start, fence.end, fence.opening[: fence.opening.index(fence.marker)]) for fence in found]
    lines = replace(text, [(start, end, f"{before}{_HEADING}") for start, end, before in places]).splitlines(keepends=True)
    runs = ((line, list(run)) for line, run in groupby(lines))
    return "".join(line if line.endswith(_HEADING) else "".join(run) for line, run in runs)
