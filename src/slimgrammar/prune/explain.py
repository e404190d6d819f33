"""What was kept and what went, shown on the source: for a terminal, and as a page of HTML."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from slimgrammar.prune.api import Pruned

_GREY_STRUCK: Final = "\x1b[9;90m"
_PLAIN: Final = "\x1b[0m"
_PAGE: Final = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{title}</title>
<style>
body {{ font-family: sans-serif; margin: 2em }}
pre {{ line-height: 1.4; white-space: pre-wrap }}
del {{ color: #aaa }} del:hover {{ background: #fdd; color: #600 }}
</style>
<h1>{title}</h1>
<p>{summary}</p>
<pre>{body}</pre>
</html>
"""


def summary(pruned: Pruned) -> str:
    """One line: tokens before and after.

    >>> from slimgrammar.prune import prune
    >>> summary(prune("x = compute(first)", keep=0.5))
    'slim: 2 of 5 tokens (o200k_base) kept, 40 %'
    """
    share = 100 * pruned.tokens / max(1, pruned.tokens_before)
    return f"{pruned.method}: {pruned.tokens} of {pruned.tokens_before} tokens ({pruned.vocab}) kept, {share:.0f} %"


def parts(pruned: Pruned) -> Iterator[tuple[str, str | None]]:
    """The source in parts: the text of each, and the reason why it went, None where it is kept; spaces between belong to
    neither."""
    at = 0
    for loss in pruned.dropped:
        if loss.start > at:
            yield pruned.source[at : loss.start], None
        yield pruned.source[loss.start : loss.end], loss.reason
        at = loss.end
    if at < len(pruned.source):
        yield pruned.source[at:], None


def struck_through(pruned: Pruned, *, color: bool) -> str:
    """The source, what went struck through; without colour, between `[-` and `-]`.

    >>> from slimgrammar.prune import prune
    >>> print(struck_through(prune("x = compute(first)", keep=0.5), color=False))
    [-x-] [-=-] compute([-first-][-)-]
    """
    before, after = (_GREY_STRUCK, _PLAIN) if color else ("[-", "-]")
    found = []
    for text, reason in parts(pruned):
        # Line by line: terminals do not carry a style over a line end reliably, and empty marks would only distract
        lines = text.split("\n")
        found.append(
            text if reason is None else "\n".join(f"{before}{line}{after}" if line.strip() else line for line in lines)
        )
    return "".join(found)


def as_html(pruned: Pruned, title: str) -> str:
    """A page that shows the source, what went struck through, with the reason under the mouse."""
    body = "".join(
        escape(text) if reason is None else f'<del title="{escape(reason)}">{escape(text)}</del>'
        for text, reason in parts(pruned)
    )
    return _PAGE.format(title=escape(title), summary=escape(summary(pruned)), body=body)
