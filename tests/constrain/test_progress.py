"""One text of a generation: how it stands after each token, and what may come next."""

from __future__ import annotations

from pathlib import Path

import pytest

from slimgrammar.constrain.api import mask
from slimgrammar.constrain.progress import BROKEN, ENDED, GOING, LEFT, Progress, end_ids
from tests.constrain.conftest import SmallVocabulary


@pytest.fixture(scope="module")
def vocabulary() -> SmallVocabulary:
    return SmallVocabulary(("]\n\nx", "]]", "<open>", "true,"))


@pytest.fixture
def json_text(vocabulary: SmallVocabulary) -> Progress:
    return Progress(mask("json", vocabulary, special=[vocabulary.size - 1]), frozenset((vocabulary.size - 1,)))


def told(progress: Progress, vocabulary: SmallVocabulary, *pieces: str) -> Progress:
    for piece in pieces:
        progress.advance(vocabulary.numbers[piece.encode()])
    return progress


def end(vocabulary: SmallVocabulary) -> int:
    return vocabulary.size - 1


@pytest.mark.parametrize(
    ("pieces", "state", "taken"),
    [
        (["["], GOING, 1),
        (["[", "]"], GOING, 2),
        (["[", "]", "x"], LEFT, 2),
        (["[", "]\n\nx"], LEFT, 1),  # the token completes the text before it leaves it
        (["[", "]]"], LEFT, 1),
        (["[", "x"], BROKEN, 1),
        (["[", "x", "]"], BROKEN, 1),
    ],
)
def test_a_text_stands_as_its_tokens_say(
    json_text: Progress, vocabulary: SmallVocabulary, pieces: list[str], state: str, taken: int
) -> None:
    told(json_text, vocabulary, *pieces)
    assert (json_text.state, json_text.taken, json_text.told) == (state, taken, len(pieces))


def test_the_end_must_come_where_the_text_is_complete(json_text: Progress, vocabulary: SmallVocabulary) -> None:
    other = told(json_text, vocabulary, "[").copy()
    other.advance(end(vocabulary))
    assert other.state == BROKEN
    told(json_text, vocabulary, "]").advance(end(vocabulary))
    assert json_text.state == ENDED
    assert json_text.is_over()


def test_what_is_taken_back_was_never_there(json_text: Progress, vocabulary: SmallVocabulary) -> None:
    pieces = ["[", "[", "]", "]", "x", "x"]
    told(json_text, vocabulary, *pieces)
    assert json_text.state == LEFT
    json_text.rewind(5)
    assert (json_text.state, json_text.taken, json_text.told) == (LEFT, 4, 5)
    json_text.rewind(4)
    assert (json_text.state, json_text.told) == (GOING, 4)
    json_text.rewind(1)
    fresh = told(Progress(mask("json", vocabulary, special=[end(vocabulary)]), json_text.ends), vocabulary, "[")
    assert (json_text.words(vocabulary.size) == fresh.words(vocabulary.size)).all()
    json_text.rewind(0)
    assert json_text.told == 0


def test_words_allow_the_end_only_where_the_text_is_complete(json_text: Progress, vocabulary: SmallVocabulary) -> None:
    def allowed(progress: Progress, token: int) -> bool:
        words = progress.words(vocabulary.size + 70)  # models pad their vocabulary
        return bool(int(words.view("uint32")[token // 32]) >> token % 32 & 1)

    assert not allowed(json_text, end(vocabulary))
    told(json_text, vocabulary, "[", "]")
    assert allowed(json_text, end(vocabulary))
    assert not allowed(json_text, vocabulary.numbers[b"]"])
    told(json_text, vocabulary, "x")
    assert json_text.words(vocabulary.size).view("uint32").sum() == 1 << end(vocabulary) % 32


def test_a_favourite_outside_ends_a_complete_text(json_text: Progress, vocabulary: SmallVocabulary) -> None:
    told(json_text, vocabulary, "[", "]")
    outside = json_text.words(vocabulary.size, favourite=vocabulary.numbers[b"x"]).view("uint32")
    assert outside.sum() == 1 << end(vocabulary) % 32
    blank = json_text.words(vocabulary.size, favourite=vocabulary.numbers[b"\n"]).view("uint32")
    assert blank.sum() > outside.sum()


def test_what_is_forced(vocabulary: SmallVocabulary, tmp_path: Path) -> None:
    path = tmp_path / "form.lark"
    path.write_text('start: "<open>" ("x" | "0") "]"\n')
    # Single bytes spell everything, so only what no token but one begins is forced.
    text = Progress(mask(path, vocabulary, special=[end(vocabulary)]), frozenset((end(vocabulary),)))
    assert text.forced() == -1
    told(text, vocabulary, "<open>")
    assert text.forced() == -1
    told(text, vocabulary, "x")
    assert text.forced() == vocabulary.numbers[b"]"]
    told(text, vocabulary, "]")
    assert text.forced() == end(vocabulary)
    several = Progress(text.mask, frozenset((end(vocabulary), 300)))
    assert several.forced() == -1
    assert Progress(text.mask, end_ids(None)).forced() == -1


def test_ends_are_one_or_several_or_none() -> None:
    assert (end_ids(None), end_ids(3), end_ids([3, 4])) == (frozenset(), frozenset((3,)), frozenset((3, 4)))
