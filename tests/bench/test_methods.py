"""What `slim bench` compares: the same content in every method, and what cannot be measured is said."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest

from slimgrammar.bench import methods as module
from slimgrammar.bench import peers
from slimgrammar.bench.methods import CONTENTS, Method, Writer, methods
from slimgrammar.bench.texts import Measured, MethodWork, comparable
from slimgrammar.compact.api import decode
from slimgrammar.prune import METHODS as PRUNERS
from slimgrammar.vocab import count, load

from .conftest import PROGRAM

VOCAB = load("o200k_base")


def written(method: Method) -> str:
    return Writer(method, VOCAB)(PROGRAM)


def test_every_dialect_codebook_pruner_and_tool_is_there() -> None:
    found, left_out = methods("o200k_base", slow=False)
    by_content = {content: {method.by for method in found if method.content == content} for content in CONTENTS}
    assert by_content["all"] == {"", "python", "compact", "symbols"}
    assert by_content["code"] == by_content["docstrings"]
    assert {"canonical", "python-minifier", "python-minifier, lossy"} < by_content["code"]
    assert by_content["pruned"] == set(PRUNERS) - {"attention"}
    assert [method.codebook for method in found if method.codebook and method.content == "all"] == [
        f"{dialect}-o200k_base-{size}" for dialect in ("compact", "symbols") for size in (100, 1024)
    ]
    assert [name for name, _ in left_out] == ["attention"]
    assert len({method.key for method in found}) == len(found)


def test_codebooks_are_those_of_the_vocabulary() -> None:
    assert not [method for method in methods("gpt2", slow=False)[0] if method.codebook]
    assert not [method for method in methods("llama3", slow=False, codebooks=False)[0] if method.codebook]


def test_a_method_leaves_what_its_content_says() -> None:
    for method in methods("o200k_base", slow=False)[0]:
        if method.kind in ("dialect", "tool"):
            text = written(method)
            if method.kind == "dialect":
                text = decode(text, dialect=method.by, codebook=method.codebook or None)
            assert ("# the sum" in text) == (method.content == "all"), method
            assert ("Sum of two" in text) == (method.content != "code"), method
            assert ast.parse(text)


def test_pruners_keep_half() -> None:
    half = count(VOCAB, PROGRAM) // 2
    for method in methods("o200k_base", slow=False)[0]:
        if method.kind == "pruner" and "own size" not in method.name:
            assert count(VOCAB, written(method)) <= half, method


def test_what_a_slice_is_asked_for_in_an_empty_program() -> None:
    asked = next(method for method in methods("o200k_base", slow=False)[0] if method.by == "slice")
    assert Writer(asked, VOCAB)("# nothing\n") == "# nothing\n"


def test_a_peer_that_is_not_installed_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "find_spec", lambda name: None)
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    found, left_out = methods("o200k_base")
    assert not [method for method in found if method.by.startswith("python-minifier")]
    assert {name for name, _ in left_out} == {"python-minifier", "python-minifier, lossy", "attention"}
    assert all("pip install" in reason for _, reason in left_out)


def test_a_method_that_fails_on_a_file_is_recorded_and_goes_on() -> None:
    work = MethodWork("o200k_base", (PROGRAM, "x = (", "y = 1\n"))
    found = work(Method(name="python", content="all", kind="dialect", by="python"))
    assert [tokens > 0 for tokens in found.tokens] == [True, False, True]
    assert found.faults[1].startswith("SyntaxProblem")
    assert min(found.seconds) > 0


def test_files_that_a_usable_method_fails_on_are_compared_in_none() -> None:
    good = Measured([1] * 20, [0.1] * 20)
    one = replace(good, faults={3: "no"})
    many = replace(good, faults=dict.fromkeys(range(9), "never"))
    places, unusable = comparable({("all", "a"): good, ("all", "b"): one, ("all", "c"): many}, 20)
    assert places == set(range(20)) - {3}
    assert unusable == {("all", "c"): "it failed on 9 of 20 files: never"}
