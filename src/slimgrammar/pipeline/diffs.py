"""Unified diffs, shorter: without header lines that repeat others, or with less context.

Every change stays, and the diff can still be applied. unidiff reads what loses context.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Final

from slimgrammar.errors import MissingExtra

if TYPE_CHECKING:
    from unidiff.patch import Hunk, Line

# What git writes before the names of a file's two sides; the names, and modes that are no default, stand in other lines
_REPEATED: Final = re.compile(
    r"^diff --git a/(?P<old>[^\n]+) b/(?P<new>[^\n]+)\n(?P<mode>(?:(?:new|deleted) file mode \d+\n)?)"
    r"index [0-9a-f]{7,64}\.\.[0-9a-f]{7,64}(?: 100644)?\n(?=--- (?:a/(?P=old)|/dev/null)\n\+\+\+ (?:b/(?P=new)|/dev/null)\n)",
    re.MULTILINE,
)
_STARTS: Final = ("diff --git ", "--- ", "Index: ")


def without_repeats(text: str) -> str:
    """A diff of git's without the lines that say again which files it is about, and their checksums.

    >>> diff = "--- a/x\\n+++ b/x\\n@@ -1 +1 @@\\n-a\\n+b\\n"
    >>> print(without_repeats(f"diff --git a/x b/x\\nindex 1234567..89abcde 100644\\n{diff}"), end="")
    --- a/x
    +++ b/x
    @@ -1 +1 @@
    -a
    +b
    """
    return _REPEATED.sub(_mode, text)


def _mode(found: re.Match[str]) -> str:
    """The mode of a new or deleted file, where it is not what a file has by default."""
    return "" if found["mode"].endswith(" 100644\n") else found["mode"]


def is_diff(text: str) -> bool:
    """Whether a text as a whole is a unified diff.

    >>> is_diff("--- a\\n+++ b\\n@@ -1 +1 @@\\n-x\\n+y\\n"), is_diff("--- or not ---")
    (True, False)
    """
    return "\n@@ -" in text and (text.startswith(_STARTS) or (text.startswith("commit ") and "\ndiff --git " in text))


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
