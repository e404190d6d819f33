"""Tokens: `lex` and `scan` agree, lose nothing but blanks, and cut as Python's own tokenizer cuts."""

from __future__ import annotations

import io
import sys
import tokenize
from pathlib import Path

import pytest

from slimgrammar.syntax.fstrings import MAX_NESTING, Field, read_fstring
from slimgrammar.syntax.lexer import leaves_python, lex, scan
from slimgrammar.syntax.source import read_source

from ..conftest import CORPORA

SAMPLES = sorted((CORPORA / "samples").rglob("*.py"))
_LAYOUT = {tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER, tokenize.ENCODING}
TEXTS = [
    "",
    " ",
    "x ",
    "x \\\n",
    "x = 1 # c ",
    "x = '",
    "f'{'\n" * 3,
    "x = f'{a['b']}'",
    "x = f'{\n'a'\n}' + 1",
    "x = f'{\"}\" + 'a  b'}'",
    "f'''{'''a'''}''' 'b'",
    "1if x else.5",
    "x\\\n  .y",
    "\\\n    x",
    "\f\nx\n\f  y",
]


@pytest.mark.parametrize("text", TEXTS)
def test_lex_and_scan_agree(text: str) -> None:
    assert lex(text) == [token for token, _ in scan(text)]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_samples_are_cut_as_python_cuts_them(path: Path) -> None:
    text = read_source(path, path.read_bytes()).text
    tokens = scan(text)
    assert lex(text) == [token for token, _ in tokens]
    assert all(text.startswith(token, offset) for token, offset in tokens)
    if path.name == "unicode_names.py" or path.parent.name.startswith("py3") or (sys.version_info >= (3, 12) and "'" in text):
        return  # `tokenize` knows no combining marks, older hosts no newer syntax, and newer ones cut f-strings in pieces
    wanted = [token.string for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type not in _LAYOUT]
    assert [token for token, _ in tokens if token and token[0] != "\n"] == wanted


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_no_program_leaves_python(path: Path) -> None:
    text = read_source(path, path.read_bytes()).text
    assert not leaves_python(text, len(text))


@pytest.mark.parametrize(
    ("text", "leaves"),
    [
        ("Look at `x`, import it:\n```", True),
        ("Why? import x\n```", True),
        ("It isn't so: import x\n```", True),
        ("import x\n# isn't it?\n```", True),
        ("import x\n# isn't it?\n", False),
        ("'''\nWhy?\n```\n'''\nimport x\n", False),
        ("x = f'{a['b']}' ? ```", False),
        ("import x\n", False),
        ("", False),
    ],
)
def test_what_leaves_python(text: str, leaves: bool) -> None:
    assert leaves_python(text, text.find("```") if "```" in text else len(text)) is leaves


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("f''", 3),
        ("f'{a}'b'", 6),
        ("f'{a['b']}'", 11),
        ("f'{{{a}}}'", 10),
        ("f'{a:{b}}'", 10),
        ("f'{a:%H:%M}'", 12),
        ("f'{a!r:>{b['c']}}' x", 18),
        ("f'{a != b}'", 11),
        ("f'{a:=5}'", 9),
        ("f'{(a:=5)}'", 11),
        ("f'{a = !r}'", 11),
        ("rf'\\{a}'", 8),
        ("f'\\{a}'", 7),
        ("f'\\N{EM DASH}'", 14),
        ("f'{a:\\'}'", 9),
        ("f'''{\n'''a''' # c\n}'''", 22),
        ("f'{f\"{f'{a}'}\"}'", 16),
        ("t'{a}'", 6),
        ("Rt'{a}'", 7),
    ],
)
def test_an_fstring_ends_where_python_ends_it(text: str, end: int) -> None:
    whole = read_fstring(text)
    assert whole is not None
    assert whole.end == end


@pytest.mark.parametrize(
    "text",
    ["f'", "f'{'", "f'{a'", "f'}'", "f'{}'", "f'{a!}'", "f'{a!x}'", "f'{a b", "f'\n'", "f'{a)}'", "x", "rtr''", "f'\\N{'"],
)
def test_a_malformed_fstring_is_none(text: str) -> None:
    assert read_fstring(text) is None


def test_the_parts_of_an_fstring() -> None:
    text = "f'a{b = !r:>{c}}d'"
    whole = read_fstring(text)
    assert whole is not None
    literal, field, last = whole.parts
    assert (literal, last) == ((2, 3), (16, 17))
    assert isinstance(field, Field)
    assert (text[field.start : field.stop], field.shown, field.conversion) == ("b ", "b = ", "r")
    assert field.spec is not None
    assert len(field.spec) == 2


def test_nesting_has_a_limit() -> None:
    for depth, known in ((MAX_NESTING // 2, True), (MAX_NESTING * 2, False), (50_000, False)):
        assert (read_fstring("f'{" * depth + "1" + "}'" * depth) is not None) == known
