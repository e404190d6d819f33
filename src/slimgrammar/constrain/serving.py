"""The requests of a server's batch, each with a grammar of its own or none; vllm.py connects it.

A request names its grammar in three strings: `slim_grammar`, and where it wants to `slim_start` (a start symbol) and
`slim_prefix` (the part of the prompt that belongs to the grammar's text). Only shipped grammars: a request must not make a
server read files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

import numpy as np

from slimgrammar.constrain.grammar_mask import GrammarMask, byte_mask, open_mask
from slimgrammar.constrain.progress import Progress, Words
from slimgrammar.constrain.specification import GrammarProblem, shipped_names
from slimgrammar.constrain.symbols import SYMBOLS, written_out
from slimgrammar.errors import SlimError

if TYPE_CHECKING:
    from slimgrammar.vocab.base import Vocabulary

PREFIX: Final = "slim_"
KEYS: Final = ("slim_grammar", "slim_start", "slim_prefix")


@dataclass(frozen=True)
class Wanted:
    """The grammar of a request."""

    grammar: str
    start: str = ""
    prefix: str = ""


class TokensMissing(SlimError, RuntimeError):
    """The server shows places of tokens, but not yet the tokens: it schedules ahead of what it has sampled."""


class BatchUpdate(Protocol):
    """How a batch has changed, as vLLM says it; to be applied in this order."""

    @property
    def removed(self) -> Sequence[int]:
        """Rows whose request is gone."""

    @property
    def added(self) -> Sequence[tuple[int, Any, list[int] | None, list[int]]]:
        """Row, sampling parameters, prompt, and the list that the request's tokens are added to."""

    @property
    def moved(self) -> Sequence[tuple[int, int, Any]]:
        """From row, to row, and whether they swap."""


class _Request(NamedTuple):
    progress: Progress
    output: Sequence[int]


def wanted(arguments: Mapping[str, Any] | None) -> Wanted | None:
    """The grammar that a request's own arguments ask for, or None.

    Raises:
        GrammarProblem: there is no such argument, or no such grammar.

    >>> wanted({"slim_grammar": "json", "slim_prefix": "[1"})
    Wanted(grammar='json', start='', prefix='[1')
    """
    given = {name: value for name, value in (arguments or {}).items() if name.startswith(PREFIX)}
    if not given:
        return None
    for name, value in given.items():
        if name not in KEYS or not isinstance(value, str):
            raise GrammarProblem(f"not an argument of a request: {name}={value!r}; expected strings {', '.join(KEYS)}")
    known = [*shipped_names(), SYMBOLS]
    if given.get("slim_grammar") not in known:
        raise GrammarProblem(f"no grammar {given.get('slim_grammar')!r}: a request may name {', '.join(known)}")
    return Wanted(given["slim_grammar"], given.get("slim_start", ""), given.get("slim_prefix", ""))


def check(arguments: Mapping[str, Any] | None) -> None:
    """Refuse a request whose text could not even begin.

    Raises:
        GrammarProblem: it asks for no grammar that there is.
        SyntaxProblem: its prefix is not the beginning of any text of the grammar.
    """
    request = wanted(arguments)
    if request is None:
        return
    symbols = request.grammar == SYMBOLS
    prefix = request.prefix.encode("utf-8", "surrogatepass")
    mask = byte_mask("slim" if symbols else request.grammar, start=request.start)
    mask.advance_text(written_out(prefix) if symbols else prefix)


class Requests:
    """The rows of a running batch that have a grammar."""

    def __init__(self, vocabulary: Vocabulary, *, ends: Iterable[int], special: Iterable[int]) -> None:
        """Begin with an empty batch.

        Args:
            vocabulary: the model's.
            ends: the end-of-text tokens.
            special: ids of tokens that must never be allowed inside a text.
        """
        self._vocabulary, self._ends, self._special = vocabulary, frozenset(ends), frozenset(special)
        self._masks: dict[tuple[str, str], GrammarMask] = {}
        self._rows: dict[int, _Request] = {}

    def update(self, change: BatchUpdate | None) -> None:
        """Follow a change of the batch."""
        if change is None:
            return
        for row in change.removed:
            self._rows.pop(row, None)
        for row, parameters, _, output in change.added:
            # A row that is taken over has a new request, with a grammar or without.
            self._rows.pop(row, None)
            request = wanted(parameters.extra_args)
            if request is not None:
                self._rows[row] = _Request(self._begun(request, parameters), output)
        for origin, target, direction in change.moved:
            moving, other = self._rows.pop(origin, None), self._rows.pop(target, None)
            if moving is not None:
                self._rows[target] = moving
            if other is not None and direction.name == "SWAP":
                self._rows[origin] = other

    def _begun(self, request: Wanted, parameters: Any) -> Progress:
        key = (request.grammar, request.start)
        mask = self._masks.get(key)
        if mask is None:
            mask = open_mask(request.grammar, self._vocabulary, start=request.start, prefix="", special=self._special)
            self._masks[key] = mask
        mask = mask.copy()
        if request.prefix:
            mask.advance_text(request.prefix)
        return Progress(mask, self._ends | frozenset(getattr(parameters, "all_stop_token_ids", ())))

    def words(self, size: int) -> tuple[list[int], Words]:
        """Which rows have a grammar, and what they allow.

        Args:
            size: how many tokens the model has.

        Returns:
            The rows' numbers, and int32 bits, (rows, ⌈size / 32⌉).

        Raises:
            TokensMissing: a request's last tokens are not there yet.
        """
        rows = sorted(self._rows)
        for row in rows:
            progress, output = self._rows[row]
            for token in output[progress.told :]:
                if token < 0:
                    raise TokensMissing("the request's last tokens are not there yet: switch asynchronous scheduling off")
                progress.advance(token)
        words = [self._rows[row].progress.words(size) for row in rows]
        return rows, np.stack(words) if words else np.zeros((0, -(-size // 32)), dtype=np.int32)
