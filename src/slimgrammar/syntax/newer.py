"""Syntax newer than the host's parser, rewritten so that the host can judge the rest of the program.

Type parameters and aliases (PEP 695, 696), f-strings that nest their quotes (PEP 701), t-strings (PEP 750) and `except a, b:`
(PEP 758) become older syntax of the same place; line numbers stay. The result is only ever parsed, never encoded.
"""

from __future__ import annotations

from keyword import iskeyword

from slimgrammar.syntax.lexer import is_fstring, scan

_PAIRS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


def lower(source: str) -> str:
    """The program in the syntax of Python 3.11, what cannot be said there left out.

    >>> lower("def f[T](x: T): return f'{x['a']}'")
    "def f   (x: T): return ''"
    >>> lower("try: pass\\nexcept A, B: pass")
    'try: pass\\nexcept (A, B): pass'
    """
    tokens = scan(source)
    edits: list[tuple[int, int, str]] = []
    for at, (token, offset) in enumerate(tokens):
        if token[-1:] in ("'", '"') and is_fstring(token) and (token[:2].lower().find("t") >= 0 or "{" in token):
            edits.append((offset, offset + len(token), _blank_string(token)))
        elif token in ("def", "class") and tokens[min(at + 2, len(tokens) - 1)][0] == "[":
            edits.append(_parameters(source, tokens, at + 2))
        elif token == "type" and _is_alias(tokens, at):
            edits.append((offset, tokens[at + 1][1], ""))
            if tokens[at + 2][0] == "[":
                edits.append(_parameters(source, tokens, at + 2))
        elif token == "except":
            edits.extend(_bare_tuple(tokens, at))
    return _apply(source, edits)


def _blank_string(token: str) -> str:
    """An empty string that spans as many lines."""
    breaks = token.count("\n")
    return f"'''{chr(10) * breaks}'''" if breaks else "''"


def _is_alias(tokens: list[tuple[str, int]], at: int) -> bool:
    """Whether `type` at a statement's start is followed by a name and `=` or `[`."""
    starts = at == 0 or tokens[at - 1][0][:1] in ("\n", ";", ":")
    if not starts or at + 2 >= len(tokens):
        return False
    name = tokens[at + 1][0]
    return name.isidentifier() and not iskeyword(name) and tokens[at + 2][0] in ("=", "[")


def _parameters(source: str, tokens: list[tuple[str, int]], at: int) -> tuple[int, int, str]:
    """The edit that blanks a bracket and all that it holds."""
    depth, end = 0, at
    while end < len(tokens) - 1:
        depth += _PAIRS.get(tokens[end][0], 0)
        if depth == 0:
            break
        end += 1
    start, stop = tokens[at][1], tokens[end][1] + 1
    blank = "".join("\\\n" if mark == "\n" else "" for mark in source[start:stop])
    return start, stop, blank or " " * (stop - start)


def _bare_tuple(tokens: list[tuple[str, int]], at: int) -> list[tuple[int, int, str]]:
    """The edits that put parentheses around `except a, b:`."""
    first = at + 2 if tokens[at + 1][0] == "*" else at + 1
    depth, comma, index = 0, False, first
    while index < len(tokens) - 1:
        token = tokens[index][0]
        depth += _PAIRS.get(token, 0)
        if depth == 0 and token in (":", "as"):
            break
        comma |= depth == 0 and token == ","
        index += 1
    if not comma or tokens[index][0] != ":":
        return []
    opened, closed = tokens[first][1], tokens[index][1]
    return [(opened, opened, "("), (closed, closed, ")")]


def _apply(source: str, edits: list[tuple[int, int, str]]) -> str:
    """The text with all edits made; they do not overlap."""
    parts: list[str] = []
    done = 0
    for start, stop, text in sorted(edits):
        if start >= done:
            parts += (source[done:start], text)
            done = stop
    return "".join([*parts, source[done:]])
