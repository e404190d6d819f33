"""Where the texts of a conversation stand, and the same conversation with other texts.

Known are the messages of OpenAI's chat and responses APIs and of Anthropic's: content as a string or as a list of parts, what
tools return as messages or as parts. All else is left as it is.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from slimgrammar.pipeline.tags import paths_of_calls

Path = tuple[str | int, ...]
_Found = tuple[Path, str, str, str]  # where, whose, the text, the file
_TEXT_PARTS: Final = frozenset(("text", "input_text", "output_text"))
TOOL: Final = "tool"


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a conversation.

    Attributes:
        message: the index of its message.
        path: the keys that lead to it inside the message.
        role: whose it is; "tool" for a tool's result.
        content: the text.
        file: the file that the tool call named, "" where none is known.
    """

    message: int
    path: Path
    role: str
    content: str
    file: str = ""


def texts(messages: Sequence[Any]) -> list[Text]:
    """All texts of the messages, in order."""
    files = paths_of_calls(messages)
    found: list[Text] = []
    for index, message in enumerate(messages):
        if isinstance(message, Mapping):
            found += _of_message(index, message, files)
    return found


def _of_message(index: int, message: Mapping[str, Any], files: dict[str, str]) -> Iterator[Text]:
    role = str(message.get("role", ""))
    content = message.get("content")
    if message.get("type") == "function_call_output":
        found = _of_content(("output",), message.get("output"), TOOL, files.get(str(message.get("call_id")), ""))
    else:
        file = files.get(str(message.get("tool_call_id")), "")
        found = _of_content(("content",), content, TOOL if role == "function" else role, file)
    for path, whose, text, file in chain(found, _of_results(content, files)):
        yield Text(index, path, whose, text, file)


def _of_content(path: Path, content: Any, role: str, file: str) -> Iterator[_Found]:
    """A content's texts: the string that it is, or those of its parts."""
    if isinstance(content, str):
        yield path, role, content, file
    for number, part in enumerate(content if isinstance(content, list) else ()):
        if isinstance(part, Mapping) and part.get("type") in _TEXT_PARTS and isinstance(part.get("text"), str):
            yield (*path, number, "text"), role, part["text"], file


def _of_results(content: Any, files: dict[str, str]) -> Iterator[_Found]:
    """The texts of tools' results among a content's parts."""
    for number, part in enumerate(content if isinstance(content, list) else ()):
        if isinstance(part, Mapping) and part.get("type") == "tool_result":
            file = files.get(str(part.get("tool_use_id")), "")
            yield from _of_content(("content", number, "content"), part.get("content"), TOOL, file)


def other_texts(messages: Sequence[Any]) -> list[str]:
    """What else of the messages costs tokens: the arguments of tool calls."""
    found: list[str] = []
    for message in messages:
        if not isinstance(message, Mapping):
            continue
        calls, content = message.get("tool_calls"), message.get("content")
        for call in calls if isinstance(calls, list) else ():
            function = call.get("function") if isinstance(call, Mapping) else None
            if isinstance(function, Mapping):
                found.append(f"{function.get('name', '')} {function.get('arguments', '')}")
        for part in content if isinstance(content, list) else ():
            if isinstance(part, Mapping) and part.get("type") == "tool_use":
                found.append(json.dumps(part.get("input"), default=str))
        if message.get("type") == "function_call":
            found.append(f"{message.get('name', '')} {message.get('arguments', '')}")
    return found


def with_texts(messages: Sequence[Any], changes: Mapping[tuple[int, Path], str]) -> list[Any]:
    """The messages with some texts changed; what holds no change is the very same object."""
    by_message: dict[int, dict[Path, str]] = {}
    for (index, path), text in changes.items():
        by_message.setdefault(index, {})[path] = text
    result = list(messages)
    for index, inside in by_message.items():
        result[index] = _changed(messages[index], inside)
    return result


def _changed(node: Any, changes: dict[Path, str]) -> Any:
    """A copy of `node`, as deep as the changes reach."""
    if () in changes:
        return changes[()]
    below: dict[str | int, dict[Path, str]] = {}
    for path, text in changes.items():
        below.setdefault(path[0], {})[path[1:]] = text
    result = copy.copy(node)
    for key, inside in below.items():
        result[key] = _changed(node[key], inside)
    return result
