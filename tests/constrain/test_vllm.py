"""The processor for vLLM, called as its V1 model runner does. vLLM itself wants a GPU; its interface is spelled out here."""

from __future__ import annotations

import enum
import importlib.util
import json
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple

import pytest
import torch
from transformers import PreTrainedTokenizerFast

from slimgrammar.constrain.serving import TokensMissing
from slimgrammar.errors import MissingExtra, SyntaxProblem
from tests.vocab.conftest import byte_level

MODULE = "slimgrammar.constrain.vllm"
PADDED = 7  # models pad their vocabulary


class LogitsProcessor(ABC):
    """What vLLM demands of a processor."""

    @abstractmethod
    def __init__(self, vllm_config: Any, device: torch.device, is_pin_memory: bool) -> None: ...

    @abstractmethod
    def apply(self, logits: torch.Tensor) -> torch.Tensor: ...

    @abstractmethod
    def is_argmax_invariant(self) -> bool: ...

    @abstractmethod
    def update_state(self, batch_update: Any) -> None: ...


class Move(enum.Enum):
    UNIDIRECTIONAL = enum.auto()
    SWAP = enum.auto()


class Change(NamedTuple):
    batch_size: int
    removed: list[int]
    added: list[tuple[int, Any, list[int] | None, list[int]]]
    moved: list[tuple[int, int, Move]]


class Runner:
    """A model runner: requests in rows, each with its running output, and a model without preferences."""

    def __init__(self, processor: Any, tokenizer: PreTrainedTokenizerFast) -> None:
        self.processor, self.tokenizer = processor, tokenizer
        self.rows: list[list[int]] = []

    def change(self, *, removed: tuple[int, ...] = (), added: dict[int, Any] | None = None, moved: Any = ()) -> None:
        rows: dict[int, list[int]] = {number: row for number, row in enumerate(self.rows) if number not in removed}
        new: list[tuple[int, Any, list[int] | None, list[int]]] = []
        for number, parameters in (added or {}).items():
            rows[number] = []
            new.append((number, parameters, [1, 2], rows[number]))
        for origin, target, direction in moved:
            other = rows.get(target)
            rows[target] = rows.pop(origin)
            if direction is Move.SWAP and other is not None:
                rows[origin] = other
        self.rows = [rows[number] for number in sorted(rows)]
        self.processor.update_state(Change(len(self.rows), list(removed), new, list(moved)))

    def logits(self) -> torch.Tensor:
        return torch.zeros(len(self.rows), len(self.tokenizer) + PADDED)

    def allows(self, row: int, text: str) -> bool:
        (token,) = self.tokenizer.backend_tokenizer.encode(text, add_special_tokens=False).ids[:1]
        return bool(self.processor.apply(self.logits())[row, token].isfinite())

    def write(self, row: int, text: str) -> None:
        self.rows[row] += self.tokenizer.backend_tokenizer.encode(text, add_special_tokens=False).ids

    def step(self) -> None:
        self.processor.update_state(None)
        scores = self.processor.apply(self.logits())
        for row, token in zip(self.rows, torch.multinomial(scores.softmax(-1), 1)[:, 0].tolist(), strict=True):
            row.append(token)


def request(**arguments: str) -> Any:
    return SimpleNamespace(extra_args=arguments or None, all_stop_token_ids=set())


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> PreTrainedTokenizerFast:
    core = byte_level()
    core.no_truncation()
    return PreTrainedTokenizerFast(tokenizer_object=core, eos_token="<|endoftext|>")


