"""LangChain: agents that send the code in messages in fewer tokens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Final

from slimgrammar.errors import MissingExtra
from slimgrammar.pipeline.integrations.base import PromptOptions
from slimgrammar.pipeline.messages import Compressed

try:
    from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
    from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
except ImportError:
    raise MissingExtra("langchain", "langchain") from None

_ROLES: Final = {"human": "user", "ai": "assistant"}


class SlimMiddleware(AgentMiddleware[Any, Any]):
    """Makes what an agent sends to its model smaller: `create_agent(model, tools, middleware=[SlimMiddleware()])`.

    The agent's state keeps the messages as they are.

    Args:
        options: how prompts are made smaller.
        restore: whether encoded code in the model's answers becomes Python again, laid out as the code in the conversation.
    """

    def __init__(self, options: PromptOptions | None = None, *, restore: bool = False) -> None:
        super().__init__()
        self.options = (options or PromptOptions()).restoring(restore)
        self.restore = restore

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        """One call of the model."""
        done, smaller = self._smaller(request)
        return self._restored(handler(smaller), done)

    async def awrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]
    ) -> ModelResponse[Any]:
        """One call of the model, asynchronously."""
        done, smaller = await asyncio.to_thread(self._smaller, request)
        return self._restored(await handler(smaller), done)

    def _smaller(self, request: ModelRequest[Any]) -> tuple[Compressed, ModelRequest[Any]]:
        system = [request.system_message] if request.system_message else []
        messages = [*system, *request.messages]
        plain = [_plain(message) for message in messages]
        done = self.options.compress(plain)
        if done.messages is plain:
            return done, request
        pairs = zip(messages, plain, done.messages, strict=True)
        made: list[Any] = [old if new is before else _with_content(old, new["content"]) for old, before, new in pairs]
        return done, request.override(messages=made[len(system) :], system_message=made[0] if system else None)

    def _restored(self, response: ModelResponse[Any], done: Compressed) -> ModelResponse[Any]:
        if not self.restore:
            return response
        return replace(response, result=[_restored(message, done) for message in response.result])


def _plain(message: BaseMessage) -> dict[str, Any]:
    """A message as OpenAI's API has it, as far as it matters where code stands; the content is the very same object."""
    plain: dict[str, Any] = {"role": _ROLES.get(message.type, message.type), "content": message.content}
    if isinstance(message, AIMessage):
        calls = message.tool_calls
        plain["tool_calls"] = [
            {"id": call["id"], "function": {"name": call["name"], "arguments": json.dumps(call["args"], default=str)}}
            for call in calls
        ]
    elif isinstance(message, ToolMessage):
        plain["tool_call_id"] = message.tool_call_id
    return plain


def _with_content(message: BaseMessage, content: Any) -> BaseMessage:
    return message.model_copy(update={"content": content})


def _restored(message: BaseMessage, done: Compressed) -> BaseMessage:
    """An answer with its encoded code as Python again; the very same object where there is none."""
    if not isinstance(message, AIMessage):
        return message
    if isinstance(message.content, str):
        return _with_content(message, done.restore(message.content))
    parts = [
        part | {"text": done.restore(part["text"])} if isinstance(part, dict) and isinstance(part.get("text"), str) else part
        for part in message.content
    ]
    return _with_content(message, parts)
