"""The forms that are compared hold the same program."""

from __future__ import annotations

import ast
import inspect
from typing import Any

import python_minifier
from forms import BASELINES, ORIGINAL, count_tokens, forms, saved

from slimgrammar.bench.peers import CANONICAL, LOSSY_MINIFIER, MINIFIER, canonical
from slimgrammar.vocab import count, load

from .conftest import PROGRAM

# What is no transformation: all other parameters of `minify` are switched off.
KEPT = {"source", "filename", "preserve_locals", "preserve_globals", "preserve_shebang"}


def test_every_content_has_every_form() -> None:
    spelled = forms(PROGRAM)
    dialects = {"python", "compact", "symbols"}
    assert {form for content, form in spelled if content == "all"} == {ORIGINAL, *dialects}
    for content in ("docstrings", "code"):
        found = {form for other, form in spelled if other == content}
        assert found == {ORIGINAL, CANONICAL, MINIFIER, LOSSY_MINIFIER, *dialects}


def test_a_content_holds_what_it_says() -> None:
    spelled = forms(PROGRAM)
    for (content, form), text in spelled.items():
        if form not in (ORIGINAL, LOSSY_MINIFIER):
            assert ("# the sum" in text) == (content == "all"), (content, form)
            assert ("Sum of two" in text) == (content != "code"), (content, form)


def test_forms_that_are_python_have_the_same_tree() -> None:
    spelled = forms(PROGRAM)
    for content in ("docstrings", "code"):
        wanted = ast.dump(ast.parse(spelled[content, CANONICAL]))
        assert wanted == ast.dump(ast.parse(spelled[content, MINIFIER])) == ast.dump(ast.parse(spelled[content, "python"]))


def test_canonical_without_docstrings_keeps_bodies() -> None:
    assert canonical(PROGRAM, docstrings="drop").endswith("class Empty(object):\n    pass")
    assert canonical('"""Only this."""', docstrings="drop") == ""


def test_the_minifier_is_minify_with_every_transformation_off() -> None:
    off = inspect.signature(python_minifier.minify).parameters.keys() - KEPT
    minify: Any = python_minifier.minify
    text = canonical(PROGRAM, docstrings="keep")
    assert minify(text, **dict.fromkeys(off, False)) == forms(PROGRAM)["docstrings", MINIFIER]


def test_counts_and_shares() -> None:
    tokens = count_tokens(forms(PROGRAM), ["o200k_base"])
    vocab = load("o200k_base")
    assert tokens["o200k_base", "all", ORIGINAL] == tokens["o200k_base", "code", ORIGINAL] == count(vocab, PROGRAM)
    for content, baseline in BASELINES.items():
        assert saved(tokens, "o200k_base", content, baseline) == 0
        assert saved(tokens, "o200k_base", content, "compact") > saved(tokens, "o200k_base", content, "python") > 0
