"""A program in every form that a report compares: its spellings by `encode`, and what pruning methods leave of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from slimgrammar.compact.api import DIALECTS, canonical_text, encode
from slimgrammar.grammar import symbol_table
from slimgrammar.syntax.check import check
from slimgrammar.vocab import Vocabulary, count_with_symbols

if TYPE_CHECKING:
    from slimgrammar.prune import Pruned

Kind = Literal["original", "canonical", "dialect", "pruned"]
# Of the methods: those that need no model, no criterion, and are no controls
METHODS: Final = ("slim", "slimcode", "dietcode", "skeleton")
_NATURAL: Final = ("skeleton",)  # methods with a size of their own
NOTES: Final[dict[str, str]] = {
    "original": "the text as it is",
    "canonical": "the same program and comments in Python's plainest layout",
    "canonical, no docstrings": "the same, docstrings dropped",
    "python": "still Python, in the fewest blanks, brackets and lines",
    "compact": "the compact grammar; decodes to the same program",
    "symbols": "the compact grammar in a vocabulary extended by its symbols",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is compared.

    Attributes:
        comments, docstrings: "keep" or "drop", as for `encode`.
        methods: the pruning methods.
        keep: the share of the tokens that pruning keeps, where a method has no size of its own.
    """

    comments: str = "keep"
    docstrings: str = "keep"
    methods: tuple[str, ...] = METHODS
    keep: float = 0.5


class Form(NamedTuple):
    """A form of a program: what reports call it, what kind of form it is, and for a dialect or a method its name."""

    name: str
    kind: Kind
    spelled_by: str


def forms(options: Options) -> list[Form]:
    """The forms that `options` compare, the original first.

    >>> [form.name for form in forms(Options(methods=("slim", "skeleton")))][-3:]
    ['symbols', 'slim, half kept', 'skeleton']
    """
    plain = [Form("original", "original", ""), Form("canonical", "canonical", "keep")]
    plain.append(Form("canonical, no docstrings", "canonical", "drop"))
    dialects = [Form(dialect, "dialect", dialect) for dialect in DIALECTS]
    share = "half kept" if options.keep == 0.5 else f"{100 * options.keep:g} % kept"
    pruned = [Form(name if name in _NATURAL else f"{name}, {share}", "pruned", name) for name in options.methods]
    return [*plain, *dialects, *pruned]


def spelled(text: str, form: Form, options: Options, vocab: Vocabulary) -> str:
    """`text` in a form.

    Raises:
        SyntaxProblem: it is no program.
        MissingExtra: pruning is not installed.
    """
    if form.kind == "original":
        return text
    if form.kind == "canonical":
        return canonical_text(text, comments=options.comments, docstrings=form.spelled_by)
    if form.kind == "dialect":
        kept = {"comments": options.comments, "docstrings": options.docstrings}
        return encode(text, dialect=form.spelled_by, verify=False, **kept)
    return prune_as(text, form, options, vocab).text


def prune_as(text: str, form: Form, options: Options, vocab: Vocabulary) -> Pruned:
    """What a pruning method leaves of `text`.

    Raises:
        MissingExtra: pruning is not installed.
    """
    from slimgrammar.prune import prune

    keep = None if form.spelled_by in _NATURAL else options.keep
    return prune(text, method=form.spelled_by, keep=keep, vocab=vocab)


def added_symbols(form: Form) -> tuple[str, ...]:
    """The symbols that a vocabulary must have been extended by to read a form."""
    return tuple(symbol_table()) if form.spelled_by == "symbols" else ()


def tokens_of(text: str, options: Options, vocab: Vocabulary) -> dict[str, int]:
    """How many tokens a program has in each form.

    Raises:
        SyntaxProblem: `text` is not Python.

    >>> from slimgrammar.vocab import load
    >>> tokens_of("x = f(a, b)\\n", Options(methods=()), load("o200k_base"))["compact"]
    5
    """
    check(text)  # encoding without proof takes some texts that are not Python
    return dict(_counted(text, options, vocab))


def _counted(text: str, options: Options, vocab: Vocabulary) -> Iterator[tuple[str, int]]:
    for form in forms(options):
        yield form.name, count_with_symbols(vocab, spelled(text, form, options, vocab), added_symbols(form))
