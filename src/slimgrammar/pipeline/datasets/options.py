"""What is asked for and what came of it, row by row: the options of a conversion, and the record that each text becomes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Literal

from slimgrammar import grammar

Operation = Literal["encode", "decode", "prune"]

STATUS: Final = "slim_status"
VERSION: Final = "slim_version"
PROFILE: Final = "slim_profile"
DONE: Final[dict[str, str]] = {"encode": "encoded", "decode": "decoded", "prune": "pruned"}
UNTOUCHED: Final = frozenset(("skipped", "unchanged"))
PYTHON: Final = frozenset(("python", "python3", "py", "pyi"))
COLUMNS: Final[dict[str, type]] = {
    STATUS: str,
    "slim_error": str,
    VERSION: str,
    PROFILE: str,
    "slim_tokens_before": int,
    "slim_tokens_after": int,
}


@cache
def encoding_version() -> str:
    """The package's version and a hash of the compact grammar: texts with equal hashes are spelled by the same rules.

    It is a field of `Options`, so that an engine which caches by the state of its function sees an upgrade.
    """
    import slimgrammar

    rules = grammar.text("slim.lark") + grammar.text("symbols.toml")
    return f"{slimgrammar.__version__}+{hashlib.sha256(rules.encode()).hexdigest()[:8]}"


@dataclass(frozen=True, slots=True)
class Options:
    """What is done to each row.

    Attributes:
        operation: "encode", "decode" or "prune".
        dialect: that of `encode`; for `decode`, that of rows whose profile does not tell one.
        comments: for `encode`: "keep" or "drop".
        docstrings: for `encode`: "keep" or "drop".
        verify: for `encode`: prove each row, as `slimgrammar.encode` does.
        vocab: whose tokens are counted, and meant by a budget: a name, or the path of a tokenizer.json.
        keep: for `prune`: the share of tokens to keep.
        max_tokens: for `prune`: the most tokens a row may have.
        method: for `prune`: the name of the method.
        valid: for `prune`: leave out whole statements only.
        language: the language of rows that do not tell theirs.
        any_version: for `decode`: read also what another version's grammar spelled, at the reader's own risk.
        max_characters: rows longer than this stay as they are.
        version: of the package and its grammars; leave it alone.
    """

    operation: Operation = "encode"
    dialect: str = "compact"
    comments: str = "keep"
    docstrings: str = "keep"
    verify: bool = True
    vocab: str = "cl100k_base"
    keep: float | None = None
    max_tokens: int | None = None
    method: str = "slim"
    valid: bool = False
    language: str = "python"
    any_version: bool = False
    max_characters: int = 20_000_000
    version: str = field(default_factory=encoding_version)

    @property
    def profile(self) -> str:
        """How the text was made, in one string that stands in each row.

        >>> Options().profile
        'compact;comments=keep;docstrings=keep;vocab=cl100k_base'
        """
        if self.operation == "prune":
            budget = f"keep={self.keep};max_tokens={self.max_tokens}"
            return f"prune;method={self.method};{budget};valid={self.valid};vocab={self.vocab}"
        if self.operation == "decode":
            return f"decode;vocab={self.vocab}"
        return f"{self.dialect};comments={self.comments};docstrings={self.docstrings};vocab={self.vocab}"


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one text.

    Attributes:
        text: the converted text; the original one where that was not possible.
        status: "encoded", "decoded", "pruned"; "skipped" (another language), "unchanged" (nothing to do); or what went wrong:
            "syntax_error", "not_reversible", "no_text", "too_large", "failed", and, where a runner reads the rows,
            "bad_row", "unreadable", "died".
        error: what went wrong, "line:column: …" where there is a place; "" where nothing did, since readers of JSONL guess a
            column's type from its first rows, and of null they could not.
        tokens_before: of the original text; None where there is none.
        tokens_after: of `text`.
    """

    text: str | None
    status: str
    error: str = ""
    tokens_before: int | None = None
    tokens_after: int | None = None

    @property
    def failed(self) -> bool:
        """Whether the text should have been converted and was not."""
        return self.status not in UNTOUCHED and self.status not in DONE.values()

    def columns(self, options: Options, into: str) -> dict[str, Any]:
        """The columns that the row gets, in their order; the text goes `into` the first."""
        values = (self.status, self.error, options.version, options.profile, self.tokens_before, self.tokens_after)
        return {into: self.text, **dict(zip(COLUMNS, values, strict=True))}
