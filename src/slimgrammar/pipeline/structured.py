"""JSON that a tool returned: without the spaces between its tokens, and with the code in its strings encoded."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any, Final

_PIECE: Final = re.compile(r'("(?:[^"\\]|\\.)*")|\s+')
Put = Callable[[str, str], "str | None"]  # a string's value and the file that is named beside it → another value


def is_json(text: str) -> bool:
    """Whether a text is a JSON object or list.

    >>> is_json('{"a": [1]}'), is_json("[x]")
    (True, False)
    """
    return _value(text) is not None


def _value(text: str) -> Any:
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def rewritten(text: str, put: Put) -> str:
    """A JSON text with no spaces between its tokens, and other strings where `put` gives some; all else is spelled as it was.

    >>> rewritten('{"path": "a.py",\\n "code": "x\\\\ny", "n": 1.50}', lambda value, file: file if "\\n" in value else None)
    '{"path":"a.py","code":"a.py","n":1.50}'
    """
    files = dict(_files(json.loads(text)))

    def piece(found: re.Match[str]) -> str:
        literal = found[1]
        if literal is None:
            return ""
        if "\\n" not in literal:
            return literal
        value = json.loads(literal)
        new = put(value, files.get(value, ""))
        return literal if new is None else _spelled(new, literal, value)

    return _PIECE.sub(piece, text)


def _spelled(new: str, literal: str, value: str) -> str:
    """A string as JSON, with letters beyond ASCII escaped where they were."""
    return json.dumps(new, ensure_ascii=json.dumps(value) == literal)


def _files(value: Any) -> Iterator[tuple[str, str]]:
    """Each string of several lines in an object that names one file, with that file."""
    stack = [value]
    while stack:
        here = stack.pop()
        inside = list(here.values()) if isinstance(here, dict) else here if isinstance(here, list) else []
        texts = [each for each in inside if isinstance(each, str)]
        named = [each for each in texts if _is_file(each)] if isinstance(here, dict) else []
        yield from ((each, named[0]) for each in texts if len(named) == 1 and "\n" in each)
        stack += [each for each in inside if isinstance(each, dict | list)]


def _is_file(text: str) -> bool:
    return "\n" not in text and " " not in text and 0 < len(PurePosixPath(text).suffix) <= 5
