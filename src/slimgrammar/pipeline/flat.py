"""Programs in other languages than Python without formatting: the same tokens on the same lines, and the same syntax tree.

Indentation goes, blank lines, and the spaces that the language does not need; line breaks stay, for some languages read them.
tree-sitter reads both texts, and only where the two trees are equal, node by node and word by word, is the shorter one taken. A
comment's later lines lose their indentation too. Languages whose indentation means something have `hole`s where blocks must not
be empty (Python); they are no business of this module.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from slimgrammar.pipeline.listings import line_finder

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

    from slimgrammar.prune import Language

_BRACKETS: Final = "()[]{},;"
_QUOTES: Final = "\"'`"
_LONG_QUOTES: Final = ("`", '"""', "/*", "*/")  # of strings and comments that reach over lines
_LEVELS: Final = ("", "<>", None)  # before which signs a space stays; None: all spaces stay


@dataclass(frozen=True, slots=True)
class Flat:
    """A program without formatting.

    Attributes:
        text: the program.
        lines: for each line of it, the line (0-based) of the source that it came from.
    """

    text: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Word:
    """One token of a program; `comment` tells one that may be laid out anew."""

    start: int
    text: str
    comment: bool


def flattened(source: str, language: Language) -> Flat | None:
    """A program without the formatting that its language does not need; None where it would not stay the same.

    Where a program has errors, as lines from the middle of a file do, only indentation and blank lines go, and nothing where it
    may begin inside of a string.

    Raises:
        MissingExtra: the language's parser is not installed.
    """
    tree = language.parse(source)
    broken = tree.root_node.has_error
    if broken and any(mark in source for mark in _LONG_QUOTES):
        return None
    words = _words(source, tree, language)
    shape = _shape(tree, words)
    for spaced in _LEVELS[-1:] if broken else _LEVELS:
        made = _written(source, words, spaced)
        if made is None:
            return None
        again = language.parse(made.text)
        if again.root_node.has_error == broken and _shape(again, _words(made.text, again, language)) == shape:
            return made
    return None


def _words(source: str, tree: Tree, language: Language) -> list[_Word]:
    """The tokens in order; a string or comment is one, whatever its parts."""
    import tree_sitter

    found = tree_sitter.QueryCursor(language.query).captures(tree.root_node)
    comments = {node.id for node in found.get("comment", ())}
    whole = comments | {node.id for node in found.get("string", ())}
    made = []
    for node in _leaves(tree, whole):
        text, comment = source[node.start_byte : node.end_byte], node.id in comments
        if comment:
            text = text.rstrip()  # Rust's hold their line ends
        if text.strip() or (text and "\n" not in text):  # line ends may be tokens, and so may a space (in JSX)
            made.append(_Word(node.start_byte, text, comment))
    return made


def _leaves(tree: Tree, whole: set[int]) -> Iterator[Node]:
    """The nodes without children, or in `whole`, in order; not recursive, for programs may nest deeply."""
    stack = [tree.root_node]
    while stack:
        node = stack.pop()
        if node.id in whole or not node.child_count:
            yield node
        else:
            stack.extend(reversed(node.children))


def _shape(tree: Tree, words: list[_Word]) -> tuple[list[tuple[str, int]], list[str]]:
    """What must not change: the kinds of all named nodes with the number of their parts, and all tokens."""
    nodes, stack = [], [tree.root_node]
    while stack:
        node = stack.pop()
        children = node.named_children
        nodes.append((node.type, len(children)))
        stack.extend(reversed(children))
    return nodes, [_laid_out(word) if word.comment else word.text for word in words]


def _laid_out(word: _Word) -> str:
    """A comment without the blanks at both ends of its lines."""
    return "\n".join(line.strip() for line in word.text.split("\n"))


def _written(source: str, words: list[_Word], spaced: str | None) -> Flat | None:
    """The words with as little between them as may be; None where something stands between them that is no space."""
    line_of = line_finder(source)
    parts: list[str] = []
    lines: list[int] = []
    end, before, directive = 0, "", False  # in a line of the preprocessor a space may part a macro from its value
    for word in words:
        gap = source[end : word.start]
        if gap.strip():
            return None
        if not before or "\n" in gap:
            parts.append("\n" if before else "")
            lines.append(line_of(word.start))
            directive = word.text.startswith("#")
        elif gap and (spaced is None or directive or _needs_space(before, word.text, spaced)):
            parts.append(" ")
        before = _laid_out(word) if word.comment else word.text
        parts.append(before)
        lines += range(lines[-1] + 1, lines[-1] + 1 + word.text.count("\n"))
        end = word.start + len(word.text)
    if source[end:].strip():
        return None
    return Flat("".join(parts) + ("\n" if source.endswith("\n") else ""), tuple(lines))


def _needs_space(before: str, after: str, spaced: str) -> bool:
    """Whether a space stays between two tokens of a line: they would read as one, or as something else, without it.

    >>> _needs_space("return", "x", ""), _needs_space("x", "=", ""), _needs_space("+", "+b", "")
    (True, False, True)
    """
    last, first = before[-1], after[0]
    if last in spaced or first in spaced:
        return True
    if last == "?" and first == "[":
        return True
    if last in _BRACKETS or first in _BRACKETS:
        return False
    left, right = (each.isalnum() or each in "_$@#\\" or each in _QUOTES for each in (last, first))
    if left and right:
        return True
    if (left and first == "/" and len(after) > 1) or (last.isdigit() and first == ".") or (last == "." and first.isdigit()):
        return True
    return not left and not right
