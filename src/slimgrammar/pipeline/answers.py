"""A model's answer with its encoded code as Python again, whole or as it streams in.

Text outside of fences passes at once; a fence is held back until it is closed. What is a fence, markdown-it alone says: it is
asked at each line that might open or close one, about the lines since the last that stands outside of any list or quotation.
"""

from __future__ import annotations

from typing import Final

from slimgrammar.pipeline.markdown import MARKERS, Fence, fences, replace
from slimgrammar.pipeline.originals import Originals
from slimgrammar.pipeline.tags import PYTHON, language_of_tag

_BEFORE_MARKER: Final = " \t>-*+.)0123456789"  # what may stand before a fence on its line
_LONGEST: Final = 1 << 16  # a list or quotation of more characters than this is not remembered to its start


class AnswerRestorer:
    """Restores one answer, piece by piece: `feed` each piece, then `close`; each gives the text that can be shown by then."""

    def __init__(self, originals: Originals) -> None:
        self._originals = originals
        self._line = ""  # the line that is not complete yet
        self._shown = 0  # how much of it is out already
        self._held: list[str] = []  # complete lines since the last place outside of lists and quotations
        self._out = 0  # how many characters of those are out already
        self._open = False  # whether they end inside a fence
        self._blank = True  # whether the last line was empty

    def feed(self, piece: str) -> str:
        """Take the next piece of the answer; the result is what can be shown now."""
        first, *rest = piece.split("\n")
        shown = []
        self._line += first
        for following in rest:
            shown.append(self._complete(f"{self._line}\n"))
            self._line, self._shown = following, 0
        if not self._open and self._line.lstrip(_BEFORE_MARKER)[:1] not in ("", "`", "~"):
            shown.append(self._line[self._shown :])
            self._shown = len(self._line)
        return "".join(shown)

    def close(self) -> str:
        """What is left when the answer is over; a fence that is still open stays as it is."""
        last, self._line = self._line, ""
        shown = self._complete(last) if last else ""
        rest = "".join(self._held)[self._out :]
        self._held, self._out, self._open = [], 0, False
        return shown + rest

    def _complete(self, line: str) -> str:
        """Take a whole line; what can be shown of it and of those held back."""
        if not self._open and (self._out > _LONGEST or (self._blank and not line[0].isspace())):
            self._held, self._out = [], 0
        self._held.append(line)
        already, self._shown = self._shown, 0
        self._out += already
        self._blank = not line.strip()
        if any(marker in line for marker in MARKERS):
            return self._read()
        if self._open:
            return ""
        self._out += len(line) - already
        return line[already:]

    def _read(self) -> str:
        """Ask what the lines are; show what stands outside of fences, and the fences that are closed."""
        text = "".join(self._held)
        found = fences(text)
        last = found[-1] if found else None
        self._open = last is not None and not last.closed and last.end == len(text)
        end = last.start if last and self._open else len(text)
        new = [fence for fence in found if self._out <= fence.start < end]
        changes = [(fence.start, fence.end, self._restored(fence, text)) for fence in new]
        shown = replace(text[:end], changes)[self._out :]
        self._out = max(self._out, end)
        self._blank = self._blank or bool(last and last.closed and last.end == len(text) and not last.prefix)
        return shown

    def _restored(self, fence: Fence, text: str) -> str:
        """A fence of `text` with its code as Python, or as it is."""
        if fence.closed and fence.regular and language_of_tag(fence.tag) == PYTHON:
            code = self._originals.restored(fence.code)
            if code is not None and fence.takes(code):
                return fence.filled(code)
        return text[fence.start : fence.end]
