"""The codebook's file: read back equal, refused when changed."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

from slimgrammar.compact.codebook.book import BadCodebook, from_json, load, shipped
from slimgrammar.compact.codebook.template import parse

from .test_expansion import book


def test_the_file_gives_the_codebook_back() -> None:
    for chosen in (book(), book(alphabet="文字")):
        again = from_json(chosen.to_json())
        assert again == chosen
        assert (again.hash, again.signature) == (chosen.hash, chosen.signature)


def test_another_process_gets_a_codebook_that_was_used() -> None:
    chosen = book()
    assert chosen.templates
    assert pickle.loads(pickle.dumps(chosen)) == chosen


def test_symbols_are_the_new_tokens() -> None:
    chosen = book()
    assert list(chosen.symbols) == [chosen.signature, chosen.escape, *(entry.symbol for entry in chosen.shorthands)]
    assert chosen.symbols[chosen.shorthands[2].symbol] == "for  in range():"
    assert book(alphabet="文字").symbols == {}
    assert len(book(alphabet="文字").signature) == 3


def test_a_part_is_another_codebook() -> None:
    assert book().first(2).hash != book().hash
    assert book().first(2).shorthands == book().shorthands[:2]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2}', "nonsense"])
def test_no_codebook(text: str) -> None:
    with pytest.raises(BadCodebook):
        from_json(text)


def test_changed_files_are_refused(tmp_path: Path) -> None:
    changed = json.loads(book().to_json())
    changed["shorthands"][0][0] = " is None"
    path = tmp_path / "book.json"
    path.write_text(json.dumps(changed), encoding="utf-8")
    with pytest.raises(BadCodebook, match=r"book\.json: .*was changed"):
        load(path)


def test_a_missing_file_names_the_shipped_ones(tmp_path: Path) -> None:
    with pytest.raises(BadCodebook, match="symbols-cl100k_base-100"):
        load(tmp_path / "none.json")


@pytest.mark.parametrize("name", shipped())
def test_shipped(name: str) -> None:
    chosen = load(name)
    dialect, vocabulary, size = name.split("-")
    assert (chosen.dialect, chosen.vocabulary) == (dialect, vocabulary)
    assert 0.9 * int(size) < len(chosen.shorthands) <= int(size)  # what saved nothing in the last trial has dropped out
    assert chosen.mined["held_out"]["saved"] > 0
    assert all(parse(entry.text) for entry in chosen.shorthands)
