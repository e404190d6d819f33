"""Literals: one quote where a string's value allows it, adjacent strings joined, small integers in decimal.

All keep the literal's value: `respell` changes only the quotes around an unchanged body, `join` only writes two bodies
behind one another (Python's implicit concatenation), and both leave a literal alone where that could change its meaning.
"""

from __future__ import annotations

import re
from typing import Final

_OCTAL_END: Final = re.compile(r"(?<!\\)(?:\\\\)*\\[0-7]{1,2}$")
_JOIN_LIMIT: Final = 16384  # keeps a table of 10^5 adjacent literals linear


def prefix_length(literal: str) -> int:
    """How many letters stand before the opening quote.

    >>> prefix_length("rb''")
    2
    """
    if literal[0] in "'\"":
        return 0
    return 1 if literal[1] in "'\"" else 2


def number(literal: str) -> str:
    """The same number without underscores, and a small hexadecimal, octal or binary one in decimal.

    Up to six digits a decimal is never longer and never costs more tokens; larger ones are masks that say more in their base.

    >>> number("0xFF"), number("1_000"), number("0xFFFF_FFFF")
    ('255', '1000', '0xFFFF_FFFF')
    """
    if literal[:2].lower() not in ("0x", "0o", "0b"):
        return literal.replace("_", "")
    if len(literal) > 30:
        return literal
    decimal = str(int(literal, 0))
    return decimal if len(decimal) <= min(6, len(literal)) else literal


def respell(literal: str) -> str:
    """The same literal with the quotes that all dialects prefer, where its body allows them.

    >>> respell('"a"'), respell('"it\\'s"'), respell("'''a\\n'''")
    ("'a'", '"it\\'s"', '\"\"\"a\\n\"\"\"')
    """
    start = prefix_length(literal)
    quote = literal[start]
    if literal.startswith(quote * 3, start) and len(literal) >= start + 6:
        return _respell_long(literal, start)
    if quote == '"' and "'" not in literal:
        return f"{literal[:start]}'{literal[start + 1 : -1]}'"
    return literal


def _respell_long(literal: str, start: int) -> str:
    """A triple-quoted literal on one line gets single quotes; one on several lines gets double ones."""
    body = literal[start + 3 : -3]
    if "\n" not in body:
        if "'" not in body:
            return f"{literal[:start]}'{body}'"
        if '"' not in body and literal[start] == "'":
            return f'{literal[:start]}"{body}"'
    if literal[start] == "'" and '"' not in body:
        return f'{literal[:start]}"""{body}"""'
    return literal


def join(first: str, second: str) -> str:
    """Two adjacent literals as one, or "" where they must stay two.

    >>> join("'a'", "'b'"), join("'a'", "f'{x}'"), join("'a'", "b'b'")
    ("'ab'", "f'a{x}'", '')
    """
    quote = first[-1]
    if quote != second[-1]:
        first, second = _single_quoted(first), _single_quoted(second)
        quote = "'"
    if not first or not second or len(first) > _JOIN_LIMIT:
        return ""
    one, two = prefix_length(first), prefix_length(second)
    if first.startswith(quote * 3, one) or second.startswith(quote * 3, two):
        return ""
    prefix = _joined_prefix(first, second, one, two)
    if prefix is None:
        return ""
    body, more = first[one + 1 : -1], second[two + 1 : -1]
    if more[:1].isdigit() and "r" not in prefix and _OCTAL_END.search(body) is not None:
        return ""
    return f"{prefix}{quote}{body}{more}{quote}"


def _single_quoted(literal: str) -> str:
    """A plain literal in single quotes, with at most two of its own escaped (no longer than two literals); "" where it has more."""
    if literal[-1] == "'":
        return literal
    if literal[0] != '"' or literal.startswith('"""') or "\\" in literal or literal.count("'") > 2:
        return ""
    body = literal[1:-1].replace("'", "\\'")
    return f"'{body}'"


def _joined_prefix(first: str, second: str, one: int, two: int) -> str | None:
    """The prefix of the joined literal, None where the two kinds do not mix."""
    left, right = first[:one], second[:two]
    if left == right and left in ("", "f", "b", "r"):
        return left
    if (left == "" and right == "f" and "{" not in first and "}" not in first) or (
        left == "f" and right == "" and "{" not in second and "}" not in second
    ):
        return "f"
    return None
