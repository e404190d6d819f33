"""Teach a Hugging Face tokenizer, and its model, the symbols of the `symbols` dialect.

Each symbol becomes one token. A new embedding row begins as the mean of the rows of the text that the symbol stands for, so an
untrained model reads it as roughly that text, and fine-tuning starts from there instead of from noise.

Not every tokenizer takes every symbol. Byte-level decoders read an added token such as "§" as the byte 0xA7, since their
alphabet writes bytes in Latin-1 letters; old sentencepiece set-ups put a space after each added token. Both lose text without
a word, so the symbols are tried on a copy first and refused there, before anything is changed.

Limit: rows of a model that has spare ones (padded embeddings) are seeded by the call that adds the tokens. Give the model then:
a later call cannot tell a spare row from a trained one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from slimgrammar.errors import MissingExtra, SlimError
from slimgrammar.vocab.huggingface import FastTokenizer, backend

if TYPE_CHECKING:
    from tokenizers import AddedToken, Tokenizer


class CannotExtend(SlimError, ValueError):
    """The tokenizer would not keep a text with these symbols exactly; nothing was changed."""


class Layer(Protocol):
    """An embedding or output layer: `weight` is a torch tensor, a row per token. torch itself is not imported here."""

    weight: Any


class Model(Protocol):
    """What we use of transformers' `PreTrainedModel`."""

    def get_input_embeddings(self) -> Layer:
        """The layer that turns tokens into vectors."""

    def get_output_embeddings(self) -> Layer | None:
        """The layer that turns vectors into logits; None where the model has none."""

    def resize_token_embeddings(self, new_num_tokens: int, *, mean_resizing: bool) -> object:
        """Give both layers `new_num_tokens` rows."""


@dataclass(frozen=True)
class _Seed:
    """The row of a token that begins as the mean of the rows `parts`."""

    token: int
    parts: list[int]
    new: bool


def extend(
    tokenizer: FastTokenizer | Tokenizer, model: Model | None = None, *, symbols: Mapping[str, str] | None = None
) -> int:
    """Add `symbols` to a fast tokenizer as single tokens, and give `model` rows for them; both are changed in place.

    Args:
        tokenizer: a `PreTrainedTokenizerFast` or a `tokenizers.Tokenizer`.
        model: its model, or None to extend the tokenizer alone. Its embeddings grow to hold the new ids, and never shrink; new
            rows, of an untied output layer too, begin as the mean of the rows of the text that the symbol stands for (of all
            rows, where that text is empty). A symbol that was a token of the model already keeps its row.
        symbols: spelling of a symbol → the text it stands for. By default the shipped table.

    Returns:
        How many symbols were added; those that were added before are left alone, so a second call returns 0.

    Raises:
        CannotExtend: with these symbols the tokenizer would lose text, or hand out an id twice. Nothing was changed.
        UnknownVocabulary: not a fast tokenizer.
        MissingExtra: tokenizers is not installed.
    """
    table = _shipped_symbols() if symbols is None else symbols
    inner = backend(tokenizer)
    present = {token.content for token in inner.get_added_tokens_decoder().values()}
    new = [symbol for symbol in table if symbol not in present]
    before, after = _copy(inner), _copy(inner)
    after.add_tokens(_tokens(new))
    _check(before, after, table)
    seeds = [_seed(before, after, symbol, text) for symbol, text in table.items()]
    # Through the outer object: a subclass may keep books of its own.
    tokenizer.add_tokens(_tokens(new))
    if model is not None:
        _grow(model, seeds)
    return len(new)


def _shipped_symbols() -> Mapping[str, str]:
    # Not needed by those who bring their own table, and it reads a file.
    from slimgrammar.grammar import symbol_table

    table: dict[str, str] = symbol_table()
    return table


