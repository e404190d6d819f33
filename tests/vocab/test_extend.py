"""`extend` on tokenizers: single tokens that keep the text around them, or a refusal that changes nothing."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import pytest
from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

import slimgrammar
from slimgrammar.compact.codebook.book import Codebook, Shorthand
from slimgrammar.errors import MissingExtra
from slimgrammar.grammar import symbol_table
from slimgrammar.vocab import CannotExtend, HuggingFaceVocabulary, UnknownVocabulary, count_with_symbols, extend

SYMBOLS = {"⟦def⟧": "def ", "\ue001": "if ", "⟦self.⟧": "self.", "⟦⟧": ""}
TEXT = "x⟦def⟧f(⟦self.⟧a, b) \ue001 c\n   ⟦self.⟧⟦self.⟧\t\ue001⟦⟧ 变量 🚀\r\n"


@pytest.fixture(params=["byte_level_tokenizer", "sentencepiece_tokenizer"])
def fast(request: pytest.FixtureRequest) -> PreTrainedTokenizerFast:
    return PreTrainedTokenizerFast(tokenizer_object=request.getfixturevalue(request.param))


def ids_of(fast: PreTrainedTokenizerFast, text: str) -> list[int]:
    ids: list[int] = fast.encode(text, add_special_tokens=False)
    return ids


def decode(fast: PreTrainedTokenizerFast, ids: list[int]) -> str:
    text: str = fast.decode(
        ids, skip_special_tokens=False, clean_up_tokenization_spaces=False, spaces_between_special_tokens=False
    )
    return text


def test_tokens_can_be_counted_without_extending(fast: PreTrainedTokenizerFast) -> None:
    expected = count_with_symbols(HuggingFaceVocabulary(fast), TEXT, tuple(SYMBOLS))
    extend(fast, symbols=SYMBOLS)
    assert len(HuggingFaceVocabulary(fast).encode(TEXT)) == expected


def test_symbols_are_single_tokens(fast: PreTrainedTokenizerFast) -> None:
    size = len(fast)
    assert extend(fast, symbols=SYMBOLS) == len(SYMBOLS)
    assert [fast.convert_tokens_to_ids(symbol) for symbol in SYMBOLS] == list(range(size, size + len(SYMBOLS)))
    for symbol in SYMBOLS:
        assert ids_of(fast, f"a{symbol}b").count(fast.convert_tokens_to_ids(symbol)) == 1
        assert symbol not in fast.all_special_tokens


def test_text_with_symbols_comes_back(fast: PreTrainedTokenizerFast) -> None:
    extend(fast, symbols=SYMBOLS)
    assert decode(fast, ids_of(fast, TEXT)) == TEXT


def test_text_without_symbols_keeps_its_ids(fast: PreTrainedTokenizerFast) -> None:
    text = "class A:\n    def f(self): return self.x\n"
    before = ids_of(fast, text)
    extend(fast, symbols=SYMBOLS)
    assert ids_of(fast, text) == before


def test_second_call_adds_nothing(fast: PreTrainedTokenizerFast) -> None:
    extend(fast, symbols=SYMBOLS)
    before = fast.backend_tokenizer.to_str()
    assert extend(fast, symbols=SYMBOLS) == 0
    assert fast.backend_tokenizer.to_str() == before
    assert extend(fast, symbols=SYMBOLS | {"⟦more⟧": "else"}) == 1


def test_save_and_reload(fast: PreTrainedTokenizerFast, tmp_path: Path) -> None:
    extend(fast, symbols=SYMBOLS)
    fast.save_pretrained(tmp_path)
    again = PreTrainedTokenizerFast.from_pretrained(tmp_path)
    assert ids_of(again, TEXT) == ids_of(fast, TEXT)
    assert decode(again, ids_of(again, TEXT)) == TEXT
    assert extend(again, symbols=SYMBOLS) == 0
    vocab = HuggingFaceVocabulary(tmp_path)
    assert b"".join(map(vocab.decode_token, vocab.encode(TEXT))) == TEXT.encode()
    assert vocab.size == len(again)


def test_plain_tokenizer(byte_level_tokenizer: Tokenizer) -> None:
    assert extend(byte_level_tokenizer, symbols=SYMBOLS) == len(SYMBOLS)
    assert byte_level_tokenizer.truncation is not None


@pytest.mark.parametrize("symbol", ["§", "Ġ", "é", "¬x"])
def test_bytes_of_the_alphabet_are_refused(byte_level_tokenizer: Tokenizer, symbol: str) -> None:
    before = byte_level_tokenizer.to_str()
    with pytest.raises(CannotExtend, match=f"symbol {symbol!r} .* beyond U\\+0143"):
        extend(byte_level_tokenizer, symbols={"⟦fine⟧": "x", symbol: "y"})
    assert byte_level_tokenizer.to_str() == before


def test_a_space_after_each_added_token_is_refused(legacy_tokenizer: Tokenizer, sentencepiece_tokenizer: Tokenizer) -> None:
    with pytest.raises(CannotExtend, match=r"reads .* back as .*: it puts a space"):
        extend(legacy_tokenizer, symbols=SYMBOLS)
    sentencepiece_tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=False)
    with pytest.raises(CannotExtend, match="prepend_scheme="):
        extend(sentencepiece_tokenizer, symbols=SYMBOLS)


def test_the_advice_for_such_tokenizers_works(legacy_tokenizer: Tokenizer) -> None:
    legacy_tokenizer.normalizer = None
    legacy_tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    assert extend(legacy_tokenizer, symbols=SYMBOLS) == len(SYMBOLS)


def test_an_earlier_token_that_eats_spaces_is_refused(byte_level_tokenizer: Tokenizer) -> None:
    byte_level_tokenizer.add_tokens([AddedToken("⟦def⟧", lstrip=True, rstrip=True)])
    with pytest.raises(CannotExtend, match=r"reads .* back as"):
        extend(byte_level_tokenizer, symbols=SYMBOLS)


def test_gaps_in_the_ids_are_refused() -> None:
    # tokenizers counts the entries of a vocabulary to find the next free id.
    with pytest.raises(CannotExtend, match="would get the id 2, which 'b' has"):
        extend(Tokenizer(models.BPE(vocab={"a": 0, "b": 2}, merges=[])), symbols={"⟦x⟧": "x"})


def test_an_empty_symbol_is_refused(byte_level_tokenizer: Tokenizer) -> None:
    with pytest.raises(CannotExtend, match="one character or more"):
        extend(byte_level_tokenizer, symbols={"": "x"})


def test_not_a_fast_tokenizer() -> None:
    with pytest.raises(UnknownVocabulary, match="not a fast Hugging Face tokenizer"):
        extend(object(), symbols=SYMBOLS)  # type: ignore[arg-type]


def test_default_symbols_are_the_shipped_table(byte_level_tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    grammar = types.ModuleType("slimgrammar.grammar")
    monkeypatch.setattr(grammar, "symbol_table", lambda: SYMBOLS, raising=False)
    monkeypatch.setitem(sys.modules, "slimgrammar.grammar", grammar)
    assert extend(byte_level_tokenizer) == len(SYMBOLS)


def test_missing_extra(byte_level_tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    with pytest.raises(MissingExtra, match=r"slimgrammar\[hf\]"):
        extend(byte_level_tokenizer, symbols=SYMBOLS)


def test_a_codebooks_symbols_are_single_tokens(byte_level_tokenizer: Tokenizer) -> None:
    rows = (Shorthand("\U000f0000", "isinstance(", 5.0), Shorthand("\U000f0001", "‹1›=‹1›", 1.5))
    book = Codebook("symbols", "own", rows, "\U000fdfff")
    assert extend(byte_level_tokenizer, symbols=symbol_table() | book.symbols) == len(symbol_table()) + 4
    text = slimgrammar.encode("isinstance(f(x=x))\n", dialect="symbols", codebook=book)
    assert text == f"{book.signature}\U000f0000f(x\U000f0001))"
    ids = byte_level_tokenizer.encode(text, add_special_tokens=False).ids
    assert sum(byte_level_tokenizer.id_to_token(token) in book.symbols for token in ids) == 3
