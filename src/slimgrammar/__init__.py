"""slimgrammar: source code for language models, in fewer tokens and without losing a program.

>>> import slimgrammar as slim
>>> slim.decode(slim.encode("x = f(a, b)"))
'x = f(a, b)\\n'
"""

from typing import TYPE_CHECKING, Any

from slimgrammar import vocab
from slimgrammar.compact.api import DIALECTS, UnknownOption, canonical_text, decode, encode
from slimgrammar.compact.codebook.book import BadCodebook, Codebook, OtherCodebook
from slimgrammar.compact.positions import PositionMap, position_map
from slimgrammar.compact.verify import prove
from slimgrammar.constrain.api import mask
from slimgrammar.errors import MissingExtra, NotReversible, SlimError, SyntaxProblem, UnknownSymbol, Unreadable

if TYPE_CHECKING:
    from slimgrammar.pipeline.messages import Compressed, compress_messages

__version__ = "0.1.0"

__all__ = [
    "DIALECTS",
    "BadCodebook",
    "Codebook",
    "Compressed",
    "MissingExtra",
    "NotReversible",
    "OtherCodebook",
    "PositionMap",
    "SlimError",
    "SyntaxProblem",
    "UnknownOption",
    "UnknownSymbol",
    "Unreadable",
    "canonical_text",
    "compress_messages",
    "decode",
    "encode",
    "mask",
    "position_map",
    "prove",
    "vocab",
]


def __getattr__(name: str) -> Any:
    """What needs an extra, or only pipelines need, is imported when it is first used."""
    if name == "prune":
        from importlib import import_module

        return import_module("slimgrammar.prune")
    if name in ("Compressed", "compress_messages"):
        from slimgrammar.pipeline import messages

        return getattr(messages, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
