"""Position maps: each word leads to itself, what is implied has no width, and both ways are monotone."""

from __future__ import annotations

import json

import pytest

import slimgrammar as slim
from slimgrammar.compact.positions import position_map
from slimgrammar.errors import SlimError, SyntaxProblem

SOURCE = '''# why
from .a import (b, c,)


class A(object):
    """Docs."""

    def method(self, first, second = 0x10):  # note
        value = self.other["key" 'more'](first, second)
        return (value if first else [None])
'''


@pytest.mark.parametrize("dialect", slim.DIALECTS)
@pytest.mark.parametrize("comments", ["keep", "drop"])
def test_words_lead_to_themselves(dialect: str, comments: str) -> None:
    encoded = slim.encode(SOURCE, dialect=dialect, comments=comments)
    positions = position_map(SOURCE, encoded, dialect)
    for word in ("first", "second", "value", "other", "method", "object"):
        here, there = SOURCE.index(word), encoded.index(word)
        assert positions.to_encoded(here) == there
        assert positions.to_source(there) == here
        assert positions.to_encoded(here + len(word) - 1) == there + len(word) - 1


def test_what_is_implied_has_no_width() -> None:
    encoded = slim.encode("f(a, b)\n")
    spans = position_map("f(a, b)\n", encoded, "compact").spans
    comma = spans[3]
    assert encoded == "f(a b)"
    assert comma.source_end - comma.source_start == 1
    assert comma.encoded_start == comma.encoded_end


def test_a_list_of_words_leads_to_each() -> None:
    source = "for x in y:\n    z = ['one', 'two', 'three'], 4\n"
    encoded = slim.encode(source)
    assert encoded == "for x y:z=[$'one two three'],4"
    positions = position_map(source, encoded, "compact")
    for word in ("y", "two", "three", "4"):
        here, there = source.index(word), encoded.index(word)
        assert positions.to_encoded(here) == there
        assert source[positions.to_source(there) :].lstrip("'").startswith(word)
    assert positions.to_encoded(source.index("in ")) == encoded.index("y")


def test_a_joined_string_reaches_over_its_pieces() -> None:
    source = "x = ('a'\n     'b')\n"
    positions = position_map(source, slim.encode(source), "compact")
    span = positions.spans[2]
    assert source[span.source_start : span.source_end] == "'a'\n     'b'"


def test_the_ends_lead_to_the_ends() -> None:
    encoded = slim.encode(SOURCE)
    positions = position_map(SOURCE, encoded, "compact")
    assert positions.to_encoded(len(SOURCE)) == len(encoded)
    assert positions.to_encoded(10**9) == len(encoded)
    assert positions.to_source(len(encoded)) == len(SOURCE)


def test_as_json() -> None:
    positions = position_map("x = 1\n", "x=1", "compact")
    assert json.loads(positions.to_json()) == [[0, 1, 0, 1], [2, 3, 1, 2], [4, 5, 2, 3]]


@pytest.mark.parametrize(
    ("source", "encoded", "error"),
    [("x = 1\n", "y=1", SlimError), ("x = (\n", "x=1", SyntaxProblem), ("x = 1\n", "x=(", SyntaxProblem)],
)
def test_texts_that_do_not_belong_together(source: str, encoded: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        position_map(source, encoded, "compact")
