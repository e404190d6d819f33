"""OpenAI's own SDK, wrapped, against a local server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("openai", reason="needs slimgrammar[openai]")

from openai import AsyncOpenAI, InternalServerError, OpenAI, RateLimitError

from slimgrammar.pipeline.budget import OverBudget
from slimgrammar.pipeline.integrations.base import PromptOptions
from slimgrammar.pipeline.integrations.openai import wrap

from .model_server import ANSWER, ModelServer
from .prompts import COMPACT, LONG, PROSE, QUESTION, question

PYTHON = "Shorter:\n\n```python\ndef add(self, a, b):\n    return self.value + (a or 0) + b\n```\n\nThat is all.\n"


@pytest.fixture
def client(model: ModelServer) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{model.url}/v1", api_key="k", max_retries=0) as client:
        yield client


def asynchronous(model: ModelServer) -> AsyncOpenAI:
    return AsyncOpenAI(base_url=f"{model.url}/v1", api_key="k", max_retries=0)


def test_prompts_get_smaller_and_answers_stay(client: OpenAI, model: ModelServer) -> None:
    given = question()
    answer = wrap(client).chat.completions.create(model="answers", messages=given, temperature=0.5)
    assert answer.choices[0].message.content == ANSWER
    sent = model.seen[-1].json()
    assert COMPACT in sent["messages"][1]["content"]
    assert sent["temperature"] == 0.5
    assert given == question()
    client.chat.completions.create(model="answers", messages=given)
    assert model.seen[-1].json()["messages"] == given


def test_answers_are_restored(client: OpenAI) -> None:
    wrapped = wrap(client, restore=True)
    answer = wrapped.chat.completions.create(model="answers", messages=question())
    assert answer.choices[0].message.content == PYTHON
    assert wrapped.responses.create(model="answers", input=QUESTION).output_text == PYTHON


def test_only_who_is_restored_may_answer_in_compact_code(client: OpenAI, model: ModelServer) -> None:
    for options, restore, told in (
        (None, False, "Answer in Python."),
        (None, True, "Answer so or in Python."),
        (PromptOptions(answers="python"), True, "Answer in Python."),
    ):
        wrap(client, options, restore=restore).chat.completions.create(model="answers", messages=LONG)
        assert told in model.seen[-1].json()["messages"][0]["content"]


def test_streams_are_restored(client: OpenAI) -> None:
    with wrap(client, restore=True).chat.completions.create(model="answers", messages=question(), stream=True) as stream:
        chunks = list(stream)
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks]
    assert "".join(pieces) == PYTHON
    assert pieces[0] == ANSWER[:7]
    assert [chunk.choices[0].finish_reason for chunk in chunks][-1] == "stop"
    assert stream.response.status_code == 200


def test_the_helper_for_streams(client: OpenAI, model: ModelServer) -> None:
    with wrap(client, restore=True).chat.completions.stream(model="answers", messages=question()) as stream:
        assert stream.get_final_completion().choices[0].message.content == PYTHON
    assert COMPACT in model.seen[-1].json()["messages"][1]["content"]


def test_a_stream_that_is_not_ended(client: OpenAI, model: ModelServer) -> None:
    model.answer = "- a\n\n```python\nx=f(a b)\n"  # the fence is still open when the stream ends
    stream = wrap(client, restore=True).chat.completions.create(model="endless", messages=question(), stream=True)
    try:
        assert "".join(choice.delta.content or "" for chunk in stream for choice in chunk.choices) == model.answer
    finally:
        model.answer = ANSWER


def test_responses(client: OpenAI, model: ModelServer) -> None:
    wrapped = wrap(client, restore=True)
    events = list(wrapped.responses.create(model="answers", input=question(), stream=True))
    assert COMPACT in model.seen[-1].json()["input"][1]["content"]
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == PYTHON
    done = [event for event in events if event.type == "response.output_text.done"]
    assert [event.text for event in done] == [PYTHON]
    assert events[-1].type == "response.completed"
    assert events[-1].response.output_text == PYTHON


def test_parse_and_raw_responses(client: OpenAI, model: ModelServer) -> None:
    wrapped = wrap(client, restore=True)
    assert wrapped.chat.completions.parse(model="answers", messages=question()).choices[0].message.content == PYTHON
    raw = wrapped.chat.completions.with_raw_response.create(model="answers", messages=question())
    assert raw.parse().choices[0].message.content == ANSWER
    assert all(COMPACT in seen.json()["messages"][1]["content"] for seen in model.seen)


def test_a_tools_result_after_the_sdks_own_message(client: OpenAI, model: ModelServer) -> None:
    wrapped = wrap(client)
    asked: Any = [{"role": "user", "content": "Read stack.py."}]
    message = wrapped.chat.completions.create(model="calls", messages=asked).choices[0].message
    assert message.tool_calls
    code = QUESTION.partition("```python\n")[2].removesuffix("```\n")
    result = {"role": "tool", "tool_call_id": message.tool_calls[0].id, "content": code}
    wrapped.chat.completions.create(model="calls", messages=iter([*asked, message, result]))
    sent = model.seen[-1].json()["messages"]
    assert sent[1]["tool_calls"][0]["function"]["name"] == "read_file"
    assert sent[2]["content"].startswith("(Compact Python") or sent[2]["content"].startswith(COMPACT)


def test_copies_are_wrapped_too(client: OpenAI, model: ModelServer) -> None:
    wrap(client).with_options(timeout=5).copy(max_retries=1).chat.completions.create(model="answers", messages=question())
    assert COMPACT in model.seen[-1].json()["messages"][1]["content"]


def test_errors_are_the_sdks_own(client: OpenAI, model: ModelServer) -> None:
    wrapped = wrap(client, restore=True)
    with pytest.raises(RateLimitError):
        wrapped.chat.completions.create(model="limited", messages=question())
    with pytest.raises(InternalServerError):
        wrapped.chat.completions.create(model="broken", messages=question())
    model.seen.clear()
    with pytest.raises(TypeError, match="Missing required arguments"):
        wrapped.chat.completions.create(model="answers")  # type: ignore[call-overload]
    with pytest.raises(OverBudget):
        wrap(client, PromptOptions(max_tokens=1)).chat.completions.create(model="answers", messages=PROSE * 9)
    assert model.seen == []


def test_the_asynchronous_client(model: ModelServer) -> None:
    async def talk() -> tuple[str | None, str]:
        async with wrap(asynchronous(model), restore=True) as client:
            answer = await client.chat.completions.create(model="answers", messages=question())
            stream = await client.chat.completions.create(model="answers", messages=question(), stream=True)
            async with stream:
                pieces = [chunk.choices[0].delta.content or "" async for chunk in stream]
            return answer.choices[0].message.content, "".join(pieces)

    assert asyncio.run(talk()) == (PYTHON, PYTHON)
    assert all(COMPACT in seen.json()["messages"][1]["content"] for seen in model.seen)
