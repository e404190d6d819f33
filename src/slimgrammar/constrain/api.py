"""`slim.mask`: the door to everything here; nothing heavy is imported before it is called."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from slimgrammar.errors import MissingExtra

if TYPE_CHECKING:
    from slimgrammar.constrain.grammar_mask import GrammarMask
    from slimgrammar.vocab.load import Spec


def mask(
    grammar: str | Path, vocab: Spec, *, start: str = "", prefix: str | bytes = "", special: Iterable[int] = ()
) -> GrammarMask:
    """The mask of a grammar over a vocabulary.

    Compiling takes seconds for Python over 150,000 tokens; it is done once, then read from the user's cache folder.

    Args:
        grammar: "python", "slim", "json", "sql", or the path of a Lark file.
        vocab: whatever `slim.vocab.load` takes.
        start: the start symbol; by default the grammar's first rule. For "python": module, statement, function, body (what
            follows the colon of a function) or star_expressions.
        prefix: the beginning of the text.
        special: ids of tokens that must never be allowed, beyond those that are found to be special.

    Raises:
        GrammarProblem: there is no such grammar, it is not LALR(1), or it has no such start symbol.
        MissingExtra: numpy is not installed.
        SyntaxProblem: `prefix` cannot be completed.
        UnknownVocabulary: `vocab` is none.

    >>> import slimgrammar as slim
    >>> mask = slim.mask("json", "qwen3", prefix='{"a": tru')
    >>> mask.forced_bytes()
    b'e'
    """
    try:
        import numpy as np  # noqa: F401
    except ModuleNotFoundError:
        raise MissingExtra("numpy", "constrain") from None
    from slimgrammar.constrain.grammar_mask import open_mask

    return open_mask(grammar, vocab, start=start, prefix=prefix, special=special)