def _tokens(symbols: Iterable[str]) -> list[AddedToken]:
    """The symbols as tokens that match anywhere, as they are, and leave the spaces around them alone."""
    try:
        from tokenizers import AddedToken
    except ModuleNotFoundError:
        raise MissingExtra("tokenizers", "hf") from None
    exact = {"normalized": False, "lstrip": False, "rstrip": False, "single_word": False, "special": False}
    return [AddedToken(symbol, **exact) for symbol in symbols]


def _copy(tokenizer: Tokenizer) -> Tokenizer:
    copy = type(tokenizer).from_str(tokenizer.to_str())
    # transformers leaves the last call's settings behind in the tokenizer.
    copy.no_truncation()
    copy.no_padding()
    return copy


def _seed(before: Tokenizer, after: Tokenizer, symbol: str, text: str) -> _Seed:
    token = _id_of(after, symbol)
    return _Seed(token, before.encode(text, add_special_tokens=False).ids, new=before.id_to_token(token) is None)


def _id_of(tokenizer: Tokenizer, symbol: str) -> int:
    token = tokenizer.token_to_id(symbol)
    if token is None:
        raise CannotExtend(f"the tokenizer does not take {symbol!r} as a token: expected a symbol of one character or more")
    return token


def _check(before: Tokenizer, after: Tokenizer, symbols: Iterable[str]) -> None:
    """Try every symbol inside words, between spaces, doubled, and on a line of its own."""
    for symbol in symbols:
        token = _id_of(after, symbol)
        # A vocabulary with gaps in its ids makes tokenizers hand out one that is taken.
        owner = before.id_to_token(token)
        if owner not in (None, symbol):
            raise CannotExtend(f"{symbol!r} would get the id {token}, which {owner!r} has: the vocabulary has gaps")
        text = f"a{symbol}b {symbol} c{symbol}{symbol}\n{symbol}\n"
        ids = after.encode(text, add_special_tokens=False).ids
        decoded = after.decode(ids, skip_special_tokens=False)
        if decoded != text or ids.count(token) != text.count(symbol):
            raise CannotExtend(f"with the symbol {symbol!r} the tokenizer reads {text!r} back as {decoded!r}: {_advice(after)}")


def _advice(tokenizer: Tokenizer) -> str:
    settings = tokenizer.to_str()
    if '"Prepend"' in settings or '"prepend_scheme":"always"' in settings:
        return (
            "it puts a space after every added token; load it with legacy=False, or give it pre_tokenizer = "
            'Metaspace(prepend_scheme="first", split=False) and no Prepend in its normalizer'
        )
    return (
        "its decoder takes the symbol for bytes, or its normalizer changes the text around it; "
        "spell the symbol with a character beyond U+0143, such as a private-use one"
    )


def _grow(model: Model, seeds: Iterable[_Seed]) -> None:
    """Give every token a row, and a beginning to the rows that are new."""
    rows = model.get_input_embeddings().weight.shape[0]
    # A token may be old and its row new: the tokenizer was extended before, and saved without the model.
    fresh = [seed for seed in seeds if seed.new or seed.token >= rows]
    needed = max((seed.token + 1 for seed in fresh), default=0)
    if needed > rows:
        model.resize_token_embeddings(needed, mean_resizing=False)
    inputs, outputs = model.get_input_embeddings(), model.get_output_embeddings()
    tables = [inputs.weight]
    if outputs is not None and outputs.weight is not inputs.weight:
        tables.append(outputs.weight)
    bias = getattr(outputs, "bias", None)
    if bias is not None:
        tables.append(bias)
    for table in tables:
        for seed in fresh:
            _sow(table, seed, rows)


def _sow(table: Any, seed: _Seed, rows: int) -> None:
    """Set a token's row to the mean of its parts' rows, of which `rows` were there before."""
    parts = [part for part in seed.parts if part < rows] or slice(rows)
    # .data: no gradient. In single precision: a mean of half precision rows loses bits.
    table.data[seed.token] = table.data[parts].float().mean(dim=0).to(table.dtype)
