"""OpenAI's SDK: a client that sends the code in messages in fewer tokens, and can bring its answers back to Python."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final, TypeVar

from slimgrammar.errors import MissingExtra
from slimgrammar.pipeline.integrations.base import PromptOptions
from slimgrammar.pipeline.messages import Compressed

try:
    import anyio.to_thread
    from openai import AsyncOpenAI, AsyncStream, OpenAI, Stream
except ImportError:
    raise MissingExtra("openai", "openai") from None

from slimgrammar.pipeline.integrations.openai_answers import restored
from slimgrammar.pipeline.integrations.openai_streams import AsyncRestored, Restored

Client = TypeVar("Client", OpenAI, AsyncOpenAI)
_CALLS: Final = ("create", "parse")


def wrap(client: Client, options: PromptOptions | None = None, *, restore: bool = False) -> Client:
    """A copy of a client, with `chat.completions` and `responses` that make prompts smaller.

    Args:
        client: an `OpenAI` or `AsyncOpenAI`, or what is derived from them; it stays as it is and shares its connections.
        options: how prompts are made smaller.
        restore: whether encoded code in answers becomes Python again, laid out as the code in the prompt; in streams too. Raw
            responses are never touched.

    Returns:
        A client of the same class. What cannot be sent raises a `SlimError` before any request.
    """
    chosen = (options or PromptOptions()).restoring(restore)
    wrapped = client.copy()
    smaller = _smaller_async if isinstance(client, AsyncOpenAI) else _smaller
    for resource, key in ((wrapped.chat.completions, "messages"), (wrapped.responses, "input")):
        for name in _CALLS:
            setattr(resource, name, smaller(getattr(resource, name), key, chosen, restore))

    def copy(**changes: Any) -> Client:
        return wrap(client.copy(**changes), chosen, restore=restore)

    for name in ("copy", "with_options"):
        setattr(wrapped, name, copy)
    return wrapped


def _smaller(call: Callable[..., Any], key: str, options: PromptOptions, restore: bool) -> Callable[..., Any]:
    """`call` with what it is given as `key` in fewer tokens."""

    @functools.wraps(call)
    def send(*args: Any, **given: Any) -> Any:
        done, changes = _changes(given, key, options)
        return _restored(call(*args, **given | changes), done if restore else None)

    return send


def _smaller_async(call: Callable[..., Any], key: str, options: PromptOptions, restore: bool) -> Callable[..., Any]:
    @functools.wraps(call)
    async def send(*args: Any, **given: Any) -> Any:
        done, changes = await anyio.to_thread.run_sync(_changes, given, key, options)
        return _restored(await call(*args, **given | changes), done if restore else None)

    return send


def _changes(given: dict[str, Any], key: str, options: PromptOptions) -> tuple[Compressed | None, dict[str, Any]]:
    if key not in given:  # the SDK will say so
        return None, {}
    done, prompt = options.smaller(given[key])
    return done, {key: prompt}


def _restored(answer: Any, done: Compressed | None) -> Any:
    if done is None:
        return answer
    if isinstance(answer, Stream):
        return Restored(answer, done)
    return AsyncRestored(answer, done) if isinstance(answer, AsyncStream) else restored(answer, done)
