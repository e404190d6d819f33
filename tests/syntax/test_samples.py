"""The samples hold everything that Python can say: each node class, each of its optional parts there and not there."""

from __future__ import annotations

import ast
import re
import warnings
from collections import defaultdict
from functools import cache

from slimgrammar.syntax.check import check
from slimgrammar.syntax.newer import lower
from slimgrammar.syntax.source import read_source

from ..conftest import CORPORA

SAMPLES = sorted((CORPORA / "samples").rglob("*.py"))
# Of other uses than programs, or no longer made by any parser.
_NO_SYNTAX = {
    "mod",
    "Interactive",
    "Expression",
    "FunctionType",
    "Suite",
    "Index",
    "ExtSlice",
    "AugLoad",
    "AugStore",
    "Param",
    "slice",
}
_NEVER_EMPTY = {
    *(
        ("body", name)
        for name in ("ClassDef", "FunctionDef", "AsyncFunctionDef", "For", "AsyncFor", "While", "If", "With", "AsyncWith")
    ),
    *(("body", name) for name in ("Try", "TryStar", "ExceptHandler", "match_case")),
    *(("items", name) for name in ("With", "AsyncWith")),
    *(("names", name) for name in ("Import", "ImportFrom", "Global", "Nonlocal")),
    *(("targets", name) for name in ("Assign", "Delete")),
    *(("generators", name) for name in ("ListComp", "SetComp", "DictComp", "GeneratorExp")),
    *(("values", name) for name in ("BoolOp",)),
    *((field, "Compare") for field in ("ops", "comparators")),
    ("elts", "Set"),
    ("handlers", "TryStar"),
    ("cases", "Match"),
    ("patterns", "MatchOr"),
    ("values", "TemplateStr"),
}
_NEVER_ABSENT = {("level", "ImportFrom"), ("value", "MatchSingleton")}


def _concrete() -> list[type[ast.AST]]:
    """All node classes that the host's parser can make of a program."""
    classes = [cls for cls in vars(ast).values() if isinstance(cls, type) and issubclass(cls, ast.AST)]
    return [
        cls
        for cls in classes
        if cls.__module__ in ("ast", "_ast") and cls.__name__ not in _NO_SYNTAX and not _is_abstract(cls) and not _is_old(cls)
    ]


def _is_abstract(cls: type[ast.AST]) -> bool:
    return cls is ast.AST or any(
        other is not cls and cls in other.__bases__ for other in vars(ast).values() if isinstance(other, type)
    )


def _is_old(cls: type[ast.AST]) -> bool:
    """Whether the class stands for a constant as Python 3.7 had it."""
    return issubclass(cls, ast.Constant) and cls is not ast.Constant


@cache
def _seen() -> dict[tuple[str, str], set[str]]:
    """(field, class) → how the field was met: "there", "absent", "full", "empty"; the field "" says that the class was met."""
    seen: dict[tuple[str, str], set[str]] = defaultdict(set)
    for path in SAMPLES:
        source = read_source(path, path.read_bytes()).text
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                tree = ast.parse(source, type_comments=True)
            except SyntaxError:
                tree = ast.parse(source) if check(source) else ast.parse("")
        for node in ast.walk(tree):
            seen["", type(node).__name__].add("there")
            for field in node._fields:
                value = getattr(node, field, None)
                state = ("full" if value else "empty") if isinstance(value, list) else "absent" if value is None else "there"
                seen[field, type(node).__name__].add(state)
    return seen


def test_every_node_class_is_in_a_sample() -> None:
    missing = [cls.__name__ for cls in _concrete() if not _seen()["", cls.__name__]]
    assert missing == []


def test_every_optional_part_is_there_and_absent() -> None:
    """The classes' own docstrings say which fields are optional (`?`) and which are lists (`*`)."""
    missing: list[tuple[str, str, str]] = []
    for cls in _concrete():
        for mark, field in re.findall(r"\w+([?*]) (\w+)", cls.__doc__ or ""):
            key = (field, cls.__name__)
            wanted = {"there", "absent"} if mark == "?" else {"full", "empty"}
            wanted -= {"empty"} if key in _NEVER_EMPTY else {"absent"} if key in _NEVER_ABSENT else set()
            missing += [(cls.__name__, field, state) for state in sorted(wanted - _seen()[key])]
    assert missing == []


def test_samples_of_newer_syntax_are_newer() -> None:
    """Each folder named for a version holds what the versions before it could not parse, or what they rewrite."""
    for path in SAMPLES:
        if path.parent.name.startswith("py3"):
            assert lower(path.read_text(encoding="utf-8")).edits or path.name == "deferred_annotations.py", path
