"""Fenced code in Markdown: where it stands, and another text in its place. markdown-it-py reads; nothing is read twice here.

Only fences count: indented code has no language, and HTML means nothing to a model, so a fence right below `<file>` is one. A
fence inside a list or a quotation has a prefix on each of its lines, which is taken off and put back.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from slimgrammar.errors import MissingExtra

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MARKERS: Final = ("```", "~~~")


@dataclass(frozen=True, slots=True)
class Fence:
    """One fenced block.

    Attributes:
        start: offset of the opening line in the text.
        end: offset behind the closing line; behind the text where the fence is not closed.
        tag: what stands behind the opening marker, such as "python".
        marker: the opening marker, such as "```".
        code: what stands inside, with line ends `\\n` and without the prefix of its lines.
        prefix: what stands before the code on each line, "" where nothing does.
        closed: whether there is a closing line.
        regular: whether every line has that prefix, so that other code can be put there.
        opening: the opening line, with its line end.
        closing: the closing line, "" where there is none.
    """

    start: int
    end: int
    tag: str
    marker: str
    code: str
    prefix: str
    closed: bool
    regular: bool
    opening: str
    closing: str

    def filled(self, code: str) -> str:
        """The whole block with other code inside; a line end is added where it has none."""
        newline = self.opening[len(self.opening.rstrip("\r\n")) :]
        inside = code.removesuffix("\n") + "\n" if code else ""
        if self.prefix:
            blank = self.prefix.rstrip()
            inside = "".join(f"{self.prefix if line else blank}{line}\n" for line in inside.split("\n")[:-1])
        return self.opening + (inside if newline == "\n" else inside.replace("\n", newline)) + self.closing

    def takes(self, code: str) -> bool:
        """Whether the fence would hold this code as it is: a line inside may look like its end.

        >>> Fence(0, 9, "", "~~~", "", "", True, True, "~~~\\n", "~~~").takes("a\\n~~~\\nb")
        False
        """
        if self.marker[:3] not in code:
            return True
        ended = code if code.endswith("\n") else f"{code}\n"
        found = fences(f"{self.marker}\n{ended}{self.marker}\n")
        return len(found) == 1 and found[0].closed and found[0].code == ended


@cache
def _parser() -> MarkdownIt:
    try:
        from markdown_it import MarkdownIt
    except ImportError:
        raise MissingExtra("markdown-it-py", "pipeline") from None
    return MarkdownIt("commonmark").disable(["inline", "text_join", "html_block"])


def fences(text: str) -> list[Fence]:
    """The fenced blocks of a Markdown text, in order.

    Raises:
        MissingExtra: markdown-it-py is not installed.

    >>> text = "Look:\\n\\n- this\\n  ```python\\n  x = 1\\n  ```\\n"
    >>> [(fence.tag, fence.code, fence.prefix) for fence in fences(text)]
    [('python', 'x = 1\\n', '  ')]
    """
    if not any(marker in text for marker in MARKERS):  # most texts: spare the parser
        return []
    found = [token for token in _parser().parse(text) if token.type == "fence"]
    lines = list(io.StringIO(text, newline=""))  # the line ends that Markdown knows, and no others
    offsets = [0, *accumulate(map(len, lines))]
    return [_fence(token, lines, offsets) for token in found]


def _fence(token: Token, lines: list[str], offsets: list[int]) -> Fence:
    first, last = token.map or (0, 0)
    inside = token.content.removesuffix("\n").split("\n") if token.content else []
    whole = lines[first + 1 : first + 1 + len(inside)]
    prefix, regular = "", True
    if "".join(whole) != token.content:
        raw = [line.rstrip("\r\n") for line in whole]
        prefixes = {line[: len(line) - len(code)] for line, code in zip(raw, inside, strict=False) if code}
        prefix = prefixes.pop() if prefixes else ""
        regular = not prefixes and all(line.endswith(code) for line, code in zip(raw, inside, strict=False))
    closed = last - first == len(inside) + 2
    return Fence(
        start=offsets[first],
        end=offsets[last],
        tag=token.info.strip(),
        marker=token.markup,
        code=token.content,
        prefix=prefix,
        closed=closed,
        regular=regular,
        opening=lines[first],
        closing=lines[last - 1] if closed else "",
    )


def replace(text: str, changes: Iterable[tuple[int, int, str]]) -> str:
    """The text with other text at some places: start, end, what stands there instead; in order, apart from one another.

    >>> replace("a b c", [(0, 1, "x"), (4, 5, "z")])
    'x b z'
    """
    parts, done = [], 0
    for start, end, new in changes:
        parts += [text[done:start], new]
        done = end
    return "".join(parts) + text[done:]
