"""The bodies of HTTP requests: bytes in, bytes out, so that the work can be done in another process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from slimgrammar.errors import SlimError, Unreadable
from slimgrammar.pipeline.budget import OverBudget
from slimgrammar.pipeline.integrations.base import PromptOptions
from slimgrammar.pipeline.messages import Compressed

_KEYS: Final = {"/chat/completions": "messages", "/messages": "messages", "/count_tokens": "messages", "/responses": "input"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a body.

    Attributes:
        body: what is to be sent; None where nothing is to be done, and the body goes on as it came.
        before, after: the tokens of its messages.
        refused: why it must not be sent at all; "" otherwise.
        code: the kind of refusal, as OpenAI's API names it where it has a name.
    """

    body: bytes | None = None
    before: int = 0
    after: int = 0
    refused: str = ""
    code: str = ""


def messages_key(path: str) -> str:
    """The key of a request's body that holds the messages, by the path of the request; "" for other requests.

    >>> messages_key("/v1/chat/completions"), messages_key("/v1/responses"), messages_key("/v1/embeddings")
    ('messages', 'input', '')
    """
    return next((key for ending, key in _KEYS.items() if path.endswith(ending)), "")


def compress_body(body: bytes, key: str, options: PromptOptions) -> Outcome:
    """A request's body with the messages under `key` in fewer tokens.

    >>> compress_body(b'{"messages": [{"role": "user", "content": "hi"}]}', "messages", PromptOptions())
    Outcome(body=None, before=1, after=1, refused='', code='')
    """
    given = _parsed(body)
    prompt = given.get(key)
    if not isinstance(prompt, (str, list)):
        return Outcome()
    try:
        done, made = options.smaller(prompt)
    except SlimError as error:
        # Half of a surrogate pair cannot be counted; without a budget that is for the upstream to judge.
        return Outcome() if isinstance(error, Unreadable) and options.max_tokens is None else _refused(error)
    if done is None:
        return Outcome()
    body_made = None if made is prompt or made == prompt else json.dumps({**given, key: made}).encode()
    return Outcome(body_made, done.tokens_before, done.tokens_after)


def compress_reply(body: bytes, options: PromptOptions) -> Outcome:
    """The answer to `POST /v1/compress`: the messages of the body in fewer tokens, and what that saved."""
    messages = _parsed(body).get("messages")
    if not isinstance(messages, list):
        return Outcome(refused='the body must be a JSON object with a list of "messages"', code="invalid_body")
    try:
        done = options.compress(messages)
    except SlimError as error:
        return _refused(error)
    return Outcome(json.dumps(_report(done)).encode(), done.tokens_before, done.tokens_after)


def _refused(error: SlimError) -> Outcome:
    return Outcome(refused=str(error), code="context_length_exceeded" if isinstance(error, OverBudget) else "invalid_prompt")


def _report(done: Compressed) -> dict[str, Any]:
    """Field names as Headroom's service, LiteLLM's guardrail of that name and their users know them."""
    return {
        "messages": done.messages,
        "tokens_before": done.tokens_before,
        "tokens_after": done.tokens_after,
        "tokens_saved": done.tokens_before - done.tokens_after,
        "compression_ratio": done.tokens_after / done.tokens_before if done.tokens_before else 1.0,
        "transforms_applied": sorted({f"slimgrammar:{block.status}" for block in done.blocks if block.status != "kept"}),
        "lossless": done.lossless,
        "ccr_hashes": [],
    }


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        return {}  # the upstream knows best what to say of it
    return given if isinstance(given, dict) else {}
