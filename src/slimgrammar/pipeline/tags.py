"""What a fence's tag or a file's name says about the language of the code."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Final

PYTHON: Final = "python"
DIFF: Final = "diff"
# Tags that are neither a language's name nor how its files end.
_ALSO: Final = {"python3": PYTHON, "py3": PYTHON, "c++": "cpp", "c#": "csharp", "golang": "go", "patch": DIFF}
_SUFFIXES: Final = {".py": PYTHON, ".pyi": PYTHON}


def language_of_tag(tag: str) -> str:
    """The language that a fence's tag names, in lower case; "" where it names none.

    A file's name will do, also behind line numbers, as some tools write it.

    >>> [language_of_tag(tag) for tag in ("Python title=x", "{.py}", "3:9:src/app.pyi", "c++", "")]
    ['python', 'python', 'python', 'cpp', '']
    """
    words = tag.strip("{}. ").replace(",", " ").split()
    if not words:
        return ""
    word = words[0].lower().removeprefix("language-")
    head, _, name = word.rpartition(":")
    suffix = PurePosixPath(name).suffix or PurePosixPath(head).suffix
    return _ALSO.get(word) or _SUFFIXES.get(suffix) or _SUFFIXES.get(f".{word}") or suffix.removeprefix(".") or head or word


def paths_of_calls(messages: Sequence[Any]) -> dict[str, str]:
    """The file that each tool call names in its arguments, by the call's id: what its result holds.

    >>> call = {"id": "1", "function": {"name": "read", "arguments": '{"path": "a/b.go"}'}}
    >>> paths_of_calls([{"role": "assistant", "tool_calls": [call]}])
    {'1': 'a/b.go'}
    """
    found: dict[str, str] = {}
    for identifier, arguments in _calls(messages):
        values = [value for value in arguments.values() if isinstance(value, str) and "\n" not in value]
        named = [value for value in values if 0 < len(PurePosixPath(value).suffix) <= 5 and " " not in value]
        if len(named) == 1:
            found[identifier] = named[0]
    return found


def _calls(messages: Sequence[Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The tool calls in the history, as OpenAI's and as Anthropic's API have them."""
    for message in messages:
        if not isinstance(message, Mapping):
            continue
        for call in _mappings(message.get("tool_calls")):
            function = call.get("function")
            if isinstance(function, Mapping):
                yield str(call.get("id")), _arguments(function.get("arguments"))
        for part in _mappings(message.get("content")):
            if part.get("type") == "tool_use":
                yield str(part.get("id")), _arguments(part.get("input"))
        if message.get("type") == "function_call":
            yield str(message.get("call_id")), _arguments(message.get("arguments"))


def _mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, Mapping))


def _arguments(value: Any) -> Mapping[str, Any]:
    """The arguments of a call; none where they are no JSON object (a model wrote them)."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, Mapping) else {}
