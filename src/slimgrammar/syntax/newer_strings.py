"""Adjacent strings with an f-string or t-string among them, as a call that the host can parse: a part of `newer`.

The call is of a string, `''(…)`, which like the strings themselves is no pattern, no target, and cannot follow a name. Its
arguments are what the syntax tree holds: texts by their value, fields as lists of expression, conversion, specification.
"""

from __future__ import annotations

import ast
import re
import warnings
from itertools import groupby
from typing import Final

from slimgrammar.syntax.fstrings import Field, FString, Part, is_fstring, read_fstring
from slimgrammar.syntax.lexer import scan

_DOUBLED: Final = re.compile(r"(\\N\{[^{}]*+\}|\\.)|\{\{|\}\}", re.DOTALL)
_DOUBLED_RAW: Final = re.compile(r"()\{\{|\}\}")
_QUOTE: Final = re.compile(r"(\\.)|(['\"])|(\\)\Z", re.DOTALL)
_PREFIX: Final = re.compile(r"\w*")


class MalformedError(Exception):
    """A string is none by the grammar of f-strings, t-strings, or of adjacent strings."""


def lower_strings(run: list[str]) -> str | None:
    """Adjacent strings as one call; None where they are malformed.

    >>> lower_strings(["f'a{x!r}'", "'b'"])
    "''('a', [(x), 'r', None], 'b')"
    """
    kinds = {_kind(token) for token in run}
    if "b" in kinds or ("t" in kinds and len(kinds) > 1):
        return None
    mark = {"t": ["None"], "u": ["..."]}.get(_kind(run[0]), [])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            items = [item for token in run for item in _items(token)]
    except MalformedError:
        return None
    return f"''({', '.join(mark + _merged(items))})"


def lower_expression(text: str) -> str:
    """An expression with its f-strings and t-strings rewritten, where they are well formed."""
    tokens = scan(text)
    parts: list[str] = []
    done = at = 0
    while at < len(tokens) - 1:
        first = last = at
        run: list[str] = []
        while tokens[at][0][-1:] in ("'", '"') and tokens[at][0][0] != "#":
            run.append(tokens[at][0])
            last = at
            at += 1
            while tokens[at][0][:1] in ("\n", "#"):
                at += 1
        lowered = lower_strings(run) if any(map(is_fstring, run)) else None
        if lowered is not None:
            parts += (text[done : tokens[first][1]], lowered)
            done = tokens[last][1] + len(tokens[last][0])
        at = max(at, first + 1)
    return "".join([*parts, text[done:]])


def _kind(token: str) -> str:
    """ "b", "t", "u", "f", or "" for any other text."""
    prefix = _PREFIX.match(token)
    letters = prefix.group().lower() if prefix else ""
    return letters.replace("r", "")


def _items(token: str) -> list[str | tuple[str]]:
    """The items of one string: a text as its value in a tuple, a field as the code for it."""
    if is_fstring(token):
        whole = read_fstring(token)
        if whole is None or whole.end != len(token):
            raise MalformedError
        return [item for part in whole.parts for item in _part(token, whole, part, in_spec=False)]
    return [(_value(token),)]


def _part(token: str, whole: FString, part: Part, *, in_spec: bool) -> list[str | tuple[str]]:
    if isinstance(part, Field):
        return _field(token, whole, part)
    text, raw = token[part[0] : part[1]], "r" in whole.prefix.lower()
    if not in_spec:
        text = (_DOUBLED_RAW if raw else _DOUBLED).sub(lambda match: match.group(1) or match.group()[0], text)
    return [(text if raw else _value(f"'''{_QUOTE.sub(_escaped, text)}'''"),)]


def _escaped(match: re.Match[str]) -> str:
    """A quote with a backslash before it; a backslash before a field stands for itself."""
    return match.group(1) or "\\" + (match.group(2) or match.group(3))


def _field(token: str, whole: FString, field: Field) -> list[str | tuple[str]]:
    """A field, the text that its `=` shows before it."""
    expression = token[field.start : field.stop]
    conversion = field.conversion or ("r" if field.shown and field.spec is None else "")
    spec = "None"
    if field.spec is not None:
        items = [item for part in field.spec for item in _part(token, whole, part, in_spec=True)]
        spec = f"[{', '.join(_merged(items))}]"
    source = f"{expression!r}, " if "t" in whole.prefix.lower() else ""
    end = "\n" if "#" in expression else ""  # a comment in the expression ends with its line
    code = f"[({lower_expression(expression)}{end}), {source}'{conversion}', {spec}]"
    return [(field.shown,), code] if field.shown else [code]


def _merged(items: list[str | tuple[str]]) -> list[str]:
    """The items as code, texts behind one another as one, empty ones left out."""
    found: list[str] = []
    for is_text, group in groupby(items, lambda item: isinstance(item, tuple)):
        if is_text:
            text = "".join(item[0] for item in group)
            found += [repr(text)] if text else []
        else:
            found += [str(item) for item in group]
    return found


def _value(literal: str) -> str:
    """The value of a plain literal."""
    try:
        value = ast.literal_eval(literal)
    except (SyntaxError, ValueError):
        raise MalformedError from None
    if not isinstance(value, str):
        raise MalformedError
    return value
