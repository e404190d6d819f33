"""The other shapes of tools' results: searches, JSON, files between tags, and what is cut to a budget."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import slimgrammar as slim
from slimgrammar.pipeline.elements import elements
from slimgrammar.pipeline.excerpts import excerpt
from slimgrammar.pipeline.searches import grouped, ungrouped
from slimgrammar.pipeline.structured import rewritten
from slimgrammar.vocab import count, load

CODE = "def f(self, a, b):\n    if a is None:\n        return self.x, b\n    return self.y, a, b\n" * 4
ENCODED = slim.encode(CODE) + "\n"
VOCAB = load("o200k_base")


def tool(content: str) -> list[dict[str, Any]]:
    return [{"role": "tool", "content": content}]


def compressed(content: str) -> str:
    made: str = slim.compress_messages(tool(content), legend="never").messages[0]["content"]
    return made


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a/b.py:1:x\na/b.py:2:  y:z\nc.go:9:w\n", "a/b.py\n1:x\n2:  y:z\n\nc.go\n9:w\n"),
        ("a/b.py-1-x\na/b.py:2:y\n--\na/b.py:7:z\na/b.py-8-w\n", "a/b.py\n1-x\n2:y\n--\n7:z\n8-w\n"),
    ],
)
def test_searches(text: str, wanted: str) -> None:
    assert grouped(text) == wanted
    assert ungrouped(wanted) == text


@pytest.mark.parametrize(
    "text", ["", "a/b.py:1:x\nprose\n", "a/b.py:x\n", "a.py:1:2: E1 error\n\nb.py:1:2: E1\n", "http://x:1:y z\n\n\n"]
)
def test_no_searches(text: str) -> None:
    made = grouped(text)
    assert made is None or ungrouped(made) == text


MATCHES = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["a.py", "b-1-/c.py", "d"]),
    st.sampled_from(":-"),
    st.integers(0, 99),
    st.sampled_from(":-"),
    st.sampled_from(["", " x", ":1:", "--"]),
)


@given(st.lists(MATCHES | st.sampled_from(["--", "", "x"]), max_size=7).map("\n".join))
def test_any_search_comes_back(text: str) -> None:
    made = grouped(text)
    assert made is None or ungrouped(made) == text


JSONS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=6)
    | st.sampled_from(["a\nb", CODE]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(JSONS, st.sampled_from([None, 0, 1, 4]), st.booleans())
def test_json_stays_the_same(value: object, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    made = rewritten(text, lambda value, file: None)
    assert json.loads(made) == value
    assert len(made) <= len(text)
    assert rewritten(made, lambda value, file: None) == made


def test_code_in_json() -> None:
    text = json.dumps({"path": "é.py", "content": CODE, "note": "two\nlines"}, indent=2, ensure_ascii=False)
    made = json.loads(compressed(text))
    assert made == {"path": "é.py", "content": ENCODED, "note": "two\nlines"}
    assert "é" in compressed(text)
    messages = [{"role": "user", "content": f"```json\n{text}\n```\n"}]
    assert slim.compress_messages(messages).messages is messages


def test_files_between_tags() -> None:
    text = (
        f'<files>\n<file path="a.py">\n{CODE}</file>\n<file path="b.md">\n```python\n{CODE}```\n</file>\n</files>\n'
        f"<document>\n<source>c.py</source>\n<document_content>\n{CODE}</document_content>\n</document>\n<cell>\n{CODE}</cell>\n"
        f"<p>\nprose\n</p>\n```xml\n<file path='d.py'>\n{CODE}</file>\n```\n"
    )
    done = slim.compress_messages([{"role": "user", "content": text}], legend="never")
    assert [block.status for block in done.blocks] == ["encoded"] * 4 + ["kept"]
    assert done.messages[0]["content"] == text.replace(CODE, ENCODED, 4)


def test_fences_in_a_files_docstring_open_nothing() -> None:
    code = f'"""Text.\n\n```\n"""\n{CODE}'
    text = f'<file path="a.py">\n{code}</file>\n\n```python\n{CODE}```\n'
    done = slim.compress_messages([{"role": "user", "content": text}], legend="never")
    assert done.messages[0]["content"] == text.replace(code, slim.encode(code) + "\n").replace(CODE, ENCODED)


@pytest.mark.parametrize(
    "text", ["<file>\nx\n", "<file path='a'\nx\n</file>\n", "</file>\n", "<a>\n" * 9, "<a><b>\n</b></a>\n"]
)
def test_no_elements(text: str) -> None:
    assert list(elements(text)) == []


def test_an_elements_closing_line_in_its_code() -> None:
    text = f'<file path="a.py">\nx = """\n</file>\n"""\n{CODE}</file>\n'
    messages = [{"role": "user", "content": text}]
    assert slim.compress_messages(messages).messages is messages


def test_many_tags_and_numbers_take_linear_time() -> None:
    for text in ("<a>\n" * 20_000 + "</a>\n" * 20_000, "<file path='a.py'>\n" * 20_000, "1\tx\n" * 40_000, "a/b:1:\n" * 20_000):
        messages = tool(text)
        assert slim.compress_messages(messages).tokens_after <= slim.compress_messages(messages).tokens_before


@given(st.lists(st.text("ab \n…", max_size=9), max_size=9).map("\n".join), st.integers(2, 40))
def test_excerpts_fit(text: str, limit: int) -> None:
    made = excerpt(text, "a", limit, VOCAB)
    assert count(VOCAB, made) <= limit
    assert count(VOCAB, text) > limit or made == text


def test_a_commands_output_is_cut_to_a_budget() -> None:
    pytest.importorskip("tree_sitter_java", reason="needs slimgrammar[prune]")
    lines = [f"line {number} of a log" for number in range(300)] + ["FAILED test_parser: no header"]
    messages = [*tool("\n".join(lines)), {"role": "user", "content": "Why does the parser fail?"}]
    done = slim.compress_messages(messages, max_tokens=120)
    assert done.tokens_after <= 120
    assert "FAILED test_parser" in done.messages[0]["content"]
    assert done.messages[1] is messages[1]


def test_kinds_can_be_chosen() -> None:
    text = json.dumps({"a": [1, 2]}, indent=4)
    assert slim.compress_messages(tool(text), kinds=["python"]).messages[0]["content"] == text
    assert slim.compress_messages(tool(text), kinds=["json"]).messages[0]["content"] == '{"a":[1,2]}'
    with pytest.raises(slim.UnknownOption, match="unknown kind 'xml'"):
        slim.compress_messages(tool(text), kinds=["xml"])
