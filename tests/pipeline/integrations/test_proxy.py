"""`slim proxy` between a client and a model's API, both real."""

from __future__ import annotations

import concurrent.futures
import gzip
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from typer.testing import CliRunner

import slimgrammar
from slimgrammar.cli.main import app
from slimgrammar.pipeline.integrations.base import PromptOptions
from slimgrammar.pipeline.integrations.proxy import application

from .model_server import ANSWER, ModelServer, chunk, event, pieces, served
from .prompts import COMPACT, LONG, PROSE, question

SECRET = "sk-do-not-tell-this-to-anybody"
STREAM = b"".join(
    [
        event(chunk({"content": piece} if at else {"role": "assistant", "content": piece}))
        for at, piece in enumerate(pieces(ANSWER))
    ]
    + [event(chunk({}, "stop")), b"data: [DONE]\n\n"]
)


@pytest.fixture
def client(proxy_url: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=proxy_url, timeout=30, headers={"authorization": f"Bearer {SECRET}"}) as client:
        yield client


def ask(client: httpx2.Client, messages: list[Any], **options: Any) -> httpx2.Response:
    return client.post("/v1/chat/completions", json={"model": "answers", "messages": messages, **options})


def test_code_goes_on_in_fewer_tokens_and_all_else_as_it_is(client: httpx2.Client, model: ModelServer) -> None:
    response = ask(client, question(name="é"), temperature=0.10, seed=12345678901234567890, extra={"b": None, "a": [1.0]})
    assert response.json()["choices"][0]["message"]["content"] == ANSWER
    sent = model.seen[-1].json()
    assert COMPACT in sent["messages"][1]["content"]
    assert sent["messages"][0] == {"role": "system", "content": "Be brief."}
    assert sent["messages"][1]["name"] == "é"
    del sent["messages"]
    assert sent == {"model": "answers", "temperature": 0.1, "seed": 12345678901234567890, "extra": {"b": None, "a": [1.0]}}
    assert model.seen[-1].header("authorization") == f"Bearer {SECRET}"


def test_answers_are_asked_for_in_python_for_nobody_restores_them(client: httpx2.Client, model: ModelServer) -> None:
    ask(client, LONG)
    told = model.seen[-1].json()["messages"][0]["content"]
    assert "Answer in Python." in told
    assert "Answer so" not in told


@pytest.mark.parametrize(
    "body",
    [
        b'{ "messages" : [{"role":"user","content":"hi \\u00e9"}],\r\n "n": 1.0, "n": 2e0 }',
        b'{"messages": "hi"}',
        b'{"messages": [{"role": "user", "content": "half of a pair: \\ud800"}]}',
        b'{"messages": [1, null, {"role": "user", "content": null}]}',
        b'{"prompt": "hi"}',
        b"[" * 100_000,
        b'{"seed": ' + b"9" * 5000 + b"}",
        b'{"messages": [{"role": "user", "content": "\xff"}]}',
        b"not JSON",
        b"",
    ],
    ids=["prose", "text", "surrogate", "odd", "none", "deep", "long number", "no UTF-8", "no JSON", "empty"],
)
def test_the_very_bytes_where_nothing_is_to_be_done(client: httpx2.Client, model: ModelServer, body: bytes) -> None:
    client.post("/v1/embeddings", content=body)
    assert model.seen[-1].body == body
    client.post("/v1/messages/count_tokens", content=body)
    assert model.seen[-1].body == body


def test_a_body_that_is_compressed_goes_on_as_it_is(client: httpx2.Client, model: ModelServer) -> None:
    body = gzip.compress(json.dumps({"messages": question()}).encode())
    client.post("/v1/chat/completions", content=body, headers={"content-encoding": "gzip"})
    assert (model.seen[-1].body, model.seen[-1].header("content-encoding")) == (body, "gzip")


def test_an_answer_that_is_compressed_comes_back_as_it_is(client: httpx2.Client) -> None:
    packed = gzip.compress(b"an answer")
    with client.stream("POST", "/v1/files", content=packed, headers={"x-packed": "gzip"}) as response:
        assert b"".join(response.iter_raw()) == packed
    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["content-length"] == str(len(packed))


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD", "OPTIONS"])
def test_other_requests_pass(client: httpx2.Client, model: ModelServer, method: str) -> None:
    response = client.request(method, "/v1/files/a%2Fb%20c?limit=2&after=%C3%A9", content=b"\0\xff", headers={"X-Echo": "1"})
    seen = model.seen[-1]
    assert (seen.method, seen.query, seen.body) == (method, "limit=2&after=%C3%A9", b"\0\xff")
    assert seen.path == "/v1/files/a/b c"
    assert response.headers["x-echo"] == "1"
    assert response.content == (b"" if method == "HEAD" else b"\0\xff")


