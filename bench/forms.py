"""The forms of one program that are compared: our dialects, Python's own canonical form, and python-minifier's.

Only forms of the same content are compared. "all" keeps comments and docstrings, and its baseline is the original text.
"docstrings" drops comments, "code" drops docstrings as well; their baseline is the canonical form, `ast.unparse` of the same
tree, so that dropped comments and layout never count as a grammar's savings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import slimgrammar
from slimgrammar.bench.peers import CANONICAL, TOOLS, written_by
from slimgrammar.grammar import symbol_table
from slimgrammar.vocab import EMBEDDED, count, count_with_symbols, load

ORIGINAL = "original"
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
        minifiers: python-minifier's two forms as well.
    """
    tools = TOOLS if minifiers else (CANONICAL,)
    spelled: Forms = {("all", ORIGINAL): text}
    for content, docstrings in (("docstrings", "keep"), ("code", "drop")):
        spelled[content, ORIGINAL] = text
        spelled |= {(content, tool): written_by(tool, text, docstrings=docstrings) for tool in tools}
    for content, comments, docstrings in (("all", "keep", "keep"), ("docstrings", "drop", "keep"), ("code", "drop", "drop")):
        for dialect in slimgrammar.DIALECTS:
            spelled[content, dialect] = slimgrammar.encode(
                text, dialect=dialect, comments=comments, docstrings=docstrings, verify=False
            )
    return spelled


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
