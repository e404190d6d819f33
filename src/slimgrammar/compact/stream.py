"""The canonical stream: the one form between reading and writing, shared by all dialects.

A program is a list of strings: its significant tokens, spelled as Python spells them, and these marks between them.
Everything that layout or taste may vary is gone: blanks, line breaks inside brackets, `;`, optional commas and parentheses.

    if x:           if  x  :  OPEN_ONE  return  1  NEWLINE  CLOSE
        return 1

A comment that stands at the end of a line is its own text ("# why"); one with a line of its own starts with a line end
("\\n# why"). Soft keywords that are used as keywords end in a blank ("match "), so no name is mistaken for one.
"""

from __future__ import annotations

import keyword
from typing import Final

NEWLINE: Final = "\n"
OPEN: Final = "\x02"
"""Opens a block that holds a compound statement or a comment line."""
OPEN_SIMPLE: Final = "\x03"
"""Opens a block of two or more simple statements."""
OPEN_ONE: Final = "\x04"
"""Opens a block of exactly one simple statement."""
CLOSE: Final = "\x05"
MATCH: Final = "match "
CASE: Final = "case "
TYPE: Final = "type "

OPENERS: Final = frozenset((OPEN, OPEN_SIMPLE, OPEN_ONE))

COMPOUND: Final = frozenset(
    "if elif else while for try except finally with def class async".split(),
)
"""Words that start the header of a block wherever they start a statement."""

OPERATORS: Final = frozenset(
    "+ - * / // % @ & | ^ ~ << >> < > <= >= == != = := -> ** += -= *= /= //= %= @= &= |= ^= >>= <<= **=".split(),
)
"""Every operator but the dot; `!=` and its like among them, brackets, `,`, `:` and `;` not."""

PARTNER: Final = {")": "(", "]": "[", "}": "{"}
"""What opens the bracket that each of these closes."""

ALL_RULES: Final[frozenset[str]] = frozenset()
"""No rule of `rules.toml` switched off."""

OPERAND_WORDS: Final = frozenset(("None", "True", "False"))

SIMPLE_WORDS: Final = frozenset("pass break continue return raise global nonlocal del assert import yield".split())
"""Keywords that start a simple statement and follow no operand: behind a header they imply its colon."""

OPERAND_KEYWORDS: Final = frozenset(("lambda", "await"))
"""Keywords that start an operand: behind another operand they imply a comma."""

KEYWORDS: Final = frozenset(keyword.kwlist) - OPERAND_WORDS
"""Keywords after which an operand may start; `None`, `True` and `False` are operands themselves."""