def test_headers_of_one_hop_stay(client: httpx2.Client, model: ModelServer) -> None:
    hop = {"connection": "keep-alive, x-mine", "x-mine": "1", "te": "trailers", "proxy-authorization": SECRET, "x-kept": "1"}
    client.get("/v1/models", headers=hop)
    names = [name for name, _ in model.seen[-1].headers]
    assert not {"x-mine", "te", "proxy-authorization", "proxy-connection"} & set(names)
    assert model.seen[-1].header("x-kept") == "1"
    assert model.seen[-1].header("host") == urlsplit(model.url).netloc
    assert names.count("host") == 1


def test_a_client_gets_no_headers_that_it_did_not_ask_for(proxy_url: str, model: ModelServer) -> None:
    connection = http.client.HTTPConnection(urlsplit(proxy_url).netloc, timeout=10)
    connection.putrequest("GET", "/v1/models", skip_accept_encoding=True)
    connection.endheaders()
    connection.getresponse().read()
    connection.close()
    assert {name for name, _ in model.seen[-1].headers} == {"host"}


def test_streams_pass_byte_for_byte_as_they_come(client: httpx2.Client, model: ModelServer) -> None:
    body = {"model": "slow", "messages": question(), "stream": True}
    with client.stream("POST", "/v1/chat/completions", json=body) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        came = [(time.perf_counter(), piece) for piece in response.iter_raw()]
    assert b"".join(piece for _, piece in came) == STREAM
    assert len(came) > 3
    assert came[-1][0] - came[0][0] > 0.2
    assert COMPACT in model.seen[-1].json()["messages"][1]["content"]


def test_tool_calls_pass(client: httpx2.Client) -> None:
    message = ask(client, question(), model="calls").json()["choices"][0]["message"]
    assert message["tool_calls"][0]["function"] == {"name": "read_file", "arguments": '{"path": "stack.py"}'}


@pytest.mark.parametrize(("name", "status"), [("limited", 429), ("broken", 500)])
def test_errors_pass(client: httpx2.Client, name: str, status: int) -> None:
    response = ask(client, question(), model=name)
    assert (response.status_code, response.json()["error"]["code"]) == (status, name)
    assert response.headers["retry-after"] == "0"


@pytest.mark.parametrize("name", ["hangs", "slow"])
def test_a_client_that_goes_away_ends_the_request_upstream(client: httpx2.Client, model: ModelServer, name: str) -> None:
    body = {"model": name, "messages": question(), "stream": True}
    try:
        with client.stream("POST", "/v1/chat/completions", json=body, timeout=0.5) as response:
            next(response.iter_raw())
    except httpx2.ReadTimeout:
        assert name == "hangs"
    assert model.gone.wait(5)


def test_a_stream_that_breaks_is_seen_to_be_broken(client: httpx2.Client) -> None:
    with (
        pytest.raises(httpx2.RemoteProtocolError),
        client.stream("POST", "/v1/chat/completions", json={"model": "breaks", "messages": PROSE, "stream": True}) as response,
    ):
        response.read()


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_over_the_limit(client: httpx2.Client, model: ModelServer, declared: bool) -> None:
    pieces = [b"x" * 100_000] * 11
    response = client.post("/v1/files", content=b"".join(pieces) if declared else iter(pieces))
    assert response.status_code == 413
    assert response.json()["error"]["code"] == "body_too_large"
    assert model.seen == []
    assert client.post("/v1/files", content=b"x" * (1 << 20)).status_code == 200


def test_a_client_that_goes_away_while_it_sends(client: httpx2.Client, proxy_url: str, model: ModelServer) -> None:
    with socket.create_connection((urlsplit(proxy_url).hostname, urlsplit(proxy_url).port or 0)) as connection:
        connection.sendall(b"POST /v1/files HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhalf")
    assert client.post("/v1/files", content=b"whole").status_code == 200
    assert [seen.body for seen in model.seen] == [b"whole"]


def test_a_prompt_that_takes_too_long(model: ModelServer) -> None:
    made = application(model.url, processes=1)
    with served(made) as url, httpx2.Client(base_url=url) as client:
        made.routes[0].app.workers.patience = 0.0  # type: ignore[attr-defined]
        body = json.dumps({"messages": question()}).encode()
        assert client.post("/v1/chat/completions", content=body).status_code == 200
        assert model.seen[-1].body == body
        assert client.post("/v1/compress", content=body).status_code == 503
        made.routes[0].app.options = PromptOptions(max_tokens=10**6)  # type: ignore[attr-defined]
        assert client.post("/v1/chat/completions", content=body).json()["error"]["code"] == "compression_failed"
    assert len(model.seen) == 1


