"""Answers of OpenAI's SDK with their encoded code as Python again, whole or as they stream in.

Objects that came fresh from the wire are changed in place; what has no text passes as it is.
"""

from __future__ import annotations

from typing import Any

from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.responses import Response, ResponseTextDeltaEvent

from slimgrammar.pipeline.answers import AnswerRestorer
from slimgrammar.pipeline.messages import Compressed


def restored(answer: Any, done: Compressed) -> Any:
    """A whole answer of the chat or the responses API; anything else is given back as it is."""
    if isinstance(answer, ChatCompletion):
        for choice in answer.choices:
            if choice.message.content:
                choice.message.content = done.restore(choice.message.content)
    elif isinstance(answer, Response):
        for item in answer.output:
            _restore_texts(getattr(item, "content", None), done)
    return answer


def _restore_texts(parts: Any, done: Compressed) -> None:
    for part in parts or ():
        if getattr(part, "type", "") == "output_text":
            part.text = done.restore(part.text)


class Events:
    """The events of one stream, restored; text comes out as soon as it can be shown."""

    def __init__(self, done: Compressed) -> None:
        self._done = done
        self._open: dict[Any, tuple[AnswerRestorer, Any]] = {}  # by choice or part: its restorer, its latest event

    def feed(self, event: Any) -> list[Any]:
        """What stands in the place of an event."""
        if isinstance(event, ChatCompletionChunk):
            for choice in event.choices:
                self._feed_choice(choice, event)
            return [event]
        if isinstance(event, ResponseTextDeltaEvent):
            event.delta = self._fed((event.item_id, event.content_index), event.delta, event)
            return [event]
        return [*self._before(event), event]

    def close(self) -> list[Any]:
        """What is left where a stream ended without an end."""
        return [with_text for key in list(self._open) for with_text in self._rest(key)]

    def _feed_choice(self, choice: Any, event: Any) -> None:
        text = self._fed(choice.index, choice.delta.content, event) if choice.delta.content else ""
        if choice.finish_reason and choice.index in self._open:
            text += self._open.pop(choice.index)[0].close()
        if text or choice.delta.content:
            choice.delta.content = text

    def _fed(self, key: Any, text: str, event: Any) -> str:
        restorer = self._open[key][0] if key in self._open else self._done.restorer()
        self._open[key] = restorer, event
        return restorer.feed(text)

    def _before(self, event: Any) -> list[Any]:
        """What is to come before an event that repeats a text of which not all is out; the text in it is restored."""
        kind = getattr(event, "type", "")
        if kind == "response.output_text.done":
            event.text = self._done.restore(event.text)
            return self._rest((event.item_id, event.content_index))
        if kind == "response.content_part.done":
            _restore_texts([event.part], self._done)
        elif kind == "response.output_item.done":
            _restore_texts(getattr(event.item, "content", None), self._done)
        elif kind in ("response.completed", "response.incomplete"):
            restored(event.response, self._done)
        return []

    def _rest(self, key: Any) -> list[Any]:
        """An event with the text that is still held back, made after the latest one."""
        if key not in self._open:
            return []
        restorer, latest = self._open.pop(key)
        if not (text := restorer.close()):
            return []
        event = latest.model_copy(deep=True)
        if isinstance(event, ResponseTextDeltaEvent):
            event.delta = text
        else:
            event.choices = [choice for choice in event.choices if choice.index == key]
            event.choices[0].delta.content = text
        return [event]
