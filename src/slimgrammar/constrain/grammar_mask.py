"""A grammar over a vocabulary, as a text is written token by token; api.py makes them."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import numpy as np

from slimgrammar.constrain import cache
from slimgrammar.constrain.engine import Engine, Place, compile_grammar
from slimgrammar.constrain.packing import Bits
from slimgrammar.constrain.rows import token_bytes
from slimgrammar.constrain.specification import default_start, read, source
from slimgrammar.constrain.symbols import SYMBOLS, Literals, escape, literal, spelled, tail, written_out
from slimgrammar.errors import SlimError, SyntaxProblem, place
from slimgrammar.vocab import load

if TYPE_CHECKING:
    from slimgrammar.vocab.base import Vocabulary
    from slimgrammar.vocab.load import Spec

# Compiling twice at once would only take twice the memory.
_LOCK: Final = threading.RLock()
_MOST_FORCED: Final = 4096


class TokenNotAllowed(SlimError, ValueError):
    """A token after which no text of the grammar can follow.

    Attributes:
        token: its id.
        spelling: its bytes.
    """

    def __init__(self, token: int, spelling: bytes) -> None:
        self.token = token
        self.spelling = spelling
        super().__init__(f"token {token} ({spelling.decode(errors='backslashreplace')!r}) is not allowed here")


# A text's past: each place it stood at, newest first, so that a copy costs nothing.
_Past = tuple[Place, "_Past"] | None


class GrammarMask:
    """What may come next in a text of a grammar, which grows by `advance`.

    >>> import slimgrammar as slim
    >>> mask = slim.mask("json", "qwen3")
    >>> vocabulary = slim.vocab.load("qwen3")
    >>> for token in vocabulary.encode('{"a": [1'):
    ...     mask.advance(token)
    >>> mask.is_complete(), mask.accepts(vocabulary.encode("]")[0]), mask.accepts(vocabulary.encode("}")[0])
    (False, True, False)
    """

    def __init__(self, engine: Engine, start: str, literals: Literals | None = None) -> None:
        """Begin a text; `literals` are the tokens that an escape makes literal, for the `symbols` dialect alone."""
        self._engine = engine
        self._literals = literals
        self._start = start
        self._place = engine.start(start)
        self._past: _Past = None

    @property
    def size(self) -> int:
        """How many token ids the vocabulary has; a mask has as many bits."""
        return len(self._engine.tokens)

    def allowed(self) -> Bits:
        """The tokens that may come next.

        Returns:
            uint32 words, `⌈size / 32⌉` of them; token `t` is bit `t % 32` of word `t // 32`. Special tokens are never allowed:
            an end-of-text token is the caller's to allow where `is_complete()`. The array is shared: copy it before changing
            it.
        """
        found = self._engine.allowed(self._place)
        if self._place.tail and self._place.tail == escape():
            found = found.copy()
            for token in self._literals or ():
                bit = np.uint32(1 << token % 32)
                found[token // 32] = found[token // 32] | bit if self.accepts(token) else found[token // 32] & ~bit
        return found

    def accepts(self, token: int) -> bool:
        """Whether a token may come next."""
        spelling = self._spelling(token)
        return bool(spelling) and self._engine.feed(self._place, spelling) is not None

    def _fed(self, spelling: bytes) -> Place | None:
        after = self._engine.feed(self._place, spelling)
        if after is not None and self._literals is not None:
            open_end = tail(self._place.tail, spelling)
            return after._replace(tail=open_end) if open_end else after
        return after

    def advance(self, token: int) -> None:
        """Add a token to the text.

        Raises:
            TokenNotAllowed: it may not come next; the text stays as it was.
        """
        spelling = self._spelling(token)
        after = self._fed(spelling) if spelling else None
        if after is None:
            raise TokenNotAllowed(token, spelling)
        self._past = (self._place, self._past)
        self._place = after

    def advance_text(self, text: str | bytes) -> None:
        """Add text, such as the beginning of a function in a prompt; for `rollback` it counts as one token.

        Raises:
            SyntaxProblem: the text cannot be completed; line and column say where it goes wrong.
        """
        data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
        if self._literals is not None:
            data = (literal(data) if self._place.tail == escape() else b"") or written_out(data)
        after = self._fed(data)
        if after is None:
            wrong = self._fault(data)
            shown = data.decode("utf-8", "replace")
            offset = len(data[:wrong].decode("utf-8", "ignore"))
            raise SyntaxProblem("not the beginning of any text of the grammar", *place(shown, offset))
        self._past = (self._place, self._past)
        self._place = after

    def _fault(self, data: bytes) -> int:
        """The first byte of `data` that does not fit."""
        at = self._place
        for number in range(len(data)):
            after = self._engine.feed(at, data[number : number + 1])
            if after is None:
                return number
            at = after
        return len(data)

    def forced_token(self) -> int:
        """The one token that must come next, or -1 where there is a choice, the end of the text among them."""
        return -1 if self._engine.complete(self._place) else self._engine.only_token(self._place)

    def forced(self) -> list[int]:
        """The tokens that must come next: as long as exactly one is allowed and the text may not end, it is forced."""
        found: list[int] = []
        at = self._place
        while len(found) < _MOST_FORCED and not self._engine.complete(at):
            token = self._engine.only_token(at)
            after = self._engine.feed(at, self._engine.tokens[token]) if token >= 0 else None
            if after is None:
                break
            found.append(token)
            at = after
        return found

    def forced_bytes(self) -> bytes:
        """The bytes that must come next, however the vocabulary cuts them: every longer text has them."""
        found = bytearray()
        at = self._place
        while len(found) < _MOST_FORCED and not self._engine.complete(at):
            byte = self._engine.only_byte(at)
            after = self._engine.feed(at, bytes((byte,))) if byte >= 0 else None
            if after is None:
                break
            found.append(byte)
            at = after
        return bytes(found)

    def is_complete(self) -> bool:
        """Whether the text may end here."""
        return self._engine.complete(self._place)

    def is_final(self) -> bool:
        """Whether the text is complete and nothing but blank space can be added."""
        return self._engine.complete(self._place) and not self._engine.can_grow(self._place)

    def rollback(self, count: int = 1) -> None:
        """Take back the last `count` tokens.

        Raises:
            ValueError: there are not so many.
        """
        at, past = self._place, self._past
        for _ in range(count):
            if past is None:
                raise ValueError(f"cannot take back {count} tokens: there are fewer")
            at, past = past
        self._place, self._past = at, past

    def copy(self) -> GrammarMask:
        """The same text, to go on in another way; costs next to nothing."""
        twin = GrammarMask(self._engine, self._start, self._literals)
        twin._place, twin._past = self._place, self._past
        return twin

    def reset(self) -> None:
        """Start anew."""
        self._place, self._past = self._engine.start(self._start), None

    def _spelling(self, token: int) -> bytes:
        if self._place.tail and self._literals and token in self._literals and self._place.tail == escape():
            return self._literals[token]
        return self._engine.tokens[token] if 0 <= token < len(self._engine.tokens) else b""


def open_mask(grammar: str | Path, vocab: Spec, *, start: str, prefix: str | bytes, special: Iterable[int]) -> GrammarMask:
    """What `slim.mask` promises."""
    # Symbols stand for runs of compact text, whatever is around them; so their grammar is the compact one.
    literals: Literals | None = None
    name, text = source("slim" if grammar == SYMBOLS else grammar)
    vocabulary = load(vocab)
    with _LOCK:
        tokens = _tokens(cast(Hashable, vocabulary), frozenset(special))
        if grammar == SYMBOLS:
            tokens, literals = spelled(tokens)
        engine = _engine(name, text, starts_of(text, start), tokens)
    found = GrammarMask(engine, start or default_start(text), literals)
    if prefix:
        found.advance_text(prefix)
    return found


def byte_mask(grammar: str | Path, *, start: str = "") -> GrammarMask:
    """A grammar over single bytes, to read texts without a vocabulary."""
    name, text = source(grammar)
    with _LOCK:
        engine = _engine(name, text, starts_of(text, start), tuple(bytes((byte,)) for byte in range(256)))
    return GrammarMask(engine, start or default_start(text))


def starts_of(text: str, start: str) -> tuple[str, ...]:
    """The start symbols to compile: those of the `//! start` line together, any other alone."""
    line = next((line for line in text.splitlines() if line.startswith("//! start:")), "")
    named = tuple(line.partition(":")[2].split())
    wanted = start or default_start(text)
    return named if wanted in named else (wanted,)


@lru_cache(maxsize=8)
def _tokens(vocabulary: Hashable, special: frozenset[int]) -> tuple[bytes, ...]:
    return tuple(token_bytes(cast("Vocabulary", vocabulary), special=special))


@lru_cache(maxsize=8)
def _engine(name: str, text: str, starts: tuple[str, ...], tokens: tuple[bytes, ...]) -> Engine:
    spelled = list(tokens)
    stored = cache.digest(text, starts, spelled)
    engine = cache.load(stored, spelled)
    if engine is None:
        engine = Engine(compile_grammar(read(name, text, starts=starts)), spelled)
        engine.rows.complete()
        cache.store(stored, engine)
    engine.masks.prepare()
    return engine
