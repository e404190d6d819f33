"""`extend` on models: where new rows go and how they begin."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tokenizers import Tokenizer
from transformers import LlamaConfig, LlamaForCausalLM, LlamaModel, PreTrainedTokenizerFast

from slimgrammar.vocab import extend

torch = pytest.importorskip("torch")

SYMBOLS = {"⟦def⟧": "def ", "\ue001": "if x is not None", "⟦self.⟧": "self."}


@pytest.fixture
def fast(byte_level_tokenizer: Tokenizer) -> PreTrainedTokenizerFast:
    return PreTrainedTokenizerFast(tokenizer_object=byte_level_tokenizer)


def config(rows: int, *, tied: bool = False) -> LlamaConfig:
    small = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    return LlamaConfig(vocab_size=rows, tie_word_embeddings=tied, **small)


def llama(rows: int, *, tied: bool = False) -> Any:
    torch.manual_seed(0)
    return LlamaForCausalLM(config(rows, tied=tied))


def tables(model: Any) -> dict[str, Any]:
    layers = {"input": model.get_input_embeddings(), "output": model.get_output_embeddings()}
    return {name: layer.weight.detach().clone() for name, layer in layers.items()}


def parts_of(fast: PreTrainedTokenizerFast) -> dict[str, list[int]]:
    """The ids of each symbol's text, which is to be asked before the tokenizer is extended."""
    return {symbol: fast.encode(text, add_special_tokens=False) for symbol, text in SYMBOLS.items()}


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("spare", [0, 1, 50])
def test_rows_begin_as_the_mean_of_their_text(fast: PreTrainedTokenizerFast, tied: bool, spare: int) -> None:
    rows = len(fast) + spare
    model, parts = llama(rows, tied=tied), parts_of(fast)
    before = tables(model)
    assert extend(fast, model, symbols=SYMBOLS) == len(SYMBOLS)
    after = tables(model)
    for name, table in after.items():
        assert table.shape[0] == max(rows, len(fast)) == model.config.vocab_size
        for symbol, ids in parts.items():
            torch.testing.assert_close(table[fast.convert_tokens_to_ids(symbol)], before[name][ids].mean(dim=0))
        known = rows - spare
        assert torch.equal(table[:known], before[name][:known])
    assert (model.get_output_embeddings().weight is model.get_input_embeddings().weight) == tied


def test_second_call_leaves_trained_rows_alone(fast: PreTrainedTokenizerFast) -> None:
    model = llama(len(fast))
    extend(fast, model, symbols=SYMBOLS)
    model.get_input_embeddings().weight.data.add_(1)
    before = tables(model)
    assert extend(fast, model, symbols=SYMBOLS) == 0
    for name, table in tables(model).items():
        assert torch.equal(table, before[name])


def test_a_model_that_comes_after_its_tokenizer(fast: PreTrainedTokenizerFast) -> None:
    model, parts = llama(len(fast)), parts_of(fast)
    before = tables(model)
    extend(fast, symbols=SYMBOLS)
    assert extend(fast, model, symbols=SYMBOLS) == 0
    torch.testing.assert_close(
        tables(model)["input"][fast.convert_tokens_to_ids("\ue001")], before["input"][parts["\ue001"]].mean(dim=0)
    )


def test_empty_text_begins_as_the_mean_of_all(fast: PreTrainedTokenizerFast) -> None:
    model = llama(len(fast))
    before = tables(model)
    extend(fast, model, symbols={"⟦⟧": ""})
    torch.testing.assert_close(tables(model)["input"][-1], before["input"].mean(dim=0))


def test_a_symbol_that_was_a_token_keeps_its_row(fast: PreTrainedTokenizerFast) -> None:
    model = llama(len(fast))
    before = tables(model)
    assert extend(fast, model, symbols={"self": "def"}) == 1
    assert torch.equal(tables(model)["input"], before["input"])


def test_half_precision_and_output_bias(fast: PreTrainedTokenizerFast) -> None:
    model, parts = llama(len(fast)), parts_of(fast)
    model.lm_head.bias = torch.nn.Parameter(torch.randn(len(fast)))
    model.to(torch.bfloat16)
    before = model.lm_head.bias.detach().clone()
    extend(fast, model, symbols=SYMBOLS)
    assert model.get_input_embeddings().weight.dtype == torch.bfloat16
    expected = before[parts["⟦def⟧"]].float().mean().to(torch.bfloat16)
    assert model.lm_head.bias[fast.convert_tokens_to_ids("⟦def⟧")] == expected


def test_a_model_without_an_output_layer(fast: PreTrainedTokenizerFast) -> None:
    model: Any = LlamaModel(config(len(fast)))
    extend(fast, model, symbols=SYMBOLS)
    assert model.get_input_embeddings().weight.shape[0] == len(fast)


def test_saved_and_reloaded_together(fast: PreTrainedTokenizerFast, tmp_path: Path) -> None:
    model = llama(len(fast))
    extend(fast, model, symbols=SYMBOLS)
    fast.save_pretrained(tmp_path)
    model.save_pretrained(tmp_path)
    again = LlamaForCausalLM.from_pretrained(tmp_path)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(tmp_path)
    for name, table in tables(again).items():
        assert torch.equal(table, tables(model)[name])
    ids = torch.tensor([tokenizer.encode("⟦def⟧f(): pass", add_special_tokens=False)])
    assert again(ids).logits.shape[-1] == len(tokenizer)
