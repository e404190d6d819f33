"""The forms of one program that are compared: our dialects, Python's own canonical form, and python-minifier's.

Only forms of the same content are compared. "all" keeps comments and docstrings, and its baseline is the original text.
"docstrings" drops comments, "code" drops docstrings as well; their baseline is the canonical form, `ast.unparse` of the same
tree, so that dropped comments and layout never count as a grammar's savings.
"""

from __future__ import annotations

import ast
import warnings
from collections import Counter
from collections.abc import Iterable

import slimgrammar
from slimgrammar.grammar import symbol_table
from slimgrammar.vocab import EMBEDDED, count, count_with_symbols, load

ORIGINAL, CANONICAL = "original", "canonical"
MINIFIER, LOSSY_MINIFIER = "python-minifier", "python-minifier, lossy"
BASELINES = {"all": ORIGINAL, "docstrings": CANONICAL, "code": CANONICAL}
TITLES = {
    "all": "Comments and docstrings kept; saved against the original text",
    "docstrings": "Comments dropped, docstrings kept; saved against the canonical form (ast.unparse)",
    "code": "Comments and docstrings dropped; saved against the canonical form without docstrings",
}

Forms = dict[tuple[str, str], str]
Tokens = Counter[tuple[str, str, str]]


def forms(text: str, *, minifiers: bool = True) -> Forms:
    """Every form of a program, by content and name.

    Args:
        text: a program that the host can parse.
        minifiers: python-minifier's two forms as well. The first keeps the syntax tree, as ours do: `python_minifier.unparse`,
            which is `minify` with every transformation off. The lossy one is `minify` with all that leave names alone: it drops
            annotations and `object` bases, joins imports, folds constants.
    """
    spelled: Forms = {("all", ORIGINAL): text}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for content, docstrings in (("docstrings", "keep"), ("code", "drop")):
            spelled[content, ORIGINAL] = text
            spelled[content, CANONICAL] = canonical(text, docstrings=docstrings)
            if minifiers:
                spelled |= {(content, name): form for name, form in _minified(spelled[content, CANONICAL]).items()}
    for content, comments, docstrings in (("all", "keep", "keep"), ("docstrings", "drop", "keep"), ("code", "drop", "drop")):
        for dialect in slimgrammar.DIALECTS:
            spelled[content, dialect] = slimgrammar.encode(
                text, dialect=dialect, comments=comments, docstrings=docstrings, verify=False
            )
    return spelled


def canonical(text: str, *, docstrings: str) -> str:
    """Python's own canonical form: `ast.unparse`, with docstrings kept or dropped."""
    tree = ast.parse(text)
    return ast.unparse(tree if docstrings == "keep" else _without_docstrings(tree))


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module) and _has_docstring(node):
            rest = node.body[1:]
            node.body = rest if rest or isinstance(node, ast.Module) else [ast.Pass()]
    return tree


def _has_docstring(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module) -> bool:
    first = node.body[0] if node.body else None
    return isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)


def _minified(text: str) -> dict[str, str]:
    import python_minifier

    return {
        MINIFIER: python_minifier.unparse(ast.parse(text)),
        LOSSY_MINIFIER: python_minifier.minify(text, rename_locals=False, rename_globals=False, hoist_literals=False),
    }


def count_tokens(spelled: Forms, vocabularies: Iterable[str] = EMBEDDED) -> Tokens:
    """The tokens of each form in each vocabulary, by vocabulary, content and name."""
    tokens: Tokens = Counter()
    symbols = tuple(symbol_table())
    for name in vocabularies:
        vocab = load(name)
        counted: dict[str, int] = {}  # the original stands in `spelled` once a content
        for (content, form), text in spelled.items():
            if text not in counted:
                counted[text] = count_with_symbols(vocab, text, symbols) if form == "symbols" else count(vocab, text)
            tokens[name, content, form] = counted[text]
    return tokens


def saved(tokens: Tokens, vocabulary: str, content: str, form: str) -> float:
    """Percent of the content's baseline that `form` saves; negative where it is longer.

    >>> saved(Counter({("v", "code", "canonical"): 200, ("v", "code", "compact"): 150}), "v", "code", "compact")
    25.0
    """
    baseline = tokens[vocabulary, content, BASELINES[content]]
    return 100 * (1 - tokens[vocabulary, content, form] / baseline) if baseline else 0.0


def print_tables(tokens: Tokens) -> None:
    """A table per content: forms down, vocabularies across, tokens and percent saved in each cell."""
    vocabularies = list(dict.fromkeys(name for name, _, _ in tokens))
    for content, title in TITLES.items():
        names = list(dict.fromkeys(form for _, found, form in tokens if found == content))
        print(f"\n{title}\n{'':22}" + "".join(f"{name:>19}" for name in vocabularies))
        for form in names:
            print(f"{form:22}" + "".join(_cell(tokens, name, content, form) for name in vocabularies))


def _cell(tokens: Tokens, vocabulary: str, content: str, form: str) -> str:
    share = "" if form == BASELINES[content] else f"{-saved(tokens, vocabulary, content, form):+.1f}%"
    return f"{tokens[vocabulary, content, form]:>12,}{share:>7}"
