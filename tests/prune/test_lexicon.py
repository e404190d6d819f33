"""A lexicon cuts a chunk alike wherever it stands, answers alike from every thread, and is left when it is large."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import numpy as np
import pytest

from slimgrammar.prune import lexicon as module
from slimgrammar.prune.elements import split
from slimgrammar.prune.lexicon import Lexicon, lexicon


@pytest.mark.parametrize(
    ("text", "texts", "gaps"),
    [
        ("get_user_name2", ["get", "user", "name2"], ["", "_", "_"]),
        ("getHTTPResponse", ["get", "HTTP", "Response"], ["", "", ""]),
        ("__init__ _x y_", ["__init__", "_x", "y_"], ["", " ", " "]),
        ("a_1_ = 3", ["a", "1", "_", "=", "3"], ["", "_", "", " ", " "]),
        ("$_ $__x", ["$", "_", "$", "__x"], ["", "", " ", ""]),
        ("  x  =\t1", ["  ", "x", "=", "1"], ["", "", "  ", "\t"]),
        ("x \n  y", ["x", " \n", "  ", "y"], ["", "", "", ""]),
    ],
)
def test_elements_and_gaps(text: str, texts: list[str], gaps: list[str]) -> None:
    found = split(text)
    assert found.texts.tolist() == texts
    assert found.gaps.tolist() == gaps


def test_ways_write_what_stood_there() -> None:
    found = split("a  b_c d\r\n\te")
    ways = found.lexicon.ways[0]
    assert "".join(ways[found.glued].tolist()) == "a  b_c d\r\n\te"
    assert ways[found.alone].tolist() == ["a", "b", "c", "d", "\r\n", "\t", "e"]
    assert ways[found.alone[:4] + 1].tolist() == [" a", " b", " c", " d"]


def test_facts_are_asked_once_for_each_text() -> None:
    words = Lexicon()
    ids = np.array([words.number(text) for text in ("one", "three", "one")])
    asked = []

    def tell(text: str) -> tuple[int, int]:
        asked.append(text)
        return len(text), -1

    for _ in range(2):
        assert words.facts("length", tell, ids, np.int64).tolist() == [[3, 5, 3], [-1, -1, -1]]
    assert sorted(asked) == ["", "one", "three"]
    more = np.array([words.number(str(at)) for at in range(5000)])
    assert words.facts("length", tell, more, np.int64)[0].tolist() == [len(str(at)) for at in range(5000)]


def test_threads_share_a_lexicon() -> None:
    rng = Random(5)
    names = [f"name{rng.randrange(3000)}_part{rng.randrange(3000)}" for _ in range(4000)]
    texts = [" ".join(names[at : at + 400]) for at in range(0, 4000, 100)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(split, texts))
    for text, elements in zip(texts, found, strict=True):
        assert "".join((elements.gaps + elements.texts).tolist()) == text


def test_a_large_lexicon_is_left_to_those_who_use_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before = split("kept_by_its_program")
    monkeypatch.setattr(module, "_MOST_LETTERS", 1)
    assert lexicon() is not before.lexicon
    assert before.texts.tolist() == ["kept", "by", "its", "program"]
