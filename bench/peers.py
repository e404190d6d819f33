"""Other mask engines on our JSON grammar, behind one function each: make it ready, give back what times each step of a text."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from slimgrammar.constrain.export import export
from slimgrammar.constrain.rows import token_bytes
from slimgrammar.vocab import Vocabulary

Steps = Callable[[list[int]], list[float]]


def llguidance_steps(vocab: Vocabulary) -> Steps:
    """Steps of llguidance: fill a mask, consume a token."""
    import llguidance
    from llguidance.numpy import allocate_token_bitmask, fill_next_token_bitmask

    tokenizer = llguidance.LLTokenizer(llguidance.TokenizerWrapper(_Tokens(vocab)))
    grammar = llguidance.grammar_from("lark", export("json", "lark"))
    words = allocate_token_bitmask(1, vocab.size)

    def steps(tokens: list[int]) -> list[float]:
        matcher = llguidance.LLMatcher(tokenizer, grammar)
        return _timed(tokens, lambda: fill_next_token_bitmask(matcher, words), matcher.consume_token)

    return steps


def xgrammar_steps(vocab: Vocabulary) -> Steps:
    """Steps of xgrammar: fill a mask, accept a token."""
    import xgrammar

    spelled = token_bytes(vocab)
    info = xgrammar.TokenizerInfo(spelled, stop_token_ids=[vocab.size - 1])
    compiled = xgrammar.GrammarCompiler(info).compile_grammar(xgrammar.Grammar.from_ebnf(export("json", "gbnf")))
    words = xgrammar.allocate_token_bitmask(1, vocab.size)

    def steps(tokens: list[int]) -> list[float]:
        matcher = xgrammar.GrammarMatcher(compiled)
        return _timed(tokens, lambda: matcher.fill_next_token_bitmask(words), matcher.accept_token)

    return steps


def _timed(tokens: list[int], fill: Callable[[], object], take: Callable[[int], object]) -> list[float]:
    times: list[float] = []
    for token in tokens:
        start = time.perf_counter()
        fill()
        if not take(token):
            raise SystemExit("a true token was refused")
        times.append(time.perf_counter() - start)
    return times


class _Tokens:
    """What llguidance asks of a tokenizer."""

    bos_token_id = None

    def __init__(self, vocab: Vocabulary) -> None:
        self.tokens = [spelling or f"<unused {token}>".encode() for token, spelling in enumerate(token_bytes(vocab))]
        self.eos_token_id = vocab.size - 1
        self.special_token_ids = [self.eos_token_id]
        self._vocab = vocab

    def __call__(self, text: bytes | str, **_: Any) -> list[int]:
        return self._vocab.encode(text if isinstance(text, str) else text.decode(errors="replace"))
