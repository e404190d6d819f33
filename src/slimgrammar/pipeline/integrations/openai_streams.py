"""Streams of OpenAI's SDK with their events restored."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from slimgrammar.pipeline.integrations.openai_answers import Events
from slimgrammar.pipeline.messages import Compressed


class Restored:
    """A stream with its events restored; everything else is the stream's own."""

    def __init__(self, stream: Any, done: Compressed) -> None:
        self._stream = stream
        self._iterator = self._all(Events(done))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __iter__(self) -> Iterator[Any]:
        return self._iterator

    def __next__(self) -> Any:
        return next(self._iterator)

    def __enter__(self) -> Restored:
        return self

    def __exit__(self, *_error: object) -> None:
        self._stream.close()

    def _all(self, events: Events) -> Iterator[Any]:
        for event in self._stream:
            yield from events.feed(event)
        yield from events.close()


class AsyncRestored:
    """`Restored` for a stream of the asynchronous client."""

    def __init__(self, stream: Any, done: Compressed) -> None:
        self._stream = stream
        self._iterator = self._all(Events(done))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __aiter__(self) -> AsyncIterator[Any]:
        return self._iterator

    async def __anext__(self) -> Any:
        return await anext(self._iterator)

    async def __aenter__(self) -> AsyncRestored:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._stream.close()

    async def _all(self, events: Events) -> AsyncIterator[Any]:
        async for event in self._stream:
            for shown in events.feed(event):
                yield shown
        for shown in events.close():
            yield shown
