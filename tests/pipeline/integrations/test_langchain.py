"""A real LangChain agent whose model is a local server, and LangChain's documents."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

pytest.importorskip("langchain", reason="needs slimgrammar[langchain]")
pytest.importorskip("langchain_openai")

from langchain.agents import create_agent
from langchain_core.documents import Document
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI

from slimgrammar.pipeline.budget import OverBudget
from slimgrammar.pipeline.integrations.base import PromptOptions
from slimgrammar.pipeline.integrations.langchain import SlimMiddleware
from slimgrammar.pipeline.integrations.langchain_documents import SlimDocuments

from .model_server import ANSWER, ModelServer
from .prompts import CODE, COMPACT, QUESTION
from .test_openai import PYTHON


@tool
def read_file(path: str) -> str:
    """Read a file."""
    return CODE


def agent(model: ModelServer, name: str, middleware: SlimMiddleware) -> Any:
    chat = ChatOpenAI(model=name, base_url=f"{model.url}/v1", api_key="k", max_retries=0)  # type: ignore[arg-type]
    return create_agent(chat, [read_file], system_prompt="Be brief.", middleware=[middleware])


def test_an_agent_with_a_tool(model: ModelServer) -> None:
    asked = {"messages": [{"role": "user", "content": "Read stack.py and explain."}]}
    state = agent(model, "calls", SlimMiddleware()).invoke(asked)
    sent = model.seen[-1].json()["messages"]
    assert [message["role"] for message in sent] == ["system", "user", "assistant", "tool"]
    assert COMPACT in sent[3]["content"]
    assert sent[3]["tool_call_id"] == sent[2]["tool_calls"][0]["id"]
    kept = [message for message in state["messages"] if isinstance(message, ToolMessage)]
    assert [message.content for message in kept] == [CODE]
    assert state["messages"][-1].content == ANSWER


def test_answers_are_restored(model: ModelServer) -> None:
    state = agent(model, "answers", SlimMiddleware(restore=True)).invoke({"messages": [HumanMessage(QUESTION)]})
    assert state["messages"][-1].content == PYTHON
    assert state["messages"][0].content == QUESTION


def test_an_asynchronous_agent(model: ModelServer) -> None:
    made = agent(model, "answers", SlimMiddleware(restore=True))
    parts = [{"type": "text", "text": QUESTION}, {"type": "image_url", "image_url": {"url": "data:,"}}]
    state = asyncio.run(made.ainvoke({"messages": [HumanMessage(parts)]}))  # type: ignore[arg-type]
    sent = model.seen[-1].json()["messages"][1]["content"]
    assert COMPACT in sent[0]["text"]
    assert sent[1] == parts[1]
    assert state["messages"][-1].content == PYTHON


def test_nothing_to_do(model: ModelServer) -> None:
    state = agent(model, "answers", SlimMiddleware()).invoke(
        {"messages": [HumanMessage("hi"), AIMessage("ho"), HumanMessage("?")]}
    )
    assert [message["content"] for message in model.seen[-1].json()["messages"]] == ["Be brief.", "hi", "ho", "?"]
    assert state["messages"][-1].content == ANSWER


def test_a_budget_that_cannot_be_met_ends_before_the_call(model: ModelServer) -> None:
    with pytest.raises(OverBudget):
        agent(model, "answers", SlimMiddleware(PromptOptions(max_tokens=2))).invoke(
            {"messages": [HumanMessage("one two three")]}
        )
    assert model.seen == []


def test_documents() -> None:
    documents = [
        Document(CODE, metadata={"source": "stack.py", "page": 1}),
        Document("Prose about a stack."),
        Document(QUESTION, metadata={"source": "notes.md"}),
    ]
    made = SlimDocuments().transform_documents(documents)
    assert made[1] is documents[1]
    assert COMPACT in made[0].page_content
    assert COMPACT in made[2].page_content
    assert made[0].metadata == documents[0].metadata
    assert documents[0].page_content == CODE
    assert list(asyncio.run(SlimDocuments().acompress_documents(documents, "pop"))) == list(made)
    assert SlimDocuments().compress_documents([], "pop") == []


def test_documents_in_a_budget() -> None:
    pytest.importorskip("tree_sitter_python", reason="needs slimgrammar[prune]")
    documents = [
        Document(CODE, metadata={"source": "stack.py"}),
        Document(CODE.replace("pop", "peek"), metadata={"source": "b.py"}),
    ]
    whole = SlimDocuments().transform_documents(documents)
    options = PromptOptions(max_tokens=80)
    made = SlimDocuments(options=options).compress_documents(documents, "Where is the pop of the stack?")
    assert "pop" in made[0].page_content
    assert sum(len(each.page_content) for each in made) < sum(len(each.page_content) for each in whole)
    assert options.compress([{"role": "tool", "content": each.page_content} for each in made]).tokens_before <= 80
