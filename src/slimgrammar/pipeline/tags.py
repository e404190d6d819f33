"""What a fence's tag or a file's name says about the language of the code."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import PurePosixPath
from typing import Any, Final

from slimgrammar import grammar

PYTHON: Final = "python"
DIFF: Final = "diff"
JSON: Final = "json"
SEARCH: Final = "search"
_PRINTING: Final = ("cat", "nl", "sed", "head", "tail", "bat")
_REDIRECTING: Final = {">", ">>", "<<", "&&", ";", "-i"}
_NO_PROGRAMS: Final = {"patch": DIFF, "diff": DIFF}


@cache
def _names() -> dict[str, str]:
    """Each name, other name and suffix of a language, in lower case → its name, by `grammars/prune/languages.toml`."""
    table = tomllib.loads(grammar.text("prune/languages.toml"))
    known = {also: name for name, row in table.items() for also in (*row["suffixes"], *row["aliases"], name)}
    return {also.removeprefix("."): name for also, name in known.items()} | _NO_PROGRAMS


def has_encoding(language: str) -> bool:
    """Whether there is a shorter form of this language.

    >>> has_encoding("java"), has_encoding("prose")
    (True, False)
    """
    return language in _names().values()


def language_of_tag(tag: str) -> str:
    """The language that a fence's tag names, in lower case; "" where it names none.

    A file's name will do, also behind line numbers, as some tools write it.

    >>> [language_of_tag(tag) for tag in ("Python title=x", "{.py}", "3:9:src/app.pyi", "c++", "tsx", "")]
    ['python', 'python', 'python', 'cpp', 'tsx', '']
    """
    words = tag.strip("{}. ").replace(",", " ").split()
    if not words:
        return ""
    word = words[0].lower().removeprefix("language-")
    head, _, name = word.rpartition(":")
    suffix = (PurePosixPath(name).suffix or PurePosixPath(head).suffix).removeprefix(".")
    known = _names()
    return known.get(word) or known.get(suffix) or suffix or head or word


def paths_of_calls(messages: Sequence[Any]) -> dict[str, str]:
    """The file that each tool call names in its arguments, by the call's id: what its result holds.

    >>> call = {"id": "1", "function": {"name": "read", "arguments": '{"path": "a/b.go"}'}}
    >>> paths_of_calls([{"role": "assistant", "tool_calls": [call]}])
    {'1': 'a/b.go'}
    """
    found: dict[str, str] = {}
    for identifier, arguments in _calls(messages):
        values = [each[-1] if isinstance(each, list) and each else each for each in arguments.values()]
        words = [word for value in values if isinstance(value, str) and "\n" not in value for word in _words(value)]
        named = [word for word in words if 0 < len(PurePosixPath(word).suffix) <= 5]
        if len(named) == 1:
            found[identifier] = named[0]
    return found


def _words(argument: str) -> list[str]:
    """An argument that may be a path, or the words of a command that prints a file."""
    if " " not in argument:
        return [argument]
    words = argument.replace("'", "").replace('"', "").split()
    return words if words[:1] and words[0] in _PRINTING and not set(words) & _REDIRECTING else []


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
