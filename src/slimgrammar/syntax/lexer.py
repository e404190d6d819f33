"""Python source text → lexical tokens, by one compiled regular expression.

The expression is the whole of Python's lexical grammar but for f-strings whose replacement fields hold their own quote (PEP 701),
which no regular expression can match. `lex` notices those by their braces and gives the text to `scan`, which follows the nesting.
Sources: the Python Language Reference, chapter 2; PEP 701 (f-strings), PEP 750 (t-strings).
"""

from __future__ import annotations

import re
from typing import Final

# Outside of strings and comments every character beyond ASCII belongs to an identifier, or the program is not Python.
NAME: Final = r"[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_\x80-\U0010ffff]*+"
NUMBER: Final = (
    r"(?:0[xX](?:_?[\da-fA-F])++|0[bB](?:_?[01])++|0[oO](?:_?[0-7])++"
    r"|(?:\d(?:_?\d)*+(?:\.(?:\d(?:_?\d)*+)?)?|\.\d(?:_?\d)*+)(?:[eE][+-]?\d(?:_?\d)*+)?[jJ]?)"
)
PREFIX: Final = r"(?:[rR][bBfFtT]?|[bBfFtT][rR]?|[uU])?"
QUOTED: Final = (
    r"(?:'(?!'')[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'"
    r'|"(?!"")[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"'
    r'|"""[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+"""'
    r"|'''[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*+''')"
)
STRING: Final = PREFIX + QUOTED
OPERATOR: Final = r"\.\.\.|->|(?:\*\*|//|<<|>>|[-+*/%@&|^<>=:])=?|!=|[~;!]"
BLANK: Final = r"[ \t\f]*+(?:\\\n[ \t\f]*+)*+"

_PATTERN: Final = re.compile(
    rf"{BLANK}(?:({NAME}(?!['\"])|\n[ \t\f\n]*+(?:(?<=\n)\\\n[ \t\f]*+)*+|[()\[\]{{}},]|\.(?![\d.])|{OPERATOR}|{STRING}|{NAME}|{NUMBER}|\.|#[^\n]*+|[^ \t\f])|\Z)",
    re.DOTALL,
)
_IS_FSTRING: Final = re.compile(r"[rR]?[fFtT][rR]?['\"]")
_SPECIAL: Final = re.compile(r"[{}'\"\\#\n]|\Z")


def lex(text: str) -> list[str]:
    """All lexical tokens of `text`, in order, blanks and `\\` continuations left out.

    `text` is Python source with `\\n` line ends. A newline token holds the line end, the blank lines after it and the indentation
    of the next line. A character that starts no token becomes a token of its own. The last item is always "".

    >>> lex("x = f(1) # one")
    ['x', '=', 'f', '(', '1', ')', '# one', '']
    """
    tokens: list[str] = _PATTERN.findall(text)
    for token in tokens:
        if token[-1:] in _QUOTES and "{" in token and _suspicious(token):
            return [token for token, _ in scan(text)]
    return tokens if tokens and tokens[-1] == "" else [*tokens, ""]


_QUOTES: Final = frozenset("'\"")


def _suspicious(token: str) -> bool:
    """Whether an f-string token may have been cut inside a replacement field."""
    if _IS_FSTRING.match(token) is None:
        return False
    return "{{" in token or "}}" in token or token.count("{") != token.count("}")


def is_fstring(token: str) -> bool:
    """Whether a token is an f-string or a t-string.

    >>> is_fstring("rf''"), is_fstring("b''")
    (True, False)
    """
    return _IS_FSTRING.match(token) is not None


def scan(text: str) -> list[tuple[str, int]]:
    """The tokens of `lex`, each with its offset in `text`; exact for nested f-strings, and slower.

    >>> scan("f'{d['k']}' + 1")
    [("f'{d['k']}'", 0), ('+', 12), ('1', 14), ('', 15)]
    """
    found: list[tuple[str, int]] = []
    position, size = 0, len(text)
    while position < size:
        match = _PATTERN.match(text, position)
        if match is None or match.group(1) is None:
            break
        start, end = match.span(1)
        if _IS_FSTRING.match(text, start) is not None:
            closed = fstring_end(text, start)
            end = closed if closed > 0 else end
        found.append((text[start:end], start))
        position = end
    found.append(("", size))
    return found


def fstring_end(text: str, start: int) -> int:
    """The offset just after the f-string or t-string that starts at `start`, or -1 where it never ends (PEP 701)."""
    quote_at = start
    while text[quote_at] not in _QUOTES:
        quote_at += 1
    quote = text[quote_at]
    if text.startswith(quote * 3, quote_at):
        quote *= 3
    return _literal_end(text, quote_at + len(quote), quote, "r" in text[start:quote_at].lower())


def _literal_end(text: str, position: int, quote: str, raw: bool) -> int:
    """The end of an f-string's literal part, replacement fields stepped over."""
    while True:
        found = _SPECIAL.search(text, position)
        if found is None or found.end() == found.start():
            return -1
        position, mark = found.start(), found.group()
        if mark == "\\":
            # \N{NAME} is no replacement field; `\{` is a backslash before one.
            named = text.startswith("\\N{", position) and not raw
            position = text.find("}", position) + 1 if named else position + (1 if text[position + 1 : position + 2] in "{}" else 2)
            if position <= 0:
                return -1
        elif mark == "{" and not text.startswith("{{", position):
            position = _field_end(text, position + 1, quote, raw)
            if position < 0:
                return -1
        elif mark == "{":
            position += 2
        elif mark in _QUOTES and text.startswith(quote, position):
            return position + len(quote)
        elif mark == "\n" and len(quote) == 1:
            return -1
        else:
            position += 1


def _field_end(text: str, position: int, quote: str, raw: bool) -> int:
    """The offset after the `}` that closes a replacement field whose expression starts at `position`."""
    depth = 0
    while True:
        match = _PATTERN.match(text, position)
        if match is None or not match.group(1):
            return -1
        start, end = match.span(1)
        token = match.group(1)
        if _IS_FSTRING.match(text, start) is not None:
            end = fstring_end(text, start)
            if end < 0:
                return -1
        elif token in "([{":
            depth += 1
        elif token in ")]}":
            if depth == 0:
                return end if token == "}" else -1
            depth -= 1
        elif depth == 0 and token[0] == ":":
            return _spec_end(text, start + 1, quote, raw)
        elif depth == 0 and token == "!=" and text[end : end + 1] in "rsa":
            return -1
        position = end


def _spec_end(text: str, position: int, quote: str, raw: bool) -> int:
    """The offset after the `}` that ends a format specification, nested fields stepped over."""
    while position < len(text):
        mark = text[position]
        if mark == "{":
            position = _field_end(text, position + 1, quote, raw)
            if position < 0:
                return -1
        elif mark == "}":
            return position + 1
        elif text.startswith(quote, position) or (mark == "\n" and len(quote) == 1):
            return -1
        else:
            position += 1
    return -1