@pytest.fixture
def runner(tokenizer: PreTrainedTokenizerFast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runner]:
    for name in ("vllm", "vllm.v1", "vllm.v1.sample", "vllm.v1.sample.logits_processor"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    sys.modules["vllm.v1.sample.logits_processor"].LogitsProcessor = LogitsProcessor  # type: ignore[attr-defined]
    tokenizer.save_pretrained(tmp_path)
    monkeypatch.delitem(sys.modules, MODULE, raising=False)
    model = SimpleNamespace(tokenizer=str(tmp_path), tokenizer_revision=None, trust_remote_code=False)
    kind = importlib.import_module(MODULE).GrammarLogitsProcessor
    assert issubclass(kind, LogitsProcessor)
    processor = kind(SimpleNamespace(model_config=model), torch.device("cpu"), False)
    assert not processor.is_argmax_invariant()
    assert processor.needs_output_token_ids()
    yield Runner(processor, tokenizer)
    sys.modules.pop(MODULE, None)


def test_requests_with_and_without_a_grammar_share_a_batch(runner: Runner) -> None:
    runner.change(added={0: request(slim_grammar="json"), 1: request(), 2: request(slim_grammar="python")})
    assert [runner.allows(row, "[") for row in range(3)] == [True, True, True]
    assert [runner.allows(row, "]") for row in range(3)] == [False, True, False]
    assert [runner.allows(row, "def") for row in range(3)] == [False, True, True]
    runner.write(0, "[")
    assert runner.allows(0, "]")
    assert not runner.allows(2, "]")


def test_rows_that_are_removed_moved_and_swapped(runner: Runner) -> None:
    runner.change(added={0: request(slim_grammar="json"), 1: request(), 2: request(slim_grammar="json")})
    runner.write(2, '{"')
    runner.change(moved=[(0, 1, Move.SWAP)])
    assert [runner.allows(row, "def") for row in range(3)] == [True, False, True]
    runner.change(removed=(0,), moved=[(2, 0, Move.UNIDIRECTIONAL)])
    assert [runner.allows(row, "def") for row in range(2)] == [True, False]
    assert not runner.allows(0, "\n")
    runner.change(removed=(0,), added={0: request()})
    assert runner.allows(0, "\n")


def test_a_request_that_comes_back_with_its_tokens_goes_on(runner: Runner) -> None:
    runner.change(added={0: request(slim_grammar="json", slim_prefix="[")})
    assert runner.allows(0, "]")
    runner.write(0, '1, "')
    kept = list(runner.rows[0])
    runner.change(removed=(0,), added={0: request(slim_grammar="json", slim_prefix="[")})
    runner.rows[0] += kept
    assert not runner.allows(0, "\n")


def test_what_is_sampled_is_of_the_grammar(runner: Runner) -> None:
    torch.manual_seed(2)
    runner.change(added={row: request(slim_grammar="json") for row in range(4)})
    end = runner.tokenizer.eos_token_id
    for _ in range(60):
        runner.step()
    ended = [row[: row.index(end)] for row in runner.rows if end in row]
    assert ended
    for row in ended:
        json.loads(runner.tokenizer.decode(row))


def test_tokens_that_are_not_there_yet_are_no_text(runner: Runner) -> None:
    runner.change(added={0: request(slim_grammar="json")})
    runner.rows[0].append(-1)
    with pytest.raises(TokensMissing):
        runner.processor.apply(runner.logits())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"slim_grammar": "/etc/passwd"}, "a request may name"),
        ({"slim_prefix": "x"}, "no grammar None"),
        ({"slim_grammer": "json"}, "slim_grammer='json'"),
        ({"slim_grammar": "json", "slim_start": "nothing"}, "nothing"),
        ({"slim_grammar": "json", "slim_prefix": "[}"}, "not the beginning"),
        ({"slim_grammar": "symbols", "slim_prefix": "x\ue010f)"}, "not the beginning"),
    ],
)
def test_a_wrong_request_is_refused_before_it_runs(runner: Runner, arguments: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        runner.processor.validate_params(request(**arguments))


def test_right_requests_pass(runner: Runner) -> None:
    runner.processor.validate_params(request())
    runner.processor.validate_params(request(slim_grammar="symbols", slim_prefix="x\ue010f("))
    with pytest.raises(SyntaxProblem):
        runner.processor.validate_params(request(slim_grammar="json", slim_prefix="]"))


def test_without_vllm_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    if importlib.util.find_spec("vllm"):
        pytest.skip("vllm is installed")
    monkeypatch.delitem(sys.modules, MODULE, raising=False)  # the search for doctests leaves a half imported one
    with pytest.raises(MissingExtra, match=r"slimgrammar\[vllm\]"):
        importlib.import_module(MODULE)