def test_no_upstream(model: ModelServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        nobody = f"http://127.0.0.1:{unused.getsockname()[1]}"
    with served(application(nobody, processes=1)) as url:
        response = httpx2.post(f"{url}/v1/chat/completions", json={"messages": PROSE})
    assert response.status_code == 502
    assert response.json()["error"]["type"] == "api_error"
    assert response.json()["error"]["code"] == "upstream_unreachable"


def test_a_budget_that_cannot_be_met(model: ModelServer) -> None:
    pytest.importorskip("tree_sitter_python", reason="needs slimgrammar[prune]")
    with served(application(model.url, PromptOptions(max_tokens=5), processes=1)) as url:
        response = httpx2.post(f"{url}/v1/chat/completions", json={"messages": question()})
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "context_length_exceeded"
    assert "the budget of 5 tokens cannot be met" in response.json()["error"]["message"]
    assert model.seen == []


def test_responses_and_anthropic_messages(client: httpx2.Client, model: ModelServer) -> None:
    text = question()[1]["content"]
    client.post("/v1/responses", json={"input": text})
    assert COMPACT in model.seen[-1].json()["input"]
    client.post("/v1/responses", json={"input": [{"role": "user", "content": [{"type": "input_text", "text": text}]}]})
    assert COMPACT in model.seen[-1].json()["input"][0]["content"][0]["text"]
    result = {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": text}]}
    client.post("/v1/messages", json={"messages": [{"role": "user", "content": [result]}], "system": "s"})
    assert COMPACT in model.seen[-1].json()["messages"][0]["content"][0]["content"][0]["text"]


def test_compress(client: httpx2.Client, model: ModelServer) -> None:
    reply = client.post("/v1/compress", json={"messages": question(), "model": "m", "config": {"mode": "ccr"}}).json()
    assert COMPACT in reply["messages"][1]["content"]
    assert reply["tokens_before"] - reply["tokens_after"] == reply["tokens_saved"] > 0
    assert 0 < reply["compression_ratio"] < 1
    assert reply["ccr_hashes"] == []
    assert client.post("/v1/compress", json={"messages": PROSE}).json()["messages"] == PROSE
    assert client.post("/v1/compress", content=b"no").json()["error"]["code"] == "invalid_body"
    assert model.seen == []


def test_two_hundred_at_once(client: httpx2.Client, model: ModelServer) -> None:
    with concurrent.futures.ThreadPoolExecutor(200) as pool:
        replies = list(pool.map(lambda number: ask(client, question(name=str(number))), range(200)))
    assert {reply.status_code for reply in replies} == {200}
    assert sorted(int(seen.json()["messages"][1]["name"]) for seen in model.seen) == list(range(200))


def test_the_command_tells_no_secrets(model: ModelServer, tmp_path: Path) -> None:
    home = str(Path(slimgrammar.__file__).parents[1])
    command = [sys.executable, "-m", "slimgrammar", "proxy", "--upstream", f"{model.url}/v1", "--port", "0", "--workers", "1"]
    environment = {**os.environ, "PYTHONPATH": home}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        url = first.split()[2]
        assert url.startswith("http://127.0.0.1:")
        headers = {"authorization": f"Bearer {SECRET}", "x-api-key": SECRET}
        body = {"messages": question()}
        reply = httpx2.post(f"{url}/v1/chat/completions?key={SECRET}", json=body, headers=headers, timeout=30)
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
    assert reply.status_code == 200
    assert model.seen[-1].path == "/v1/chat/completions"
    assert "POST /v1/chat/completions 200, " in rest
    assert SECRET not in first + rest
    assert "Traceback" not in rest
    assert process.returncode in (0, 130)


@pytest.mark.parametrize("upstream", ["ftp://a", "api.openai.com", "http://"])
def test_an_upstream_that_is_no_address(upstream: str) -> None:
    result = CliRunner().invoke(app, ["proxy", "--upstream", upstream])
    assert result.exit_code == 2
    assert "is no http:// or https:// address" in result.stderr


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = CliRunner().invoke(app, ["proxy", "--upstream", "http://127.0.0.1:1", "--port", str(port)])
    assert result.exit_code == 2
    assert "Address already in use" in result.stderr
