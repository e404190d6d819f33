"""slimgrammar: source code for language models, in fewer tokens and without losing a program.

>>> import slimgrammar as slim
>>> slim.decode(slim.encode("x = f(a, b)"))
'x = f(a, b)\\n'
"""

from slimgrammar import vocab
from slimgrammar.compact.api import DIALECTS, UnknownOption, canonical_text, decode, encode
from slimgrammar.compact.positions import PositionMap, position_map
from slimgrammar.compact.verify import prove
from slimgrammar.constrain.api import mask
from slimgrammar.errors import MissingExtra, NotReversible, SlimError, SyntaxProblem, UnknownSymbol, Unreadable

__version__ = "0.1.0"

__all__ = [
    "DIALECTS",
    "MissingExtra",
    "NotReversible",
    "PositionMap",
    "SlimError",
    "SyntaxProblem",
    "UnknownOption",
    "UnknownSymbol",
    "Unreadable",
    "canonical_text",
    "decode",
    "encode",
    "mask",
    "position_map",
    "prove",
    "vocab",
]
