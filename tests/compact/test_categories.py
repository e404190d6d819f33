"""Categories: every part of a text has the right one, in every dialect."""

from __future__ import annotations

from pathlib import Path

import pytest

import slimgrammar as slim
from slimgrammar.compact.categories import CATEGORIES, parts
from slimgrammar.syntax.source import read_source

from ..conftest import CORPORA

PROGRAM = '''"""Doc."""
def f(self, a): "doc"; return f'{a}', "s"
class A:
    """Doc
    too."""
    x: "A" = 1.5  # why
    match y:
        case 1: pass
"last"
'''


def named(text: str, dialect: str, category: str) -> list[str]:
    return [text[part.start : part.end] for part in parts(text, dialect) if part.category == category]


def test_each_category_of_python() -> None:
    found = {category: named(PROGRAM, "python", category) for category in CATEGORIES}
    assert found["docstrings"] == ['"""Doc."""', '"doc"', '"""Doc\n    too."""', '"last"']
    assert found["strings"] == ["f'{a}'", '"s"', '"A"']
    assert found["numbers"] == ["1.5", "1"]
    assert found["comments"] == ["# why"]
    assert found["indentation"] == ["    "] * 3 + ["        "]
    assert found["newlines"].count(";") == 1
    assert found["commas"] == [",", ","]
    assert set(found["keywords"]) == {"def", "return", "class", "pass"}


@pytest.mark.parametrize("dialect", ["compact", "symbols"])
def test_the_marks_of_soft_keywords_are_keywords(dialect: str) -> None:
    text = slim.encode(PROGRAM + "y = a % b | c\ndef g(): return a | None\n", dialect=dialect)
    assert [mark for mark in named(text, dialect, "keywords") if not mark.isalpha()] == ["?", "|"]
    assert named(text, dialect, "docstrings")[0] == "'Doc.'"


@pytest.mark.parametrize("path", sorted((CORPORA / "samples").rglob("*.py")), ids=lambda path: path.stem)
def test_parts_stand_in_order_and_leave_only_blanks(path: Path) -> None:
    source = read_source(path, path.read_bytes()).text
    for dialect in slim.DIALECTS:
        text = slim.encode(source, dialect=dialect)
        done = 0
        for part in parts(text, dialect):
            assert done <= part.start < part.end <= len(text)
            assert text[done : part.start].strip(" \t\f\\\n") in ("", "\uf8ff")
            done = part.end
