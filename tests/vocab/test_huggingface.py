"""What is particular to Hugging Face tokenizers: alphabets, added tokens, and those that cannot be exact."""

from __future__ import annotations

import pytest
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from slimgrammar.vocab import HuggingFaceVocabulary, UnknownVocabulary, load


def spell(vocab: HuggingFaceVocabulary, text: str) -> list[bytes]:
    return [vocab.decode_token(token) for token in vocab.encode(text)]


def test_transformers_tokenizer(byte_level_tokenizer: Tokenizer) -> None:
    fast = PreTrainedTokenizerFast(tokenizer_object=byte_level_tokenizer, name_or_path="org/tiny")
    vocab = load(fast)
    assert isinstance(vocab, HuggingFaceVocabulary)
    assert vocab.name == "org/tiny"
    assert vocab.encode("return self") == fast.encode("return self", add_special_tokens=False)


def test_the_original_is_left_as_it_was(byte_level_tokenizer: Tokenizer) -> None:
    before = byte_level_tokenizer.to_str()
    vocab = HuggingFaceVocabulary(byte_level_tokenizer, name="mine")
    byte_level_tokenizer.add_tokens(["later"])
    assert vocab.name == "mine"
    assert len(spell(vocab, "later")) > 1
    assert not byte_level_tokenizer.encode_special_tokens
    assert Tokenizer.from_str(before).get_vocab_size() == vocab.size


@pytest.mark.parametrize("symbol", ["⟦if⟧", "\ue000", "a b"])
def test_added_tokens_are_spelled_as_they_are(byte_level_tokenizer: Tokenizer, symbol: str) -> None:
    byte_level_tokenizer.add_tokens([AddedToken(symbol, normalized=False)])
    vocab = HuggingFaceVocabulary(byte_level_tokenizer)
    assert spell(vocab, f"x{symbol}y") == [b"x", symbol.encode(), b"y"]


def test_an_added_token_that_is_a_token_of_the_model(sentencepiece_tokenizer: Tokenizer) -> None:
    # As in Gemma, which lists runs of "▁" as added tokens.
    sentencepiece_tokenizer.add_tokens([AddedToken("▁▁", normalized=False)])
    vocab = HuggingFaceVocabulary(sentencepiece_tokenizer)
    assert spell(vocab, "x  if") == [b"x", b"  ", b"if"]


def test_sentencepiece_alphabet(sentencepiece_tokenizer: Tokenizer) -> None:
    vocab = HuggingFaceVocabulary(sentencepiece_tokenizer)
    assert spell(vocab, "if self    if\n€") == [b"if", b" ", b"self", b"    ", b"if", b"\n", b"\xe2", b"\x82", b"\xac"]
    assert vocab.decode_token(0) == b"<unk>"
    assert vocab.decode_token(3 + 0x0A) == b"\n"
    # The one character that sentencepiece cannot tell from a space.
    assert b"".join(spell(vocab, "a▁b")) == b"a b"


def test_legacy_and_current_llama2_agree(sentencepiece_tokenizer: Tokenizer, legacy_tokenizer: Tokenizer) -> None:
    current, legacy = HuggingFaceVocabulary(sentencepiece_tokenizer), HuggingFaceVocabulary(legacy_tokenizer)
    for text in ("self", " self", "if self:\n    return", "  <s>  "):
        assert current.encode(text) == legacy.encode(text)


def test_an_alphabet_without_bytes_is_refused() -> None:
    tokenizer = Tokenizer(models.WordLevel({"a": 0, "[UNK]": 1}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    with pytest.raises(UnknownVocabulary, match=r"\(WordLevel\) cannot spell every byte"):
        HuggingFaceVocabulary(tokenizer)


@pytest.mark.parametrize("lossy", [normalizers.Lowercase(), normalizers.Strip(), normalizers.NFD()])
def test_a_tokenizer_that_changes_text_is_refused(byte_level_tokenizer: Tokenizer, lossy: normalizers.Normalizer) -> None:
    byte_level_tokenizer.normalizer = lossy
    with pytest.raises(UnknownVocabulary, match="does not keep text exactly"):
        HuggingFaceVocabulary(byte_level_tokenizer)


def test_a_byte_level_tokenizer_without_all_bytes_is_refused() -> None:
    tokenizer = Tokenizer(models.BPE(vocab={"a": 0, "b": 1}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    with pytest.raises(UnknownVocabulary, match="does not keep text exactly"):
        HuggingFaceVocabulary(tokenizer)


def test_not_a_tokenizer() -> None:
    with pytest.raises(UnknownVocabulary, match="not a fast Hugging Face tokenizer: object"):
        HuggingFaceVocabulary(object())  # type: ignore[arg-type]
