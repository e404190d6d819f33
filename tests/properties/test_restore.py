"""The author's layout: an edit of the encoded program touches the statements that it changed, and nothing else."""

from __future__ import annotations

import ast
import warnings
from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st

import slimgrammar as slim

from ..round_trip import assert_same_program, parses, tree
from .strategies import mutated

DIALECTS = st.sampled_from(slim.DIALECTS)
NEW = "edited_name = changed(1, 2)\n"


def lines_of_statements(source: str) -> list[tuple[int, int]]:
    """First and last line (from 0) of each top-level statement that has its lines for itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        body = ast.parse(source).body
    spans = []
    for node in body:
        first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
        spans.append((first - 1, (node.end_lineno or first) - 1))
    taken = [line for span in spans for line in set(span)]
    return [span for span in spans if all(taken.count(line) == 1 for line in set(span))]


def has_docstring(source: str) -> bool:
    return tree(source, typed=False) != tree(source, typed=False, docstrings="drop")


@given(mutated(comments=False), DIALECTS, st.randoms(use_true_random=True))
def test_an_edit_touches_only_its_statement(source: str, dialect: str, chance: Random) -> None:
    assume(parses(source) and "\f" not in source)
    spans = lines_of_statements(source)
    assume(len(spans) > 1)
    first, last = chance.choice(spans)
    lines = source.splitlines(keepends=True) if "\x0b" not in source else source.split("\n")
    assume("".join(lines) == source and source.endswith("\n"))
    before, after = "".join(lines[:first]), "".join(lines[last + 1 :])
    edited = before + NEW + after
    # a program without its only docstring looks like one whose docstrings were dropped
    assume(parses(edited) and has_docstring(edited) == has_docstring(source))
    restored = slim.decode(slim.encode(edited, dialect=dialect), dialect=dialect, like=source)
    assert_same_program(edited, restored)
    # a statement that stands there twice may be the one that was kept: then its layout comes from the other place
    if len({"".join(lines[a : b + 1]) for a, b in spans}) == len(spans):
        assert restored.rstrip("\n") == edited.rstrip("\n")


@given(mutated(), mutated(), DIALECTS)
def test_any_program_can_be_put_over_any_other(source: str, other: str, dialect: str) -> None:
    restored = slim.decode(slim.encode(other, dialect=dialect), dialect=dialect, like=source)
    assume(parses(other))
    # where the encoded program holds no docstring at all, the original's come back
    docstrings = "keep" if has_docstring(other) else "drop"
    assert tree(restored, typed=False, docstrings=docstrings) == tree(other, typed=False, docstrings=docstrings)
