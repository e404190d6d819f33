"""Unified diffs with less context: every change stays, and the diff can still be applied. unidiff reads them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from slimgrammar.errors import MissingExtra

if TYPE_CHECKING:
    from unidiff.patch import Hunk, Line


def is_diff(text: str) -> bool:
    """Whether a text as a whole is a unified diff.

    >>> is_diff("--- a\\n+++ b\\n@@ -1 +1 @@\\n-x\\n+y\\n"), is_diff("--- or not ---")
    (True, False)
    """
    return text.startswith(("diff --git ", "--- ", "Index: ")) and "\n@@ -" in text


def with_context(text: str, lines: int) -> str | None:
    """A diff with at most so many unchanged lines before and after each change; None where it is not one that can be read.

    Raises:
        MissingExtra: unidiff is not installed.

    >>> print(with_context("--- a\\n+++ b\\n@@ -1,3 +1,3 @@ f\\n a\\n-b\\n+c\\n d\\n", 0), end="")
    --- a
    +++ b
    @@ -2,1 +2,1 @@ f
    -b
    +c
    """
    try:
        from unidiff.errors import UnidiffParseError
        from unidiff.patch import PatchSet
    except ImportError:
        raise MissingExtra("unidiff", "pipeline") from None
    try:
        patches = PatchSet(text)
    except UnidiffParseError:
        return None
    if _without_headers(str(patches)) != _without_headers(text):  # something that unidiff does not keep
        return None
    for patch in patches:
        parts = [part for hunk in patch for part in _parts(hunk, lines)]
        del patch[:]
        patch.extend(parts)
    return str(patches)


def _without_headers(text: str) -> list[str]:
    """The lines of a diff but for hunk headers, which unidiff spells its own way, and blanks at their ends."""
    return [line.rstrip() for line in text.rstrip("\n").split("\n") if not line.startswith("@@ ")]


def _parts(hunk: Hunk, lines: int) -> Iterator[Hunk]:
    """The hunk, cut where there are more unchanged lines between two changes than both need."""
    rows = list(hunk)
    near = {
        at + shift for at, line in enumerate(rows) if line.is_added or line.is_removed for shift in range(-lines, lines + 1)
    }
    # "\ No newline at end of file" belongs to the line before it
    near |= {at for at, line in enumerate(rows) if line.line_type == "\\" and at - 1 in near}
    wanted = sorted(at for at in near if 0 <= at < len(rows))
    for _, run in groupby(enumerate(wanted), key=lambda item: item[1] - item[0]):
        places = [at for _, at in run]
        yield _part(hunk, rows[: places[0]], rows[places[0] : places[-1] + 1])


def _part(hunk: Hunk, before: list[Line], kept: list[Line]) -> Hunk:
    """Some of a hunk's lines as a hunk of their own."""
    from unidiff.patch import Hunk

    old, new = (
        sum(line.is_context or line.is_removed for line in kept),
        sum(line.is_context or line.is_added for line in kept),
    )
    # A side without lines is placed behind the line before it
    old_start = hunk.source_start + (hunk.source_length == 0) - (old == 0)
    new_start = hunk.target_start + (hunk.target_length == 0) - (new == 0)
    old_start += sum(line.is_context or line.is_removed for line in before)
    new_start += sum(line.is_context or line.is_added for line in before)
    part = Hunk(old_start, old, new_start, new, hunk.section_header)
    part.extend(kept)
    return part
