"""LiteLLM's own functions, its proxy's logging and its guardrail, against a local server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from slimgrammar.pipeline.integrations.base import PromptOptions
from slimgrammar.pipeline.integrations.litellm import SlimHook, compressing  # after it: this imports LiteLLM

from .lite import forget, litellm, quiet
from .model_server import ANSWER, ModelServer
from .prompts import COMPACT, LONG, PROSE, QUESTION, question

pytestmark = quiet


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    yield
    forget()


@pytest.fixture
def hooked() -> None:
    litellm.callbacks = [SlimHook()]


def run(call: Callable[..., Awaitable[Any]], model: ModelServer, **options: Any) -> Any:
    async def work() -> Any:
        return await call(model="openai/answers", api_base=f"{model.url}/v1", api_key="k", max_retries=0, **options)

    return asyncio.run(work())


@pytest.mark.usefixtures("hooked")
def test_asynchronous_calls(model: ModelServer) -> None:
    given = question()
    answer = run(litellm.acompletion, model, messages=given)
    assert answer.choices[0].message.content == ANSWER
    assert COMPACT in model.seen[-1].json()["messages"][1]["content"]
    assert given == question()
    run(litellm.aresponses, model, input=QUESTION)
    assert COMPACT in str(model.seen[-1].json()["input"])


@pytest.mark.usefixtures("hooked")
def test_other_calls_stay(model: ModelServer) -> None:
    run(litellm.aembedding, model, input=[QUESTION])
    assert model.seen[-1].json()["input"] == [QUESTION]


def test_calls_that_wait(model: ModelServer) -> None:
    address: Any = {"api_base": f"{model.url}/v1", "api_key": "k"}
    completion = compressing(litellm.completion)
    for answer in (completion("openai/answers", question(), **address), completion(**address, **request())):
        assert answer.choices[0].message.content == ANSWER
        assert COMPACT in model.seen[-1].json()["messages"][1]["content"]
    stream = completion("openai/answers", question(), stream=True, **address)
    assert "".join(part.choices[0].delta.content or "" for part in stream) == ANSWER
    assert COMPACT in model.seen[-1].json()["messages"][1]["content"]


def test_answers_are_asked_for_in_python_for_nobody_restores_them(model: ModelServer) -> None:
    compressing(litellm.completion)("openai/answers", LONG, api_base=f"{model.url}/v1", api_key="k")
    assert "Answer in Python." in model.seen[-1].json()["messages"][0]["content"]


def test_a_budget_that_cannot_be_met_is_litellms_own_error(model: ModelServer) -> None:
    completion = compressing(litellm.completion, PromptOptions(max_tokens=1))
    with pytest.raises(litellm.ContextWindowExceededError, match="the budget of 1 tokens cannot be met"):
        completion("openai/answers", PROSE * 9, api_base=model.url)
    assert model.seen == []


def request() -> dict[str, Any]:
    return {"model": "openai/answers", "messages": question()}


@pytest.mark.usefixtures("hooked")
def test_the_proxy_calls_the_hook_once() -> None:
    pytest.importorskip("backoff", reason="needs what LiteLLM's proxy needs")
    from litellm.caching.dual_cache import DualCache
    from litellm.proxy._types import UserAPIKeyAuth
    from litellm.proxy.utils import ProxyLogging

    data = request() | {"proxy_server_request": {"url": "http://127.0.0.1/chat/completions"}}
    log = ProxyLogging(user_api_key_cache=DualCache())
    made = asyncio.run(log.pre_call_hook(user_api_key_dict=UserAPIKeyAuth(), data=data, call_type="completion"))
    assert COMPACT in made["messages"][1]["content"]
    assert made | {"messages": data["messages"]} == data
    assert asyncio.run(SlimHook().async_pre_call_deployment_hook(kwargs=made, call_type="acompletion")) is None


def test_the_guardrail(model: ModelServer, proxy_url: str) -> None:
    pytest.importorskip("fastapi", reason="needs what LiteLLM's proxy needs")
    from litellm.proxy.guardrails.guardrail_hooks.headroom.headroom import HeadroomGuardrail

    messages = [*question(), {"role": "assistant", "content": "Done."}, {"role": "user", "content": "And now?"}]

    async def guard(url: str) -> Any:
        guardrail = HeadroomGuardrail(api_base=url, guardrail_name="slim", event_hook="pre_call")
        inputs: Any = {"texts": [], "structured_messages": messages}
        return await guardrail.apply_guardrail(inputs, {"model": "m", "messages": messages}, "request")

    made = asyncio.run(guard(proxy_url))["structured_messages"]
    assert COMPACT in made[1]["content"]
    assert [made[0], *made[2:]] == [messages[0], *messages[2:]]
    assert model.seen == []
