"""How hard a program is to learn from, by its syntax tree: from cyclomatic complexity and Halstead difficulty.

The metric is the mean of the two, as in Naïr, Yamani, Lhadj and Baghdadi, Curriculum Learning for Small Code Language Models
(arXiv:2407.10194). Decisions are the control structures that `grammars/prune/` names, and the operators that decide; operands
are the tree's named leaves (names, literals), operators all others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

    from slimgrammar.prune import Language

DECISIONS: Final = ("if", "elif", "for", "foreach", "while", "do", "loop", "case", "catch")
DECIDING: Final = frozenset(("and", "or", "&&", "||", "??", "?"))


def difficulty(text: str, language: Language, tree: Tree) -> float:
    """The mean of cyclomatic complexity and Halstead difficulty.

    Args:
        text: the program.
        language: what it is written in.
        tree: its tree, as `language.parse(text)` gives it.

    >>> from slimgrammar.prune import language
    >>> python = language("python")
    >>> [round(difficulty(text, python, python.parse(text)), 2) for text in ("x = 1", "if a and b:\\n    x = a + b")]
    [0.75, 3.58]
    """
    import tree_sitter

    captures = tree_sitter.QueryCursor(language.query).captures(tree.root_node)
    decisions = sum(len(captures.get(name, ())) for name in DECISIONS) - len(captures.get("default", ()))
    operators: Counter[str] = Counter()
    operands: Counter[str] = Counter()
    for leaf in leaves(tree):
        if leaf.is_named:
            if leaf.type not in ("comment", "line_comment", "block_comment"):
                operands[text[leaf.start_byte : leaf.end_byte]] += 1
        elif leaf.type.strip():
            operators[leaf.type] += 1
    cyclomatic = 1 + decisions + sum(operators[name] for name in DECIDING)
    halstead = len(operators) / 2 * operands.total() / max(1, len(operands))
    return (cyclomatic + halstead) / 2


def leaves(tree: Tree) -> Iterator[Node]:
    """The nodes of a tree that have no children, in order."""
    cursor = tree.walk()
    while True:
        if cursor.goto_first_child():
            continue
        if cursor.node is not None:
            yield cursor.node
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return


def error_share(text: str, tree: Tree) -> float:
    """Which share of a text the parser could make no sense of.

    >>> from slimgrammar.prune import language
    >>> [error_share(text, language("c").parse(text)) for text in ("int f();", "))))")]
    [0.0, 1.0]
    """
    if not tree.root_node.has_error:
        return 0.0
    lost, left = 0, [tree.root_node]
    while left:
        node = left.pop()
        if node.is_error or node.is_missing:
            lost += max(1, node.end_byte - node.start_byte)
        else:
            left.extend(child for child in node.children if child.has_error)
    return min(1.0, lost / max(1, len(text)))
