"""Token boundaries, categories and blocks, over all samples: what the page unpacks is what was there."""

from __future__ import annotations

import base64
import json
import zlib
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from slimgrammar.compact.categories import CATEGORIES
from slimgrammar.errors import SlimError
from slimgrammar.report.blocks import varints
from slimgrammar.report.boundaries import token_ends, utf16
from slimgrammar.report.forms import Options, tokens_of
from slimgrammar.report.showing import View, show
from slimgrammar.syntax.source import read_source
from slimgrammar.vocab import load
from tests.conftest import CORPORA

SAMPLES = sorted((CORPORA / "samples").glob("*.py"))
OPTIONS = Options(methods=("slim", "skeleton"))
VOCAB = load("o200k_base")


def streams(view: View) -> list[bytes]:
    data = zlib.decompress(base64.b64decode(view.block))
    found = []
    while data:
        size = int.from_bytes(data[:4], "little")
        found.append(data[4 : 4 + size])
        data = data[4 + size :]
    return found


def numbers(data: bytes) -> list[int]:
    found, value, shift = [], 0, 0
    for byte in data:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            found.append(value)
            value = shift = 0
    return found


def rows(data: bytes, pairs: int, rest: int) -> list[tuple[int, ...]]:
    """Absolute offsets again."""
    flat, width = numbers(data), 2 * pairs + rest
    ends = [0] * pairs
    found = []
    for at in range(0, len(flat), width):
        row: list[int] = []
        for pair in range(pairs):
            step, length = flat[at + 2 * pair : at + 2 * pair + 2]
            start = ends[pair] + (-(step + 1) // 2 if step % 2 else step // 2)
            ends[pair] = start + length
            row += [start, ends[pair]]
        found.append((*row, *flat[at + 2 * pairs : at + width]))
    return found


@pytest.mark.parametrize("path", SAMPLES, ids=[path.stem for path in SAMPLES])
def test_samples(path: Path) -> None:
    source = read_source(path, path.read_bytes()).text
    try:
        shown = show(path.name, source, OPTIONS, VOCAB)
    except SlimError:
        with pytest.raises(SlimError):
            tokens_of(source, OPTIONS, VOCAB)
        return
    assert shown.tokens == tokens_of(source, OPTIONS, VOCAB)
    original = streams(shown.views["original"])[0].decode("utf-8", "surrogatepass")
    for view in shown.views.values():
        check_view(view, original)


def check_view(view: View, original: str) -> None:
    text, tokens, spans, losses, reasons = streams(view)
    spelled, names = text.decode("utf-8", "surrogatepass"), json.loads(reasons)
    assert sum(numbers(tokens)) == units(spelled)
    assert len(numbers(tokens)) == view.tokens
    if "\ue000" not in original:  # a symbol within a string is a token of its own, which `shares` does not see
        assert sum(view.by_category) == pytest.approx(view.tokens)
    for a, b, c, d in rows(spans, 2, 0):
        assert 0 <= a <= b <= units(original)
        assert 0 <= c <= d <= units(spelled)
    for start, end, reason in rows(losses, 1, 1):
        assert 0 <= start < end <= units(original)
        assert reason < len(names)


def units(text: str) -> int:
    """The length of a text as a browser counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@pytest.mark.parametrize("vocab", ["cl100k_base", "llama3", "qwen3"])
def test_boundaries_cut_a_text_as_its_tokens_do(vocab: str) -> None:
    text = "naïve = '😀 汉字' # é\n\tx\n"
    known = load(vocab)
    ends = token_ends(known, text)
    assert ends is not None
    pieces = [known.decode_token(token) for token in known.encode(text)]
    assert len(ends) == len(pieces)
    whole = [
        (piece.decode(), text[start:end])
        for piece, (start, end) in zip(pieces, pairwise([0, *ends]), strict=True)
        if valid(piece)
    ]
    assert len(whole) > 8
    assert all(piece == cut for piece, cut in whole)


def valid(piece: bytes) -> bool:
    try:
        piece.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_a_text_that_the_tokenizer_rewrites_has_no_boundaries() -> None:
    assert token_ends(load("qwen3"), "e\u0301") is None  # it composes the two
    shown = show("rewritten.py", "x = 'e\u0301'\n", Options(methods=()), load("qwen3"))
    assert streams(shown.views["compact"])[1] == b""
    assert shown.views["compact"].tokens > 0


def test_symbols_are_one_token_each() -> None:
    shown = show("s.py", "def f(x=None):\n    if x is not None:\n        return x\n", Options(methods=()), VOCAB)
    text, tokens, *_ = streams(shown.views["symbols"])
    marks = sum("\ue000" <= character <= "\uf8ff" for character in text.decode())
    assert marks > 0
    assert numbers(tokens).count(1) >= marks


def test_offsets_beyond_the_first_plane() -> None:
    text = "a😀b\U00010000c"
    ends = [len(text[:at].encode("utf-16-le")) // 2 for at in range(len(text) + 1)]
    assert utf16(text, np.arange(len(text) + 1)).tolist() == ends


def test_what_is_left_of_a_program_keeps_its_categories() -> None:
    source = 'def f(x):\n    """Doc."""\n    # why\n    return "s" + 1.5 + g(x)\n'
    views = show("c.py", source, Options(methods=("slim",), keep=0.7), VOCAB).views
    before, after = (dict(zip(CATEGORIES, views[name].by_category, strict=True)) for name in ("original", "slim, 70 % kept"))
    assert all(before[category] > 0 for category in ("docstrings", "comments", "strings", "numbers", "identifiers"))
    assert 0 < after["docstrings"] <= before["docstrings"]
    assert after["indentation"] == 0 < before["indentation"]


def test_varints() -> None:
    values = [0, 1, 127, 128, 300, 16383, 16384, 2**21, 2**28, 2**31]
    assert numbers(varints(np.array(values))) == values
    assert varints(np.array([], dtype=np.int64)) == b""
