"""Masks in transformers' `generate()`, with a small random model: whatever it prefers, what comes out is of the grammar."""

from __future__ import annotations

import ast
import copy
import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

import slimgrammar as slim
from slimgrammar.constrain.grammar_mask import GrammarMask
from slimgrammar.constrain.huggingface import (
    GrammarLogitsProcessor,
    GrammarStoppingCriteria,
    generate_with_forced,
    unpacked,
)
from tests.vocab.conftest import byte_level, sentencepiece

LENGTH = 48


class Setting:
    """A tokenizer, a model with random weights, and a mask for both."""

    def __init__(self, style: str) -> None:
        self.style = style
        tokenizer = byte_level() if style == "byte-level" else sentencepiece()
        end = "<|endoftext|>" if style == "byte-level" else "</s>"
        self.tokenizer = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=end, pad_token=end, padding_side="left")
        torch.manual_seed(3)
        size = len(self.tokenizer) + 13  # models pad their vocabulary
        config = LlamaConfig(
            vocab_size=size, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
            max_position_embeddings=512, bos_token_id=None, eos_token_id=self.end, pad_token_id=self.end,
        )  # fmt: skip
        self.model = LlamaForCausalLM(config).eval()
        # Sharper choices than random weights make: otherwise blanks are as likely as anything.
        self.model.lm_head.weight.data *= 40

    @property
    def end(self) -> int:
        return int(self.tokenizer.eos_token_id)

    def mask(self, grammar: str, **options: Any) -> GrammarMask:
        return slim.mask(grammar, self.tokenizer, special=self.tokenizer.all_special_ids, **options)

    def ids(self, *prompts: str) -> dict[str, torch.Tensor]:
        self.tokenizer._tokenizer.no_truncation()
        coded = self.tokenizer(list(prompts), padding=True, return_tensors="pt", add_special_tokens=False)
        return {"input_ids": coded["input_ids"], "attention_mask": coded["attention_mask"]}

    def generate(self, prompts: list[str], processor: GrammarLogitsProcessor | None, **options: Any) -> list[list[int]]:
        given = self.ids(*prompts)
        settings = {"max_new_tokens": LENGTH, "do_sample": False, **options}
        processors = [processor] if processor else []
        out = self.model.generate(**given, logits_processor=processors, **settings)
        rows = out if isinstance(out, torch.Tensor) else out.sequences
        return [row[given["input_ids"].shape[1] :].tolist() for row in rows]

    def check(self, mask: GrammarMask, tokens: list[int], prefix: str = "") -> bool:
        """Follow an answer through the mask; whether it ended by itself."""
        mask = mask.copy()
        if prefix:
            mask.advance_text(prefix)
        for token in tokens:
            if token == self.end:
                assert mask.is_complete()
                return True
            mask.advance(token)
        return False


def trimmed(row: list[int], end: int) -> list[int]:
    """A row up to its end-of-text token."""
    return row[: row.index(end)] if end in row else row


@contextmanager
def counted(model: Any) -> Iterator[list[int]]:
    """The calls of a model, an entry for each."""
    calls: list[int] = []
    hook = model.register_forward_pre_hook(lambda *_: calls.append(1))
    yield calls
    hook.remove()


@pytest.fixture(scope="module", params=["byte-level", "sentencepiece"])
def setting(request: pytest.FixtureRequest) -> Setting:
    return Setting(request.param)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"do_sample": True, "temperature": 1.5},
        {"num_beams": 4},
        {"num_beams": 3, "num_return_sequences": 2},
        {"do_sample": True, "num_return_sequences": 3},
    ],
    ids=["greedy", "sampling", "beams", "beams returned", "samples returned"],
)
@pytest.mark.parametrize("grammar", ["python", "json"])
def test_generate_in_batches_stays_in_the_grammar(setting: Setting, grammar: str, options: dict[str, Any]) -> None:
    mask = setting.mask(grammar)
    processor = GrammarLogitsProcessor(mask, end=setting.end)
    prompts = ["# x\n", "self.items = None"]
    for _ in range(2):  # the processor is used again for the next batch
        rows = setting.generate(prompts, processor, **options)
        assert len(rows) == len(prompts) * options.get("num_return_sequences", 1)
        for row in rows:
            setting.check(mask, row)


