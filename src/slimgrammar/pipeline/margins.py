"""Code that is indented as a whole, such as a method cut out of its class."""

from __future__ import annotations

import textwrap


def without_margin(code: str) -> tuple[str, str]:
    """The blanks before every line of `code`, and the code without them; "" and the code where that could not be undone.

    >>> without_margin("    def f(self):\\n        return 1\\n")
    ('    ', 'def f(self):\\n    return 1\\n')
    """
    if code[:1] not in (" ", "\t"):
        return "", code
    body = textwrap.dedent(code)
    margin = code[: len(code.split("\n", 1)[0]) - len(body.split("\n", 1)[0])]
    return (margin, body) if margin and with_margin(body, margin) == code else ("", code)


def with_margin(code: str, margin: str) -> str:
    """The code with blanks before each of its lines but empty ones.

    >>> with_margin("a\\n\\nb\\n", "  ")
    '  a\\n\\n  b\\n'
    """
    return textwrap.indent(code, margin) if margin else code
