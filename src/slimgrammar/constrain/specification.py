"""A grammar file → its rules, terminals and layout, read by Lark and by the `//!` lines that Lark has no words for.

A `//!` line is `//! name: terminals…`, where a terminal may be a pattern such as `*_OPEN`. The names: `newline`, `indent`,
`dedent`, `open`, `close`, `soft`, `verbatim`, `skip_in_brackets`, `comment`, `identifier`, `never` (characters), `start`,
`generalised`; grammars/python.lark and slim.lark explain them by use.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Final

from slimgrammar import grammar
from slimgrammar.constrain.unicode import Ranges, identifier_ranges
from slimgrammar.errors import SlimError

if TYPE_CHECKING:
    from lark.grammar import Rule

_DIRECTIVE: Final = re.compile(r"^//![ \t]*(\w+)[ \t]*(?::[ \t]*(.*?))?[ \t]*$", re.MULTILINE)
_DIRECTIVES: Final = frozenset(
    ("newline", "indent", "dedent", "open", "close", "soft", "verbatim", "skip_in_brackets", "comment")
) | frozenset(("identifier", "never", "generalised", "start"))
_SINGLE: Final = frozenset(("newline", "indent", "dedent"))


class GrammarProblem(SlimError, ValueError):
    """A grammar file that no mask can be made of; the message names the rule or terminal."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """A terminal: its regular expression and what decides between it and another that matches the same text.

    Attributes:
        name: as the grammar calls it.
        pattern: a Python regular expression; "" for a declared terminal that no text spells.
        rank: the greater one wins among lexemes of equal length.
    """

    name: str
    pattern: str
    rank: tuple[int, int, int, int]


@dataclass(frozen=True)
class Specification:
    """All that a grammar file says.

    Attributes:
        name: what messages call it.
        text: the file's text, from which everything else follows.
        rules: Lark's compiled rules.
        terminals: the terminals that rules or `%ignore` use.
        ignored: names of ignored terminals.
        starts: the start symbols that were asked for.
        roles: directive → names of terminals.
        generalised: whether conflicts are kept, as several readings of a text.
        never: ASCII characters that no text holds, whatever the terminals say.
    """

    name: str
    text: str
    rules: list[Rule]
    terminals: list[Terminal]
    ignored: frozenset[str]
    starts: tuple[str, ...]
    roles: dict[str, frozenset[str]] = field(default_factory=dict)
    generalised: bool = False
    never: bytes = b""

    def one(self, role: str) -> str:
        """The terminal of a role that has one at most, or ""."""
        return next(iter(self.roles.get(role, ())), "")


def source(name_or_path: str | Path) -> tuple[str, str]:
    """The name and the text of a shipped grammar ("python") or of a grammar file.

    Raises:
        GrammarProblem: there is no such grammar.
    """
    shipped = f"{name_or_path}.lark"
    if isinstance(name_or_path, str) and re.fullmatch(r"\w+", name_or_path):
        try:
            return name_or_path, grammar.text(shipped)
        except FileNotFoundError:
            pass
    path = Path(name_or_path)
    try:
        return path.stem, path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise GrammarProblem(
            f"no grammar {str(name_or_path)!r}: expected a file, or one of {', '.join(shipped_names())}"
        ) from None
    except UnicodeDecodeError as fault:
        raise GrammarProblem(f"{path} is not UTF-8: {fault}") from None


def shipped_names() -> list[str]:
    """The grammars that come with slimgrammar."""
    return sorted(path.stem for path in grammar.folder().glob("*.lark"))


def read(name: str, text: str, *, starts: tuple[str, ...] = ()) -> Specification:
    """Read a grammar's text.

    Args:
        name: what messages call it.
        text: Lark's grammar language, with `//!` lines.
        starts: start symbols; by default the first rule.

    Raises:
        GrammarProblem: Lark cannot read it, a start symbol is missing, or a `//!` line is wrong.
    """
    from lark import Lark

    starts = starts or (default_start(text),)
    try:
        # Earley takes any grammar: what is not LALR(1) is for us to report, by its rules.
        loaded = Lark(_shortened(text), parser="earley", lexer="dynamic", start=list(starts), maybe_placeholders=False)
    except Exception as fault:  # Lark lets faults of the regular expression engine through, and of its own
        raise GrammarProblem(f"{name}: {' '.join(str(fault).split())}") from None
    terminals = [_terminal(definition) for definition in loaded.terminals]
    used = {symbol.name for rule in loaded.rules for symbol in rule.expansion if symbol.is_term}
    known = {terminal.name for terminal in terminals}
    terminals += [Terminal(extra, "", (0, 0, 0, 0)) for extra in sorted(used - known)]
    roles, generalised = _roles(name, text, used | known)
    identifiers = roles.get("identifier", frozenset())
    terminals = [
        replace(terminal, pattern=_identifier()) if terminal.name in identifiers else terminal for terminal in terminals
    ]
    ignored, never = frozenset(loaded.ignore_tokens), _never(text)
    return Specification(name, text, loaded.rules, terminals, ignored, starts, roles, generalised, never)


def default_start(text: str) -> str:
    """The first rule of a grammar.

    >>> default_start("%import common.WS\\nA: /x/\\nvalue: A")
    'value'
    """
    found = re.search(r"^[?!]*([a-z]\w*)(?:\{[^}]*\})?(?:\.-?\d+)?[ \t]*:", text, re.MULTILINE)
    return found[1] if found else "start"


# `re` knows no properties, and spelled out they would slow Lark down; so a character of no use stands for each of them
# meanwhile.
_PROPERTIES: Final = ((r"\p{XID_Start}", "\U000f0000", True), (r"\p{XID_Continue}", "\U000f0001", False))


def _shortened(text: str) -> str:
    for spelling, mark, _ in _PROPERTIES:
        text = text.replace(spelling, mark)
    return text


def _lengthened(pattern: str) -> str:
    for _, mark, first in _PROPERTIES:
        if mark in pattern:
            pattern = pattern.replace(mark, _as_class(identifier_ranges(first=first)))
    return pattern


def _identifier() -> str:
    """A regular expression of Python's identifiers."""
    first, later = (_as_class(identifier_ranges(first=first)) for first in (True, False))
    return f"[{first}][{later}]*"