def test_prefixes_of_the_prompts_belong_to_the_text(setting: Setting) -> None:
    mask = setting.mask("python")
    prompts = ["def f(x):\n    ", "class A(B", "x = ["]
    processor = GrammarLogitsProcessor(mask, end=setting.end, prefixes=prompts)
    for prompt, row in zip(prompts, setting.generate(prompts, processor, do_sample=True), strict=True):
        if setting.check(mask, row, prompt):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ast.parse(prompt + setting.tokenizer.decode(row, skip_special_tokens=True))


def test_a_json_value_ends_as_soon_as_it_can_grow_no_more(setting: Setting) -> None:
    mask = setting.mask("json")
    ended = 0
    for seed in range(8):
        torch.manual_seed(seed)
        processor = GrammarLogitsProcessor(mask, end=setting.end)
        stop = GrammarStoppingCriteria(mask, end=setting.end)
        (row,) = setting.generate(["x"], processor, stopping_criteria=[stop], do_sample=True, max_new_tokens=200)
        if len(row) < 200:
            ended += 1
            text = setting.tokenizer.decode([token for token in row if token != setting.end])
            json.loads(text)
    assert ended


def test_a_unit_that_was_left_is_noticed_without_a_mask(setting: Setting) -> None:
    stop = GrammarStoppingCriteria(setting.mask("python", start="function"), prefixes="def f(x):\n    ")
    for _ in range(2):  # the criterion is used again for the next prompt
        told = setting.ids("def f(x):\n    ")["input_ids"]
        length = told.shape[1]
        for piece, done in (("pass\n", False), ("\n", False), ("x", True)):
            for token in setting.ids(piece)["input_ids"][0].tolist():
                told = torch.cat([told, torch.tensor([[token]])], dim=-1)
                found = bool(stop(told, torch.zeros(1, 1)))
            assert found is done, piece
        assert setting.tokenizer.decode(told[0, length : length + stop.kept[0]]).strip() == "pass"


@pytest.mark.parametrize("ends", [False, True])
def test_a_text_that_is_broken_may_end(setting: Setting, ends: bool) -> None:
    stop = GrammarStoppingCriteria(setting.mask("json"), end_when_broken=ends)
    told = setting.ids("x")["input_ids"]
    for token in setting.ids("[def")["input_ids"][0].tolist():
        told = torch.cat([told, torch.tensor([[token]])], dim=-1)
        found = bool(stop(told, torch.zeros(1, 1)))
    assert found is ends


def test_leaving_a_unit_ends_it(setting: Setting) -> None:
    prompt = "def f(x):\n    return x\n"
    mask = setting.mask("python", start="function")
    processor = GrammarLogitsProcessor(mask, end=setting.end, prefixes=prompt, end_when_leaving=True)
    given = setting.ids(prompt)["input_ids"]
    scores = torch.zeros(1, setting.model.config.vocab_size)
    scores[0, setting.ids("self")["input_ids"][0, -1]] = 5
    allowed = processor(given, scores)
    assert allowed.argmax(-1).tolist() == [setting.end]
    assert torch.isinf(allowed).sum() == allowed.numel() - 1


@pytest.fixture
def fixed(setting: Setting, tmp_path: Path) -> GrammarMask:
    """A grammar that leaves little choice."""
    path = tmp_path / "fixed.lark"
    path.write_text('start: item+\nitem: "<" ("return self.items" | "class" | "default is None") ">" "\\n"\n')
    return setting.mask(str(path))


@pytest.mark.parametrize("sample", [False, True], ids=["greedy", "sampling"])
def test_forced_tokens_cost_no_call_and_change_nothing(setting: Setting, fixed: GrammarMask, sample: bool) -> None:
    torch.manual_seed(5)
    plain = setting.generate(["x"], GrammarLogitsProcessor(fixed, end=setting.end), do_sample=sample)
    torch.manual_seed(5)
    with counted(setting.model) as calls:
        processor = GrammarLogitsProcessor(fixed, end=setting.end)
        quick = setting.generate(["x"], processor, do_sample=sample, custom_generate=generate_with_forced)
    assert quick == plain
    # Sentencepiece spells a letter by a token and by a byte, which leaves a choice.
    assert len(calls) < len(quick[0]) * (0.8 if "byte" in setting.style else 1)


