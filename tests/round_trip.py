"""The one checker: what must hold of every program in every dialect, by Python's own `ast` and `tokenize` and not our proof."""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from itertools import pairwise

import slimgrammar as slim
from slimgrammar.compact.positions import PositionMap, position_map
from slimgrammar.compact.statements import StatementReader
from slimgrammar.syntax.lexer import lex, scan
from slimgrammar.syntax.newer import lower

KEPT = ("keep", "drop")
_STARTS = {getattr(tokenize, name, -1) for name in ("FSTRING_START", "TSTRING_START")}
_ENDS = {getattr(tokenize, name, -1) for name in ("FSTRING_END", "TSTRING_END")}
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def check(source: str, dialect: str, *, comments: str = "keep", docstrings: str = "keep") -> str:
    """Asserts that a program survives a dialect; gives the encoded text."""
    encoded = slim.encode(source, dialect=dialect, comments=comments, docstrings=docstrings)
    decoded = slim.decode(encoded, dialect=dialect)
    assert_same_program(source, decoded, comments=comments, docstrings=docstrings)
    assert slim.encode(decoded, dialect=dialect) == encoded, "decoded and encoded again it is another text"
    assert len(encoded) <= len(source) + crowded(source), "the encoded text is longer than the source"
    assert slim.decode(encoded, dialect=dialect, like=source) == source, "the author's layout does not come back"
    assert_consistent(position_map(source, encoded, dialect), source, encoded)
    return encoded


def assert_same_program(source: str, decoded: str, *, comments: str = "keep", docstrings: str = "keep") -> None:
    """Asserts equal trees, and comments at the same places where they were kept."""
    host = parses(source)
    one, two = (source, decoded) if host else (lower(source).text, lower(decoded).text)
    typed = comments == "keep" and parses(one, typed=True)  # a type comment where none may stand is only a comment
    assert tree(one, typed=typed, docstrings=docstrings) == tree(two, typed=typed)
    if comments == "drop":
        assert comments_of(decoded, host=host) == []
    else:
        wanted, found = comments_of(source, host=host, docstrings=docstrings), comments_of(decoded, host=host)
        # what stood behind a dropped docstring gets a line of its own
        own = docstrings == "keep"
        assert [(place, text if own else text.lstrip("\n")) for place, text in wanted] == [
            (place, text if own else text.lstrip("\n")) for place, text in found
        ]


def crowded(source: str) -> int:
    """How many numbers touch a word, as in `1if x`: Python warns of these, and every dialect writes a blank there."""
    tokens = scan(source)
    return sum(
        (word[0].isdigit() or word[0] == ".") and word[-1].isalnum() and start + len(word) == following and after[:1].isalpha()
        for (word, start), (after, following) in pairwise(tokens)
        if word
    )


def parses(source: str, *, typed: bool = False) -> bool:
    """Whether the host's parser takes a text, its type comments too."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source, type_comments=typed)
    except (SyntaxError, ValueError):
        return False
    return True


def tree(source: str, *, typed: bool, docstrings: str = "keep") -> str:
    """The syntax tree as text, with or without type comments."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parsed = ast.parse(source, type_comments=typed)
    if docstrings == "drop":
        for node in ast.walk(parsed):
            if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
                while node.body and ast.get_docstring(node, clean=False) is not None:  # a second string must not become one
                    del node.body[0]
                node.body = node.body or ([] if isinstance(node, ast.Module) else [ast.Pass()])
    tags = [ignore.tag for ignore in parsed.type_ignores]
    parsed.type_ignores = []  # they hold line numbers
    return f"{tags} {ast.dump(parsed)}"


def comments_of(source: str, *, host: bool, docstrings: str = "keep") -> list[tuple[int, str]]:
    """All comments, each with the number of names and numbers before it; one with a line of its own starts with a line end."""
    if not host:  # `tokenize` cannot read it
        reader = StatementReader(lex(f"\n{source}"), docstrings == "drop")
        reader.run()
        return reader.comments
    found: list[tuple[int, str]] = []
    words = inside = 0  # inside of f-strings comments are part of the string, and are neither moved nor dropped
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        inside += token.type in _STARTS
        inside -= token.type in _ENDS
        if token.type == tokenize.COMMENT and not inside:
            own = token.line[: token.start[1]].strip() == ""
            found.append((words, "\n" * own + token.string))
        elif token.type in (tokenize.NAME, tokenize.NUMBER):
            words += token.string != "pass"
    return found


def assert_consistent(positions: PositionMap, source: str, encoded: str) -> None:
    """Asserts that a position map is monotone, inside of both texts, and leads each way to the same words."""
    for span in positions.spans:
        assert 0 <= span.source_start <= span.source_end <= len(source)
        assert 0 <= span.encoded_start <= span.encoded_end <= len(encoded)
        if span.source_start < span.source_end and span.encoded_start < span.encoded_end:
            assert positions.to_encoded(span.source_start) == span.encoded_start
            assert positions.to_source(span.encoded_start) == span.source_start
            word, other = source[span.source_start : span.source_end], encoded[span.encoded_start : span.encoded_end]
            assert word == other or not (word.isidentifier() and other.isidentifier())
    for before, after in pairwise(positions.spans):
        assert before.source_end <= after.source_end
        assert before.encoded_end <= after.encoded_end
    for forth, size in ((positions.to_encoded, len(source)), (positions.to_source, len(encoded))):
        offsets = [forth(offset) for offset in range(0, size + 1, max(1, size // 500))]
        assert offsets == sorted(offsets)
