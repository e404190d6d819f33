"""Programs in other languages without formatting: the same program, and the author's layout back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import slimgrammar as slim

pytest.importorskip("tree_sitter_java", reason="needs slimgrammar[prune]")

from slimgrammar.pipeline.flat import flattened
from slimgrammar.pipeline.listings import line_finder
from slimgrammar.pipeline.relayout import laid, relaid
from slimgrammar.prune.languages import language, language_of

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for folder in ("tests/prune/samples", "corpora/prompts/sources")
    for path in (ROOT / folder).rglob("*.*")
    if path.suffix not in (".py", ".txt", ".pyc")
)


@pytest.fixture(params=FILES, ids=[path.name for path in FILES])
def file(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_a_program_stays_the_same(file: Path) -> None:
    source, known = file.read_text(encoding="utf-8"), language_of(file)
    made = flattened(source, known)
    assert made is not None
    assert "".join(made.text.split()) == "".join(source.split())
    assert not any(line[:1].isspace() for line in made.text.split("\n") if not line.startswith((" *", "\t*")) and line.strip())
    again = flattened(made.text, known)
    assert again is not None
    assert again.text == made.text
    lines = source.split("\n")
    for line, at in zip(made.text.removesuffix("\n").split("\n"), made.lines, strict=True):
        assert "".join(line.split()) == "".join(lines[at].split())


def test_it_comes_back(file: Path) -> None:
    source, known = file.read_text(encoding="utf-8"), language_of(file)
    original, made = laid(source, known), flattened(source, known)
    assert original is not None
    assert made is not None
    assert relaid(made.text, known, [original]) == source
    assert relaid(source, known, [original]) is None


@pytest.mark.parametrize(
    ("name", "source", "wanted"),
    [
        ("javascript", "let a = b + +c;\n\n  let r = x / /y/.z;\n", "let a=b+ +c;\nlet r=x/ /y/.z;\n"),
        ("javascript", "return\n  x\n", "return\nx\n"),
        ("javascript", "let t = `a\n    b  c`;\n", "let t=`a\n    b  c`;\n"),
        (
            "javascript",
            "const v = (\n  <p>\n    Hello  {name} <b>you</b> {x} <i/>\n  </p>\n);\n",
            "const v=(\n<p>\n    Hello  {name} <b>you</b> {x} <i/>\n</p>\n);\n",
        ),
        ("typescript", "const a = b < c && d > e;\n", "const a=b<c&&d>e;\n"),
        (
            "java",
            "class A {\n  /* one\n     two */\n  int x = 1;  // why\n}\n",
            "class A{\n/* one\ntwo */\nint x=1;// why\n}\n",
        ),
        ("c", "#define F (x)\n#define G(x) (x)\nint a = -  -b;\n", "#define F (x)\n#define G(x) (x)\nint a= - -b;\n"),
        ("go", "package a\n\nvar b = `x\n  y`\n", "package a\nvar b=`x\n  y`\n"),
        ("rust", "fn f<'a>(x: &'a str) -> &'a str { x }\n", "fn f<'a>(x: &'a str)-> &'a str{x}\n"),
        ("csharp", 'var s = @"a\n   b" + $"{c  }";\n', 'var s=@"a\n   b"+$"{c  }";\n'),
    ],
)
def test_spaces_that_mean_something_stay(name: str, source: str, wanted: str) -> None:
    made = flattened(source, language(name))
    assert made is not None
    assert made.text == wanted


def test_lines_out_of_a_file_lose_their_indentation_only() -> None:
    made = flattened("        return a + b;\n    }\n\n    int g() {\n", language("java"))
    assert made is None or made.text == "return a + b;\n}\nint g() {\n"
    assert flattened("  a`\n   b  c\n  `  d\n", language("javascript")) is None


def test_an_edited_program_has_the_authors_layout() -> None:
    source = (ROOT / "corpora/prompts/sources/queue/pool.go").read_text(encoding="utf-8")
    done = slim.compress_messages([{"role": "user", "content": f"Look:\n```go\n{source}```\n"}])
    assert [block.kind for block in done.blocks] == ["other"]
    flat = done.blocks[0].text.replace("o.Backlog=64\n}\n", "o.Backlog=64\nif x{\no.log()\n}\n}\n")
    edited = source.replace("\t\to.Backlog = 64\n\t}\n", "\t\to.Backlog = 64\n\t\tif x{\n\t\t\to.log()\n\t\t}\n\t}\n")
    assert done.restore(f"So:\n```go\n{flat}```\n") == f"So:\n```go\n{edited}```\n"
    assert done.restore(f"So:\n```go\n{source}```\n") == f"So:\n```go\n{source}```\n"


WORDS = "a b1 if ( ) { } ; + - ++ / < > ? . .. 1 1.5 'c' = => return [ ] , : & * #".split()
WORDS += ['"s  t"', "`x  y`", "// why\n", "/* a\n   b */", "\n", "\n\n    ", " ", "  "]


@given(
    st.sampled_from(["java", "javascript", "typescript", "go", "c", "cpp", "rust", "csharp"]),
    st.lists(st.sampled_from(WORDS), max_size=14),
)
def test_any_words(name: str, words: list[str]) -> None:
    source, known = " ".join(words), language(name)
    made = flattened(source, known)
    if made is None:
        return
    assert "".join(made.text.split()) == "".join(source.split())
    again = flattened(made.text, known)
    assert again is None or "".join(again.text.split()) == "".join(source.split())
    line_of = line_finder(source)
    assert all(at <= line_of(len(source)) for at in made.lines)