@pytest.mark.parametrize("returned", [1, 2])
def test_rows_with_forced_tokens_are_those_of_greedy_decoding(setting: Setting, fixed: GrammarMask, returned: int) -> None:
    prompts = ["x", "self.items = list(items or [])", "def"]
    plain = setting.generate(prompts, GrammarLogitsProcessor(fixed, end=setting.end))
    plain = [row for row in plain for _ in range(returned)]
    options: dict[str, Any] = {"num_return_sequences": 2, "do_sample": True, "top_k": 1} if returned > 1 else {}
    with counted(setting.model) as calls:
        processor = GrammarLogitsProcessor(fixed, end=setting.end)
        quick = setting.generate(prompts, processor, custom_generate=generate_with_forced, **options)
    assert [trimmed(row, setting.end) for row in quick] == [trimmed(row, setting.end) for row in plain]
    assert len(calls) < LENGTH * (0.8 if "byte" in setting.style else 1)


def test_rows_keep_their_learned_positions(setting: Setting, fixed: GrammarMask) -> None:
    torch.manual_seed(4)
    size = setting.model.config.vocab_size
    config = GPT2Config(
        vocab_size=size, n_positions=128, n_embd=32, n_layer=2, n_head=4, bos_token_id=None, eos_token_id=setting.end
    )
    other = copy.copy(setting)
    other.model = GPT2LMHeadModel(config).eval()
    other.model.transformer.wpe.weight.data *= 50
    prompts = ["x", "self.items = list(items or [])"]
    plain, quick = (
        other.generate(prompts, GrammarLogitsProcessor(fixed, end=setting.end), pad_token_id=setting.end, **options)
        for options in ({}, {"custom_generate": generate_with_forced})
    )
    assert [trimmed(row, setting.end) for row in quick] == [trimmed(row, setting.end) for row in plain]


def test_rows_with_forced_tokens_end_each_by_itself(setting: Setting) -> None:
    mask = setting.mask("json")
    prompts = ["x", "self.items = list(items or [])", '{"a'] * 2
    stop = GrammarStoppingCriteria(mask, end=setting.end)
    processor = GrammarLogitsProcessor(mask, end=setting.end)
    torch.manual_seed(1)
    found = setting.generate(
        prompts, processor, stopping_criteria=[stop], do_sample=True, custom_generate=generate_with_forced,
        return_dict_in_generate=True, max_new_tokens=100,
    )  # fmt: skip
    ended = [row for row in (trimmed(row, setting.end) for row in found) if len(row) < 100]
    assert ended
    for row in ended:
        json.loads(setting.tokenizer.decode(row))


def test_forced_decoding_says_what_it_needs(setting: Setting) -> None:
    with pytest.raises(ValueError, match="needs a GrammarLogitsProcessor"):
        setting.generate(["x"], None, custom_generate=generate_with_forced)
    processor = GrammarLogitsProcessor(setting.mask("json"), end=setting.end)
    with pytest.raises(ValueError, match="greedy decoding or sampling"):
        setting.generate(["x"], processor, num_beams=2, custom_generate=generate_with_forced)
    with pytest.raises(ValueError, match="use a dynamic cache"):
        setting.generate(["x", "y"], processor, cache_implementation="static", custom_generate=generate_with_forced)


def test_prefixes_must_suit_the_batch(setting: Setting) -> None:
    processor = GrammarLogitsProcessor(setting.mask("json"), end=setting.end, prefixes=["[", "{"])
    with pytest.raises(ValueError, match="2 prefixes for a batch of 3 rows"):
        setting.generate(["x", "y", "z"], processor)


def test_drafts_that_are_taken_back_leave_no_trace(setting: Setting) -> None:
    mask = setting.mask("python")
    prompt = "self.items = list(items)\n" * 3
    plain = setting.generate([prompt], GrammarLogitsProcessor(mask, end=setting.end))
    processor = GrammarLogitsProcessor(mask, end=setting.end)
    drafted = setting.generate([prompt], processor, prompt_lookup_num_tokens=4)
    assert drafted == plain


def test_bits_are_unpacked_where_they_are() -> None:
    assert unpacked(torch.tensor([[5, -2147483648]], dtype=torch.int32), 64).nonzero()[:, 1].tolist() == [0, 2, 63]


def test_finished_rows_are_left_alone(setting: Setting) -> None:
    mask = setting.mask("json")
    processor = GrammarLogitsProcessor(mask, end=setting.end)
    one = setting.ids("0")["input_ids"][0, -1].item()
    start = torch.tensor([[1], [1]])
    scores = torch.zeros(2, setting.model.config.vocab_size)
    processor(start, scores)
    ended = torch.tensor([[1, one, setting.end], [1, one, one]])
    processor(ended[:, :2], scores)
    allowed = processor(ended, scores)
    assert allowed[0].isfinite().nonzero().flatten().tolist() == [setting.end]
