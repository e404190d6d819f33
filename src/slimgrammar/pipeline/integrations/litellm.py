"""LiteLLM: a hook for its proxy and its asynchronous calls, and a wrapper for the others, which call no hook.

Parameters have LiteLLM's own names, for it passes some by name.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from slimgrammar.errors import MissingExtra, SlimError
from slimgrammar.pipeline.budget import OverBudget
from slimgrammar.pipeline.integrations.base import PromptOptions

try:
    from litellm.exceptions import BadRequestError, ContextWindowExceededError
    from litellm.integrations.custom_logger import CustomLogger
except ImportError:
    raise MissingExtra("litellm", "litellm") from None

if TYPE_CHECKING:
    from litellm.caching.dual_cache import DualCache
    from litellm.proxy._types import UserAPIKeyAuth

Result = TypeVar("Result")
_KEYS: Final = dict.fromkeys(("completion", "acompletion", "anthropic_messages", "aanthropic_messages"), "messages") | {
    "responses": "input",
    "aresponses": "input",
}


class SlimHook(CustomLogger):  # type: ignore[misc]  # followed by mypy, LiteLLM takes minutes
    """Makes prompts smaller: `litellm.callbacks = [SlimHook()]`, or in the proxy's configuration under `callbacks`.

    A budget that cannot be met is LiteLLM's `ContextWindowExceededError`, so that its fallbacks for long prompts apply.
    """

    def __init__(self, options: PromptOptions | None = None) -> None:
        super().__init__()
        self.options = options or PromptOptions()

    async def async_pre_call_hook(
        self, user_api_key_dict: UserAPIKeyAuth, cache: DualCache, data: dict[str, Any], call_type: str
    ) -> dict[str, Any]:
        """Called by LiteLLM's proxy with each request, before it chooses a deployment."""
        return await asyncio.to_thread(_smaller, data, call_type, self.options)

    async def async_pre_call_deployment_hook(self, kwargs: dict[str, Any], call_type: str | None) -> dict[str, Any] | None:
        """Called by LiteLLM's asynchronous functions; in its proxy the other hook has done the work by then."""
        if kwargs.get("proxy_server_request"):
            return None
        return await asyncio.to_thread(_smaller, kwargs, call_type, self.options)


def compressing(call: Callable[..., Result], options: PromptOptions | None = None) -> Callable[..., Result]:
    """`litellm.completion`, or a router's, with messages in fewer tokens: `completion = compressing(litellm.completion)`.

    Not for asynchronous functions: those call `SlimHook`, and would wait here.
    """
    chosen = options or PromptOptions()

    @functools.wraps(call)
    def send(model: str, messages: Any = (), *args: Any, **given: Any) -> Result:
        made = _smaller({"model": model, "messages": messages}, "completion", chosen)["messages"]
        return call(model, made, *args, **given)

    return send


def _smaller(data: dict[str, Any], call_type: str | None, options: PromptOptions) -> dict[str, Any]:
    """A request with its prompt in fewer tokens; the very same one where it has none, or nothing is to be done."""
    key = _KEYS.get(call_type or "", "")
    if data.get(key) is None:
        return data
    try:
        _, made = options.smaller(data[key])
    except SlimError as error:
        kind = ContextWindowExceededError if isinstance(error, OverBudget) else BadRequestError
        raise kind(str(error), model=str(data.get("model")), llm_provider="slimgrammar") from error
    return data if made is data[key] else {**data, key: made}
