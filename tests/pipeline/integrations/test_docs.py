"""The examples of docs/integrations.md, as they stand there: only the model's address is another."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

import slimgrammar

from .lite import forget, quiet
from .model_server import ANSWER, ModelServer

DOCS = Path(__file__).parents[3] / "docs"
TEXT = (DOCS / "integrations.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))
QUESTION = re.findall(r"^````python\n(.*?)^````$", TEXT, re.MULTILINE | re.DOTALL)[0]
CODE = QUESTION.partition("```python\n")[2].partition("```")[0]
SENT = "".join(slimgrammar.encode(CODE).splitlines(keepends=True)[:3])
SHOWN = "Shorter:\n\n```python\ndef add(self, a, b):\n    return self.value + (a or 0) + b\n```\n\nThat is all.\n"


def run(section: str) -> dict[str, Any]:
    """What the section's Python leaves behind, all of its blocks run in order."""
    names: dict[str, Any] = {}
    for block in (QUESTION, *re.findall(r"^```python\n(.*?)^```$", SECTIONS[section], re.MULTILINE | re.DOTALL)):
        exec(block, names)
    return names


@pytest.fixture
def address(model: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The examples find the model where their libraries look for it."""
    for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE"):
        monkeypatch.setenv(name, f"{model.url}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "k")


def sent(model: ModelServer) -> list[str]:
    return [json.dumps(seen.json()) for seen in model.seen]


@pytest.mark.usefixtures("address")
def test_openai(model: ModelServer, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("openai")
    assert run("OpenAI's SDK")["answer"].choices[0].message.content == SHOWN
    assert capsys.readouterr().out == f"{SHOWN}\n{SHOWN}"
    assert len(sent(model)) == 2
    assert all(json.dumps(SENT)[1:-1] in body for body in sent(model))


def test_the_proxy(model: ModelServer, proxy_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("openai")
    monkeypatch.setenv("OPENAI_BASE_URL", f"{proxy_url}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    assert run("A proxy")["answer"].output_text == ANSWER
    assert SENT in model.seen[-1].json()["input"]


@pytest.mark.usefixtures("address")
def test_langchain(model: ModelServer) -> None:
    pytest.importorskip("langchain_openai")
    pytest.importorskip("langchain")
    names = run("LangChain")
    assert names["state"]["messages"][-1].content == SHOWN
    assert SENT in names["documents"][0].page_content
    assert json.dumps(SENT)[1:-1] in sent(model)[0]


@pytest.mark.usefixtures("address")
@quiet
def test_litellm(model: ModelServer) -> None:

    try:
        assert run("LiteLLM")["answer"].choices[0].message.content == ANSWER
    finally:
        forget()
    assert len(sent(model)) == 2
    assert all(json.dumps(SENT)[1:-1] in body for body in sent(model))


@quiet
def test_the_configuration_of_litellms_proxy() -> None:
    pytest.importorskip("fastapi")
    yaml = pytest.importorskip("yaml")
    from litellm.proxy.guardrails.guardrail_hooks.headroom import initialize_guardrail
    from litellm.types.guardrails import LitellmParams

    (block,) = re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    (guardrail,) = yaml.safe_load(block)["guardrails"]
    try:
        made = initialize_guardrail(LitellmParams(**guardrail["litellm_params"]), guardrail)
    finally:
        forget()
    assert made.headroom_api_base == "http://127.0.0.1:8787"
    assert made.unreachable_fallback == "fail_open"


def test_the_commands_exist() -> None:
    from typer.main import get_command

    from slimgrammar.cli.main import app

    commands = [line[2:] for line in re.findall(r"^\$ .*$", TEXT, re.MULTILINE)]
    assert len(commands) == 2
    for line in commands:
        words = shlex.split(line)
        name, *arguments = words[words.index("slim", -3) + 1 :] if "--" in words else words[1:]
        get_command(app).commands[name].make_context(name, arguments)  # type: ignore[attr-defined]


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", TEXT):
        assert (DOCS / target).exists(), target