def _as_class(ranges: Ranges) -> str:
    return "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in ranges)


def _terminal(definition: object) -> Terminal:
    from lark.lexer import PatternStr, TerminalDef

    if not isinstance(definition, TerminalDef):
        raise TypeError(definition)
    pattern = definition.pattern
    # Lark's order: priority, then strings before regular expressions, then the wider and the longer pattern.
    literal = isinstance(pattern, PatternStr)
    rank = (definition.priority, int(literal), pattern.max_width, len(pattern.value))
    return Terminal(definition.name, _lengthened(pattern.to_regexp()), rank)


def _never(text: str) -> bytes:
    spelled = "".join(values for directive, values in _DIRECTIVE.findall(text) if directive == "never")
    return "".join(spelled.split()).encode().decode("unicode_escape").encode()


def _roles(name: str, text: str, known: set[str]) -> tuple[dict[str, frozenset[str]], bool]:
    roles: dict[str, frozenset[str]] = {}
    generalised = False
    for directive, values in _DIRECTIVE.findall(text):
        if directive not in _DIRECTIVES:
            raise GrammarProblem(f"{name}: unknown line //! {directive}: expected one of {', '.join(sorted(_DIRECTIVES))}")
        if directive == "generalised":
            generalised = True
        elif directive not in ("start", "never"):
            found = {terminal for pattern in values.split() for terminal in known if fnmatchcase(terminal, pattern)}
            roles[directive] = roles.get(directive, frozenset()) | found
            if directive in _SINGLE and len(roles[directive]) > 1:
                raise GrammarProblem(f"{name}: //! {directive} names more than one terminal")
    return roles, generalised
