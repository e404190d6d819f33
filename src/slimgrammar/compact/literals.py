"""Literals: the cheapest quotes and escapes that keep a string's value, adjacent strings joined, small integers in decimal.

`respell` writes one literal anew: characters for escapes that name printable ones, quotes that need the fewest backslashes.
`join` writes two bodies behind one another (Python's implicit concatenation). `unfold` gives a text of many lines real line
ends. Each leaves a literal alone where that could change its value (Python Language Reference, 2.4, string literals).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from slimgrammar.compact.stream import ALL_RULES

_MAY_SHRINK: Final = re.compile(r"\\[xuUN0-7\n]")
_ESCAPE: Final = re.compile(
    r"\\(?:(\n)|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|N\{([^}]*)\}|.)", re.DOTALL
)
_ANY_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_OCTAL: Final = "01234567"
_BYTES: Final = frozenset("bB")
_LINES: Final = 4  # fewer line ends would not pay for two more quotes on either side
ESCAPES: Final = (
    2  # so many backslashes a literal may need and is still no longer than the two, or the long one, that it replaces
)


def prefix_length(literal: str) -> int:
    """How many letters stand before the opening quote.

    >>> prefix_length("rb''")
    2
    """
    if literal[0] in "'\"":
        return 0
    return 1 if literal[1] in "'\"" else 2


def number(literal: str, *, off: frozenset[str] = ALL_RULES) -> str:
    """The same number in fewer characters: no underscores or idle zeros; a small hexadecimal, octal or binary one in decimal.

    Up to six digits a decimal is never longer and never costs more tokens; larger ones are masks that say more in their base.

    >>> number("0xFF"), number("1_000"), number("0xFFFF_FFFF"), number("1.0"), number("0.50"), number("1E+05J")
    ('255', '1000', '0xFFFF_FFFF', '1.', '.5', '1e5j')
    """
    if literal[:2].lower() not in ("0x", "0o", "0b"):
        if "digits" in off:
            return literal
        text = literal.replace("_", "")
        return text if text.isdigit() else _shortest_float(text.lower())
    if len(literal) > 30 or "decimal" in off:
        return literal
    decimal = str(int(literal, 0))
    return decimal if len(decimal) <= min(6, len(literal)) else literal


def _shortest_float(text: str) -> str:
    """A float or an imaginary number with the same decimal digits and nothing else."""
    suffix = "j" if text[-1] == "j" else ""
    mantissa, _, exponent = (text[:-1] if suffix else text).partition("e")
    whole, _, fraction = mantissa.partition(".")
    whole, fraction = whole.lstrip("0"), fraction.rstrip("0")
    sign = "-" if exponent[:1] == "-" else ""
    exponent = exponent.lstrip("+-").lstrip("0")
    digits = f"{whole}.{fraction}" if fraction else whole or "0"
    if exponent:
        return f"{digits}e{sign}{exponent}{suffix}"
    return digits + (suffix or ("" if fraction else "."))


def respell(literal: str, *, ascii_only: bool = False, off: frozenset[str] = ALL_RULES) -> str:
    """The same literal with the quotes and escapes that all dialects prefer.

    Args:
        literal: a string token, prefix and quotes included.
        ascii_only: write no character beyond ASCII that was an escape (the file's encoding may not hold it).
        off: names of rules (rules.toml) that are switched off.

    >>> respell('"a"'), respell(r"'it\\'s'"), respell(r"'\\x41\\xe9\\x00'"), respell("'''a\\n'''")
    ("'a'", '"it\\'s"', "'Aé\\\\x00'", '\"\"\"a\\n\"\"\"')
    """
    spelled = _respelled(literal, ascii_only, off)
    # With other quotes around it a body may lose more of its escapes.
    while "\\" in literal and spelled != literal:
        literal, spelled = spelled, _respelled(spelled, ascii_only, off)
    return spelled


def _respelled(literal: str, ascii_only: bool, off: frozenset[str]) -> str:
    """One step of `respell`; each shortens the literal or chooses its quotes."""
    start = prefix_length(literal)
    quote = literal[start]
    if literal.startswith(quote * 3, start) and len(literal) >= start + 6:
        return _respell_long(literal, start, ascii_only, off)
    if "\\" in literal and _is_plain(literal[:start]):
        prefix, body = literal[:start], literal[start + 1 : -1]
        if "escapes" not in off:
            body = _unescaped(body, ascii_only or prefix in _BYTES)
        return quoted(prefix, bare(body)) if "quotes" not in off else f"{prefix}{quote}{body}{quote}"
    if quote == '"' and "'" not in literal and "quotes" not in off:
        return f"{literal[:start]}'{literal[start + 1 : -1]}'"
    return literal


def _is_plain(prefix: str) -> bool:
    """Whether a backslash in a literal of this prefix is an escape, and braces are text."""
    return prefix == "" or prefix in "uUbB"


def bare(body: str) -> str:
    """A body whose own quotes have no backslashes: not yet a literal's, `_quoted` makes it one."""
    if "\\'" not in body and '\\"' not in body:
        return body
    return _ANY_ESCAPE.sub(_without_backslash, body)


def _without_backslash(match: re.Match[str]) -> str:
    return match.group(1) if match.group(1) in "'\"" else match.group()


def quoted(prefix: str, text: str) -> str:
    """A literal of a bare body, in the quotes that need the fewest backslashes.

    >>> print(quoted("b", "it's"))
    b"it's"
    """
    single, double = text.count("'"), text.count('"')
    if single <= double:
        return f"{prefix}'{with_backslashes(text, chr(39)) if single else text}'"
    return f'{prefix}"{with_backslashes(text, chr(34)) if double else text}"'


def with_backslashes(text: str, quote: str) -> str:
    """A bare body for a literal in the given quotes."""
    return text.replace(quote, "\\" + quote)


def _unescaped(body: str, ascii_only: bool) -> str:
    """A body with characters for the escapes that name printable ones, and no escaped line ends."""
    if _MAY_SHRINK.search(body) is None:
        return body
    parts: list[str] = []
    done = 0
    octal = False  # the last thing written is an octal escape that a digit would lengthen
    for match in _ESCAPE.finditer(body):
        for text in (body[done : match.start()], _character(match, ascii_only)):
            if text == "":
                continue
            if octal and text[0] in _OCTAL:
                return body
            parts.append(text)
            octal = False
        digits = match.group(5)
        if digits is not None and parts[-1][0] == "\\":
            octal = len(digits) < 3
        done = match.end()
    rest = body[done:]
    if octal and rest != "" and rest[0] in _OCTAL:
        return body
    text = "".join([*parts, rest])
    return text if text.isascii() or unicodedata.is_normalized("NFC", text) else body


def _character(match: re.Match[str], ascii_only: bool) -> str:
    """What an escape becomes: its character where that can be shown, nothing for an escaped line end, else itself."""
    escape = match.group()
    if match.group(1) is not None:
        return ""
    code = _code(match)
    if code <= 0 or code > 0x10FFFF or (ascii_only and (code > 0x7E or escape[1] in "uUN")):
        return escape
    character = chr(code)
    if character in "\\'\"" or not character.isprintable() or unicodedata.category(character)[0] == "M":
        return escape
    return character


def _code(match: re.Match[str]) -> int:
    """The code point that an escape names, -1 where it names none."""
    digits = match.group(2) or match.group(3) or match.group(4)
    if digits is not None:
        return int(digits, 16)
    if match.group(5) is not None:
        return int(match.group(5), 8)
    if match.group(6) is None:
        return -1
    try:
        named = unicodedata.lookup(match.group(6))
    except KeyError:
        return -1
    return ord(named) if len(named) == 1 else -1


def _respell_long(literal: str, start: int, ascii_only: bool, off: frozenset[str]) -> str:
    """A triple-quoted literal: on one line it gets one quote, on several lines double ones, where its body allows them."""
    prefix, quote = literal[:start], literal[start]
    body = literal[start + 3 : -3]
    plain = _is_plain(prefix)
    if plain and "\\" in body and "escapes" not in off:
        shorter = _unescaped(body, ascii_only or prefix in _BYTES)
        if quote * 3 not in shorter and not shorter.endswith(quote):
            body = shorter
    if "\n" not in body and "one_line" not in off:
        single = _one_line(prefix, body, plain)
        if single:
            return single
    if (
        quote == "'"
        and "quotes" not in off
        and '"""' not in body
        and not body.endswith('"')
        and (plain or '"' not in body or "r" in prefix.lower())
    ):
        quote = '"'
    return f"{prefix}{quote * 3}{body}{quote * 3}"


def _one_line(prefix: str, body: str, plain: bool) -> str:
    """A triple-quoted literal that spans no lines in one quote, "" where that would be longer or another value."""
    if plain:
        text = bare(body)
        return quoted(prefix, text) if min(text.count("'"), text.count('"')) <= ESCAPES else ""
    if "'" not in body:
        return f"{prefix}'{body}'"
    return f'{prefix}"{body}"' if '"' not in body else ""


def unfold(literal: str) -> str:
    """A plain literal with many `\\n` escapes as a triple-quoted one with real line ends; any other as it is.

    Lines that would end in blanks keep the literal as it is: editors would take those away.

    >>> print(unfold(r"'usage:\\n  -a\\n  -b\\n  -c\\n'"))
    \"\"\"usage:
      -a
      -b
      -c
    \"\"\"
    """
    if literal[0] not in "'\"" or literal.count("\\n") < _LINES or literal.startswith(('"""', "'''")):
        return literal
    body = _ANY_ESCAPE.sub(_real, literal[1:-1])
    if body.count("\n") < _LINES or '"""' in body or body.endswith('"') or " \n" in body or "\t\n" in body:
        return literal
    return f'"""{body}"""'


def _real(match: re.Match[str]) -> str:
    """The character of an escape that needs none inside triple quotes."""
    mark = match.group(1)
    return "\n" if mark == "n" else mark if mark in "'\"" else match.group()
