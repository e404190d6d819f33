"""HTTP between a client and an upstream: what is passed on, what ends at this hop, and errors as model APIs spell them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import anyio
import httpx2
from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

Headers = list[tuple[bytes, bytes]]
_ONE_HOP: Final = frozenset(  # RFC 9110, section 7.6.1, and what clients send besides
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding "
    b"upgrade".split()
)
_MADE_ANEW: Final = frozenset((b"host", b"content-length", b"expect"))
_PATIENCE: Final = 5.0  # seconds in which a client may finish sending a body that is refused


class BodyTooLarge(Exception):
    """A request's body is larger than allowed."""


class Gone(Exception):
    """The client went away while it sent its request."""


def onward(headers: Iterable[tuple[bytes, bytes]], *, without: frozenset[bytes] = frozenset()) -> Headers:
    """The headers that go beyond this hop, in order.

    >>> onward([(b"Connection", b"close, X-A"), (b"x-a", b"1"), (b"x-b", b"2")])
    [(b'x-b', b'2')]
    """
    known = list(headers)
    named = {name.strip().lower() for key, value in known if key.lower() == b"connection" for name in value.split(b",")}
    return [(key, value) for key, value in known if key.lower() not in _ONE_HOP | named | without]


def target(upstream: httpx2.URL, path: bytes, query: bytes) -> httpx2.URL:
    """Where a request goes; an upstream that is given with its /v1 may be asked with it and without.

    >>> str(target(httpx2.URL("https://api.example.com/v1"), b"/v1/models", b"a=b"))
    'https://api.example.com/v1/models?a=b'
    """
    base = upstream.raw_path.partition(b"?")[0].rstrip(b"/")
    if base.endswith(b"/v1") and path.startswith(b"/v1/"):
        base = base.removesuffix(b"/v1")
    return upstream.copy_with(raw_path=base + path + (b"?" + query if query else b""))


def request_for(scope: Scope, url: httpx2.URL, body: bytes) -> httpx2.Request:
    """The request that goes upstream: the client's own headers and no others, but for the host and the length."""
    headers = onward(scope["headers"], without=_MADE_ANEW)
    return httpx2.Request(scope["method"], url, headers=headers, content=body or None)


async def read_body(scope: Scope, receive: Receive, most: int) -> bytes:
    """A request's body.

    Raises:
        BodyTooLarge: it has more bytes than `most`; nothing of it is kept.
        Gone: the client went away.
    """
    declared = dict(scope["headers"]).get(b"content-length", b"0")
    parts: list[bytes] = []
    size = int(declared) if declared.isdigit() and int(declared) > most else 0
    with anyio.move_on_after(_PATIENCE) if size else anyio.CancelScope() as waiting:
        while (message := await receive())["type"] == "http.request":
            if size <= most:
                parts.append(message.get("body", b""))
                size += len(parts[-1])
            elif waiting.deadline == float("inf"):
                parts.clear()
                waiting.deadline = anyio.current_time() + _PATIENCE  # who is not listened to sees no answer: hear them out
            if not message.get("more_body", False):
                break
        else:
            raise Gone
    if size > most:
        raise BodyTooLarge
    return b"".join(parts)


async def wait_for_end(receive: Receive, scope: anyio.CancelScope) -> None:
    """Cancel `scope` when the client goes away."""
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


async def relay(response: httpx2.Response, send: Send) -> bool:
    """An upstream's response, its body byte for byte as it comes; whether it came to its end."""
    await send({"type": "http.response.start", "status": response.status_code, "headers": onward(response.headers.raw)})
    try:
        async for piece in response.aiter_raw():
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    except httpx2.HTTPError:
        return False
    await send({"type": "http.response.body", "body": b""})
    return True


def error(status: int, message: str, code: str) -> JSONResponse:
    """An error in the form that clients of OpenAI's API and of Anthropic's both read."""
    kind = "invalid_request_error" if status < 500 else "api_error"
    return JSONResponse({"type": "error", "error": {"message": message, "type": kind, "param": None, "code": code}}, status)
