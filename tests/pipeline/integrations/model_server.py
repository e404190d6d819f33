"""A small model's API on a loopback port, with real HTTP: what it does is said by the name of the model that is asked for.

`answers` answers with `ANSWER`; `calls` calls the tool `read_file` until it has been given a result; `limited` and `broken` are
the errors 429 and 500; `hangs` answers only when its client has gone; `slow` takes its time for a stream, `breaks` ends in the
middle of one, and `endless` says never that it is over.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

ANSWER = "Shorter:\n\n```python\ndef.add(a b):return.value+(a or 0)+b\n```\n\nThat is all.\n"


@dataclass(frozen=True)
class Seen:
    """A request as it came."""

    method: str
    path: str
    query: str
    headers: list[tuple[str, str]]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def header(self, name: str) -> str | None:
        return dict(self.headers).get(name)


@dataclass
class ModelServer:
    """The API; `seen` holds the requests, newest last, and `gone` is set when a client went away early."""

    url: str = ""
    answer: str = ANSWER
    seen: list[Seen] = field(default_factory=list)
    gone: threading.Event = field(default_factory=threading.Event)

    def app(self) -> Starlette:
        everything = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"]
        return Starlette(routes=[Route("/{path:path}", self.handle, methods=everything)])

    async def handle(self, request: Request) -> Response:
        body = await request.body()
        headers = [(key.decode(), value.decode()) for key, value in request.headers.raw]
        self.seen.append(Seen(request.method, request.url.path, request.url.query, headers, body))
        try:
            asked = json.loads(body)
        except ValueError:
            asked = {}
        if request.url.path.endswith("/responses"):
            return self.responses(asked)
        if not request.url.path.endswith(("/chat/completions", "/messages")):
            names = {"x-echo": "x-echo", "x-packed": "content-encoding"}
            echoed = {names[name]: value for name, value in request.headers.items() if name in names}
            return Response(body, headers=echoed, media_type="application/octet-stream")
        return await self.complete(request, asked)

    async def complete(self, request: Request, asked: dict[str, Any]) -> Response:
        model = str(asked.get("model", "answers"))
        if model in ("limited", "broken"):
            error = {"message": f"{model}, sorry", "type": model, "param": None, "code": model}
            retry = {"retry-after": "0", "x-request-id": "r1"}
            return JSONResponse({"error": error}, {"limited": 429, "broken": 500}[model], headers=retry)
        if model == "hangs":
            while not await request.is_disconnected():
                await anyio.sleep(0.01)
            self.gone.set()
        if model == "calls" and asked["messages"][-1]["role"] != "tool":
            return JSONResponse(completion(None, [call("read_file", {"path": "stack.py"})]))
        if asked.get("stream"):
            return StreamingResponse(self.stream(request, model), media_type="text/event-stream")
        return JSONResponse(completion(self.answer))

    async def stream(self, request: Request, model: str) -> AsyncIterator[bytes]:
        try:
            for number, piece in enumerate(pieces(self.answer)):
                yield event(chunk({"role": "assistant", "content": piece} if not number else {"content": piece}))
                if model == "slow":
                    await anyio.sleep(0.05)
                if model == "breaks" and number == 3:
                    raise ConnectionAbortedError
            if model != "endless":
                yield event(chunk({}, "stop"))
            yield b"data: [DONE]\n\n"
        except BaseException:
            self.gone.set()
            raise

    def responses(self, asked: dict[str, Any]) -> Response:
        if asked.get("stream"):
            return StreamingResponse(response_events(self.answer), media_type="text/event-stream")
        return JSONResponse(response(self.answer))


def response(answer: str) -> dict[str, Any]:
    text = {"type": "output_text", "text": answer, "annotations": []}
    message = {"id": "m1", "type": "message", "role": "assistant", "status": "completed", "content": [text]}
    shared = {"id": "r1", "object": "response", "created_at": 0, "model": "m", "status": "completed", "output": [message]}
    return {**shared, "parallel_tool_calls": True, "tool_choice": "auto", "tools": []}


def response_events(answer: str) -> Iterator[bytes]:
    place = {"item_id": "m1", "output_index": 0, "content_index": 0, "logprobs": []}
    whole = response(answer)
    events = [{"type": "response.output_text.delta", **place, "delta": piece} for piece in pieces(answer)]
    events += [
        {"type": "response.output_text.done", **place, "text": answer},
        {"type": "response.content_part.done", **place, "part": whole["output"][0]["content"][0]},
        {"type": "response.output_item.done", "output_index": 0, "item": whole["output"][0]},
        {"type": "response.completed", "response": whole},
    ]
    for number, data in enumerate(events):
        yield f"event: {data['type']}\n".encode() + event({**data, "sequence_number": number})


def pieces(text: str, size: int = 7) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def event(data: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(data)}\n\n".encode()


def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "c1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}


def call(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"id": "call_1", "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}


def completion(content: str | None, calls: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": content}
    if calls:
        message["tool_calls"] = calls
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if calls else "stop"}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return {"id": "c1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice], "usage": usage}


@contextmanager
def served(app: ASGIApp, **options: Any) -> Iterator[str]:
    """An ASGI application at a free port of this machine, as long as the context lasts; its address."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1, **options)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        until = time.monotonic() + 30
        while not server.started and thread.is_alive() and time.monotonic() < until:
            time.sleep(0.01)
        assert server.started
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
