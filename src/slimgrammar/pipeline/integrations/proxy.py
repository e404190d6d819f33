"""`slim proxy`: a server between an application and a model's API that sends the code in prompts on in fewer tokens.

Everything else passes as it came: other paths, answers (streams byte for byte), errors; a client that goes away ends the
request upstream. A prompt whose compression fails passes as it came too, unless that would break a budget.
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from slimgrammar.errors import MissingExtra
from slimgrammar.pipeline.integrations.base import PromptOptions
from slimgrammar.pipeline.integrations.bodies import Outcome, compress_body, compress_reply, messages_key

try:
    import anyio
    import httpx2
    from starlette.applications import Starlette
    from starlette.responses import Response
    from starlette.routing import Mount

    from slimgrammar.pipeline.integrations import http
    from slimgrammar.pipeline.integrations.workers import Workers
except ImportError as missing:
    raise MissingExtra(missing.name or "starlette", "proxy") from None

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

LOG: Final = logging.getLogger("slimgrammar.proxy")  # told are methods, paths and counts: never a header, a query or a text
MAX_BODY: Final = 64 << 20


class Proxy:
    """An ASGI application that passes requests on to an API."""

    def __init__(self, upstream: str, options: PromptOptions, max_body: int, processes: int | None) -> None:
        self.upstream = httpx2.URL(upstream)
        self.options = options
        self.max_body = max_body
        self.processes = processes

    @asynccontextmanager
    async def lifespan(self, _app: object) -> AsyncIterator[None]:
        """What lives as long as the server: the processes and the connections to the upstream."""
        self.workers = Workers(self.processes)
        await self.workers.start(self.options)
        # No limit to connections: streams stay open for minutes. Idle ones end before common servers end them.
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=100, keepalive_expiry=4.0)
        async with httpx2.AsyncClient(limits=limits, timeout=httpx2.Timeout(None, connect=10.0)) as self.client:
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; it ends when its client goes away, whatever it waits for."""
        try:
            body = await http.read_body(scope, receive, self.max_body)
        except http.Gone:
            return
        except http.BodyTooLarge:
            await http.error(413, f"the body has more than {self.max_body} bytes", "body_too_large")(scope, receive, send)
            return
        async with anyio.create_task_group() as group:
            group.start_soon(http.wait_for_end, receive, group.cancel_scope)
            await self._answer(scope, body, receive, send)
            group.cancel_scope.cancel()

    async def _answer(self, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
        start = time.perf_counter()
        work = self._work(scope, body)
        outcome = await self.workers.run(work) if work else Outcome()
        if response := self._own_response(scope, outcome):
            await response(scope, receive, send)
            status = response.status_code
        else:
            outcome = outcome or Outcome()
            status = await self._forward(scope, outcome.body or body, receive, send)
        tokens = f", {outcome.before} → {outcome.after} tokens" if outcome and outcome.before else ""
        LOG.info("%s %s %d%s, %.0f ms", scope["method"], scope["path"], status, tokens, 1e3 * (time.perf_counter() - start))

    def _work(self, scope: Scope, body: bytes) -> Callable[[], Outcome] | None:
        """What is to be done with a request's body before it goes on."""
        if scope["method"] != "POST" or any(key == b"content-encoding" for key, _ in scope["headers"]):
            return None
        if _is_ours(scope):
            return partial(compress_reply, body, self.options)
        key = messages_key(scope["path"])
        return partial(compress_body, body, key, self.options) if key else None

    def _own_response(self, scope: Scope, outcome: Outcome | None) -> Response | None:
        """The response where none of the upstream is wanted."""
        if outcome is None and (_is_ours(scope) or self.options.max_tokens is not None):
            return http.error(503, "the prompt could not be compressed", "compression_failed")
        if outcome and outcome.refused:
            return http.error(400, outcome.refused, outcome.code)
        return Response(outcome.body, media_type="application/json") if outcome and _is_ours(scope) else None

    async def _forward(self, scope: Scope, body: bytes, receive: Receive, send: Send) -> int:
        """Send the request on and its response back; the response's status."""
        url = http.target(self.upstream, scope["raw_path"], scope["query_string"])
        try:
            response = await self.client.send(http.request_for(scope, url, body), stream=True)
        except httpx2.HTTPError as problem:
            LOG.warning("the upstream does not answer: %s", type(problem).__name__)
            await http.error(502, f"the upstream does not answer: {problem}", "upstream_unreachable")(scope, receive, send)
            return 502
        try:
            await http.relay(response, send)
        finally:
            with anyio.CancelScope(shield=True):
                await response.aclose()
        return response.status_code


def _is_ours(scope: Scope) -> bool:
    return (scope["method"], scope["path"]) == ("POST", "/v1/compress")


def application(
    upstream: str, options: PromptOptions | None = None, *, max_body: int = MAX_BODY, processes: int | None = None
) -> Starlette:
    """The server that `slim proxy` runs, for any ASGI server.

    Args:
        upstream: the API's address, with its /v1 or without.
        options: how prompts are made smaller.
        max_body: the most bytes that a request's body may have.
        processes: how many compress prompts; None for one per core. They import the program's main module, as those of
            `multiprocessing` do: it must not start a server unless it is run as a program.
    """
    proxy = Proxy(upstream, options or PromptOptions(), max_body, processes)
    return Starlette(routes=[Mount("/", proxy)], lifespan=proxy.lifespan)
