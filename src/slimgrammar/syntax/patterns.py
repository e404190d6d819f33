"""Python's lexical grammar as regular expressions: all of it but for f-strings that nest their own quote (see `fstrings`).

Source: the Python Language Reference, chapter 2.
"""

from __future__ import annotations

import re
from typing import Final

# Outside of strings and comments every character beyond ASCII belongs to an identifier, or the program is not Python.
NAME: Final = r"[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_\x80-\U0010ffff]*+"
NUMBER: Final = (
    r"(?:0[xX](?:_?[\da-fA-F])++|0[bB](?:_?[01])++|0[oO](?:_?[0-7])++"
    r"|(?:\d(?:_?\d)*+(?:\.(?:\d(?:_?\d)*+)?)?|\.\d(?:_?\d)*+)(?:[eE][+-]?\d(?:_?\d)*+)?[jJ]?)"
)
PREFIX: Final = r"(?:[rR][bBfFtT]?|[bBfFtT][rR]?|[uU])?"
QUOTED: Final = (
    r"(?:'(?!'')[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'"
    r'|"(?!"")[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"'
    r'|"""[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+"""'
    r"|'''[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*+''')"
)
STRING: Final = PREFIX + QUOTED
OPERATOR: Final = r"\.\.\.|->|(?:\*\*|//|<<|>>|[-+*/%@&|^<>=:])=?|!=|[~;!]"
BLANK: Final = r"[ \t\f]*+(?:\\\n[ \t\f]*+)*+"

# One token, blanks and continuations before it left out of its group; the group is None at the end of the text.
TOKEN: Final = re.compile(
    rf"{BLANK}(?:({NAME}(?!['\"])|\n[ \t\f\n]*+(?:(?<=\n)\\\n[ \t\f]*+)*+|[()\[\]{{}},]|\.(?![\d.])|{OPERATOR}|{STRING}|{NAME}"
    rf"|{NUMBER}|\.|#[^\n]*+|[^ \t\f])|\Z)",
    re.DOTALL,
)
