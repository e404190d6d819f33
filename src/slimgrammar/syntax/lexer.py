"""Python source text → lexical tokens, by one compiled regular expression (`patterns`).

It matches all of Python but for f-strings whose replacement fields hold their own quote (PEP 701). `lex` notices those and
gives the text to `scan`, which takes each f-string apart (`fstrings`).
"""

from __future__ import annotations

import re
from typing import Final

from slimgrammar.syntax.fstrings import is_fstring, read_fstring
from slimgrammar.syntax.patterns import NAME, NUMBER, OPERATOR, STRING, TOKEN

_QUOTES: Final = frozenset("'\"")
_FOREIGN: Final = frozenset("`$?'\"")  # as tokens of their own: no program has them outside of strings and comments
# An f-string without quotes or braces in its fields ends where the regular expression says; most are of this kind.
_SIMPLE: Final = re.compile(r"\w+(['\"])(?:[^'\"{}\\\n]|\{[^'\"{}\\#\n]+\})*+\1")


def lex(text: str, pattern: re.Pattern[str] = TOKEN) -> list[str]:
    """All lexical tokens of `text`, in order, blanks and `\\` continuations left out.

    `text` is Python source with `\\n` line ends. A newline token holds the line end, the blank lines after it and the
    indentation of the next line. A character that starts no token becomes a token of its own. The last item is always "".
    Another `pattern`, whose one group is a token, reads another grammar with the same strings.

    >>> lex("x = f(1) # one")
    ['x', '=', 'f', '(', '1', ')', '# one', '']
    """
    tokens: list[str] = pattern.findall(text)
    if "'" in tokens or '"' in tokens or _has_cut(tokens):
        return [token for token, _ in scan(text, pattern)]
    if tokens[-2:] == ["", ""]:  # the blanks at the end, and the end
        tokens.pop()
    return tokens if tokens and tokens[-1] == "" else [*tokens, ""]


def _has_cut(tokens: list[str]) -> bool:
    """Whether `_is_cut` is true of a token."""
    return any("{" in token and token[-1] in _QUOTES and _is_cut(token) for token in tokens)  # the rarest first: this is hot


def _is_cut(token: str) -> bool:
    """Whether a token is an f-string that the regular expression may have ended inside a replacement field."""
    if not is_fstring(token) or _SIMPLE.fullmatch(token) is not None:
        return False
    whole = read_fstring(token)
    return whole is None or whole.end != len(token)


def scan(text: str, pattern: re.Pattern[str] = TOKEN) -> list[tuple[str, int]]:
    """The tokens of `lex`, each with its offset in `text`; exact for nested f-strings, and slower.

    >>> scan("f'{d['k']}' + 1")
    [("f'{d['k']}'", 0), ('+', 12), ('1', 14), ('', 15)]
    """
    found: list[tuple[str, int]] = []
    position, size = 0, len(text)
    sound = True  # no f-string was malformed so far; behind one the text is no program, and following each would be quadratic
    while position < size:
        match = pattern.match(text, position)
        if match is None or match.group(1) is None:
            break
        start, end = match.span(1)
        if sound and is_fstring(text, start):
            whole = read_fstring(text, start)
            sound = whole is not None
            end = whole.end if whole is not None else end
        found.append((text[start:end], start))
        position = end
    found.append(("", size))
    return found


def leaves_python(text: str, stop: int) -> bool:
    """Whether something that no program holds stands outside of strings and comments, up to the offset `stop`.

    For texts that most likely are none, such as prose in front of a fence; `text` has `\\n` line ends. Behind an f-string,
    which may nest others, nothing is said.

    >>> leaves_python("import this:\\n```", 13), leaves_python("'```'", 1)
    (True, False)
    """
    for match in TOKEN.finditer(text):
        start, end = match.span(1)
        if not 0 <= start <= stop or is_fstring(text, start):
            return False
        if end == start + 1 and text[start] in _FOREIGN:
            return True
    return False


__all__ = ["NAME", "NUMBER", "OPERATOR", "STRING", "is_fstring", "leaves_python", "lex", "scan"]
