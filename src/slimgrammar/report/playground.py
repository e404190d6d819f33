"""`slim serve`: the page for code that is pasted. It answers this machine only, keeps nothing, and refuses what is too large.

One request carries the code and comes back with the tokens of every form and the views of two. Other sites cannot use a
visitor's browser to reach it: the host must be this machine by name, and a request must be JSON, which browsers do not send
across sites without asking.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from slimgrammar.compact.api import normalise_newlines
from slimgrammar.compact.categories import CATEGORIES, parts
from slimgrammar.errors import MissingExtra, SlimError, SyntaxProblem, Unreadable
from slimgrammar.report.document import assemble, note
from slimgrammar.report.forms import METHODS, Form, Options, forms, tokens_of
from slimgrammar.report.showing import view_of
from slimgrammar.vocab import EMBEDDED, Vocabulary, load

try:
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from starlette.requests import ClientDisconnect, Request
    from starlette.responses import HTMLResponse, Response
    from starlette.routing import Route
except ImportError:
    raise MissingExtra("starlette", "report") from None

MOST_BYTES: Final = 1_000_000  # of a request
MOST_CHARACTERS: Final = 200_000  # of the code: about a second's work
HOSTS: Final = ["127.0.0.1", "localhost"]
_HEADERS: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}
_LEDE: Final = (
    "Paste Python, and see what a model sees. The code goes to this machine's own <code>slim serve</code>, which keeps nothing."
)
_SAMPLE: Final = '''class Stack:
    """Last in, first out."""

    def __init__(self, items=None):
        self.items = list(items or [])

    def push(self, item):
        if item is not None:  # None means: nothing to push
            self.items.append(item)
        return self

    def pop(self, default=None):
        try:
            return self.items.pop()
        except IndexError:
            return default
'''


class BadRequest(SlimError, ValueError):
    """A request that asks for nothing that there is."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a request asks: which code, in which form, counted by whom."""

    code: str
    form: Form
    vocab: str
    options: Options


def application() -> Starlette:
    """The web application: a page, and one address that answers it."""
    return Starlette(
        routes=[Route("/", _page), Route("/show", _show, methods=["POST"])],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS)],
    )


async def _page(request: Request) -> Response:
    return HTMLResponse(playground_page(), headers=_HEADERS)


@cache
def playground_page() -> str:
    """The page, ready to be sent."""
    known = [form for form in forms(Options()) if form.kind in ("dialect", "pruned")]
    facts = {
        "forms": [{"value": form.spelled_by, "kind": form.kind, "note": note(form)} for form in known],
        "vocabs": EMBEDDED,
        "categories": CATEGORIES,
        "most": MOST_CHARACTERS,
        "sample": _SAMPLE,
    }
    return assemble("playground", title="slim serve", lede=_LEDE, facts=facts)


async def _show(request: Request) -> Response:
    """Answer one question; every refusal is a message, never a traceback."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        return _refusal(415, "the request must be JSON")
    try:
        body = await _body(request)
    except ClientDisconnect:
        return Response(status_code=400)
    if body is None:
        return _refusal(413, f"at most {MOST_CHARACTERS:,} characters, please")
    try:
        question = _question(body)
        return _reply(await run_in_threadpool(answer, question))
    except SyntaxProblem as problem:
        return _refusal(422, str(problem), problem.caret())
    except (SlimError, Unreadable) as error:
        return _refusal(422, str(error))
    except (RecursionError, MemoryError):
        return _refusal(422, "nested too deeply")


async def _body(request: Request) -> bytes | None:
    """The request's body; None where it is too large, and then it is read no further."""
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > MOST_BYTES:
            return None
    return bytes(found)


def _refusal(status: int, message: str, caret: str = "") -> Response:
    return _reply({"error": message, "caret": caret}, status)


def _reply(found: dict[str, Any], status: int = 200) -> Response:
    # Not starlette's JSON, which is UTF-8: a message may quote a lone surrogate
    return Response(json.dumps(found), status, _HEADERS, "application/json")


def _question(body: bytes) -> Question:
    """What a request's body asks.

    Raises:
        BadRequest: it is not what the page sends.
    """
    try:
        asked: dict[str, Any] = json.loads(body)
        code, form, vocab, keep = (asked[name] for name in ("code", "form", "vocab", "keep"))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadRequest("the request must have code, form, vocab and keep") from None
    if not isinstance(code, str) or len(code) > MOST_CHARACTERS:
        raise BadRequest(f"at most {MOST_CHARACTERS:,} characters, please")
    if vocab not in EMBEDDED:  # never a path: the page must not read files
        raise BadRequest(f"unknown vocabulary: one of {', '.join(EMBEDDED)}")
    if isinstance(keep, bool) or not isinstance(keep, int | float) or not 0 < keep <= 1:
        raise BadRequest("keep is a share above 0 and up to 1")
    kept = {name: "drop" if asked.get(name) == "drop" else "keep" for name in ("comments", "docstrings")}
    options = Options(methods=(form,) if form in METHODS else (), keep=keep, **kept)
    found = next((known for known in forms(options) if form and known.spelled_by == form and known.kind != "canonical"), None)
    if found is None:
        raise BadRequest("unknown form")
    return Question(code, found, vocab, options)


def answer(question: Question) -> dict[str, Any]:
    """Tokens of every form, and the views of the original and the form that is asked for.

    Raises:
        SyntaxProblem: the code is not Python.
    """
    vocab = _vocabulary(question.vocab)
    source, options = normalise_newlines(question.code), question.options
    tokens = tokens_of(source, options, vocab)
    stretches = parts(source)
    original = view_of(source, stretches, forms(options)[0], options, vocab)
    view = view_of(source, stretches, question.form, options, vocab)
    return {
        "tokens": tokens,
        "name": question.form.name,
        "blocks": [original.block, view.block],
        "shares": [original.by_category, view.by_category],
    }


@cache
def _vocabulary(name: str) -> Vocabulary:
    return load(name)
