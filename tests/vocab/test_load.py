"""`load`: what it takes, what it refuses, and that it never goes to the network."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import tiktoken
import tiktoken.load
import tiktoken.registry
from tokenizers import Tokenizer

from slimgrammar.errors import MissingExtra, SlimError
from slimgrammar.vocab import EMBEDDED, UnknownVocabulary, load


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ("cl100k", "cl100k_base"),
        ("o200k", "o200k_base"),
        ("llama-3", "llama3"),
        ("qwen2.5", "qwen3"),
        *zip(EMBEDDED, EMBEDDED, strict=True),
    ],
)
def test_names(spec: str, name: str) -> None:
    assert load(spec).name == name


def test_embedded_ids_are_the_known_ones() -> None:
    assert load("cl100k_base").encode("hello world") == [15339, 1917]
    assert load("o200k_base").encode("hello world") == [24912, 2375]


@pytest.mark.parametrize("spec", ["gpt-9", "", "no/such/folder", "O200K"])
def test_unknown_name_lists_the_known(spec: str) -> None:
    with pytest.raises(UnknownVocabulary) as caught:
        load(spec)
    assert all(name in str(caught.value) for name in (repr(spec), *EMBEDDED, "tiktoken:NAME"))
    assert isinstance(caught.value, SlimError)
    assert isinstance(caught.value, ValueError)


def test_unknown_object() -> None:
    with pytest.raises(UnknownVocabulary, match="no vocabulary can be made of a int"):
        load(3)  # type: ignore[arg-type]


def test_file_and_folder(tmp_path: Path, byte_level_tokenizer: Tokenizer) -> None:
    folder = tmp_path / "tiny"
    folder.mkdir()
    byte_level_tokenizer.save(str(folder / "tokenizer.json"))
    byte_level_tokenizer.save(str(folder / "other.json"))
    expected = load(byte_level_tokenizer).encode("def f(): pass")
    for spec, name in ((folder, "tiny"), (folder / "tokenizer.json", "tiny"), (folder / "other.json", "other")):
        for vocab in (load(spec), load(str(spec))):
            assert (vocab.name, vocab.encode("def f(): pass")) == (name, expected)


def test_folder_without_a_tokenizer(tmp_path: Path) -> None:
    for spec in (tmp_path, str(tmp_path), tmp_path / "absent"):
        with pytest.raises(UnknownVocabulary, match=r"expected a tokenizer\.json"):
            load(spec)


def test_file_that_is_no_tokenizer(tmp_path: Path) -> None:
    file = tmp_path / "tokenizer.json"
    file.write_text('{"model": 1}')
    with pytest.raises(UnknownVocabulary, match=r"is not a tokenizer\.json"):
        load(file)


def test_tiktoken_name_is_not_downloaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(tiktoken.registry, "ENCODINGS", {})
    read_file = tiktoken.load.read_file
    with pytest.raises(UnknownVocabulary, match="no copy of 'p50k_base' on this machine"):
        load("tiktoken:p50k_base")
    assert tiktoken.load.read_file is read_file


def test_tiktoken_name_that_is_there(monkeypatch: pytest.MonkeyPatch, toy_encoding: tiktoken.Encoding) -> None:
    tiktoken.list_encoding_names()
    monkeypatch.setitem(tiktoken.registry.ENCODINGS, "toy", toy_encoding)
    monkeypatch.setattr(tiktoken.registry, "ENCODING_CONSTRUCTORS", {"toy": dict})
    assert load("tiktoken:toy").encode("def") == toy_encoding.encode("def")


def test_unknown_tiktoken_name() -> None:
    with pytest.raises(UnknownVocabulary, match=r"expected one of .*o200k_base"):
        load("tiktoken:nonsense")


@pytest.mark.parametrize(("package", "extra"), [("tiktoken", "tiktoken"), ("tokenizers", "hf")])
def test_missing_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, extra: str) -> None:
    (tmp_path / "tokenizer.json").write_text("{}")
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra, match=rf"{package} is not installed: pip install 'slimgrammar\[{extra}\]'"):
        load("tiktoken:o200k_base" if package == "tiktoken" else tmp_path)
