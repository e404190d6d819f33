"""What a curation is asked for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from slimgrammar import grammar
from slimgrammar.errors import SlimError
from slimgrammar.pipeline.datasets.options import encoding_version
from slimgrammar.pipeline.datasets.plan import Input

NEAREST: Final = 0.95  # beyond it 128 hashes cannot tell a similar text from an equal one
Order = Literal["input", "simple-first"]


class BadCuration(SlimError, ValueError):
    """Options that mean nothing, or a file of filters that cannot be read."""


def default_filters() -> str:
    """The text of `grammars/curate.toml`."""
    return grammar.text("curate.toml")


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows stay, and in which order.

    Attributes:
        language: the language of rows that do not tell theirs.
        vocab: whose tokens are counted: a name, or the path of a tokenizer.json.
        syntax: drop rows that cannot be parsed.
        filters: the quality filters, as the text of a TOML file like `grammars/curate.toml`; "" for none.
        exact: drop rows whose text an earlier row has.
        near: drop rows that are as similar as this to an earlier one (Jaccard similarity of 5-grams of words); None for none.
        share: keep this share of the tokens that are left, the most diverse; None for all.
        order: "input", or "simple-first": by the complexity of the syntax tree.
        max_characters: longer rows are dropped unread.
        version: of the package and its grammars; leave it alone.
    """

    language: str = "python"
    vocab: str = "cl100k_base"
    syntax: bool = True
    filters: str = field(default_factory=default_filters)
    exact: bool = True
    near: float | None = 0.7
    share: float | None = None
    order: Order = "input"
    max_characters: int = 20_000_000
    version: str = field(default_factory=encoding_version)

    def check(self) -> None:
        """Refuse values that mean nothing.

        Raises:
            BadCuration: naming the option.
        """
        if self.near is not None and not 0 < self.near <= NEAREST:
            raise BadCuration(f"near is {self.near}: expected a similarity above 0 and at most {NEAREST}")
        if self.share is not None and not 0 < self.share <= 1:
            raise BadCuration(f"share is {self.share}: expected a share above 0 and at most 1")


@dataclass(frozen=True, slots=True)
class Curation(Input):
    """What a run that curates a data set was asked for.

    Attributes:
        options: which rows stay.
        tell_dropped: note the rows that are dropped, with their text and the reason.
    """

    options: Choice = field(default_factory=Choice)
    tell_dropped: bool = False

    def to_json(self) -> dict[str, Any]:
        """As a flat JSON object; of the filters, their hash."""
        shown = Input.to_json(self)
        return shown | {"filters": hashlib.sha256(self.options.filters.encode()).hexdigest()[:16]}
