"""A grammar for other engines: Lark for llguidance (and vLLM's guidance backend), GBNF for xgrammar and llama.cpp.

Both are made from the compiled rules, so templates and repetitions are spelled out. Where something is skipped inside brackets
alone, each rule that can stand in brackets is written twice. No format can say Python's indentation: "python" is not exported.
A GBNF engine has no lexer: blank space is written into the rules, and a keyword may touch a name, so it takes a little more.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterator
from re import _constants as op  # type: ignore[attr-defined, unused-ignore]
from re import _parser as reader  # type: ignore[attr-defined, unused-ignore]
from typing import Any, Final

from slimgrammar.constrain.specification import GrammarProblem, Specification, default_start, read, source
from slimgrammar.constrain.unicode import matching

FORMATS: Final = ("lark", "gbnf", "ebnf")
_LOOK_AROUND: Final = re.compile(r"\(\?<?![^()]*\)")


def export(name_or_path: str, to: str, *, start: str = "") -> str:
    """A grammar's text for another engine.

    Args:
        name_or_path: a shipped grammar or a Lark file.
        to: one of `FORMATS`; "ebnf" is what xgrammar and vLLM call GBNF.
        start: the start symbol; by default the grammar's first rule.

    Raises:
        GrammarProblem: there is no such grammar or format, or the grammar needs indentation.

    >>> print(export("json", "gbnf").splitlines()[0])
    root ::= blank value
    """
    if to not in FORMATS:
        raise GrammarProblem(f"unknown format {to!r}: expected one of {', '.join(FORMATS)}")
    name, text = source(name_or_path)
    start = start or default_start(text)
    specification = read(name, text, starts=(start,))
    if specification.one("indent"):
        raise GrammarProblem(f"{name} is not context-free: its indentation cannot be exported; slim, the compact grammar, can")
    return _lark(specification) if to == "lark" else _gbnf(specification)


# A rule, and whether it is the version for the inside of brackets.
_Version = tuple[str, bool]


def _rules(specification: Specification, spell: Callable[[Any, bool], str]) -> dict[_Version, list[str]]:
    """Rule → its alternatives; `spell` is told a symbol and whether what follows it stands in brackets."""
    written: dict[_Version, list[str]] = {(specification.starts[0], False): []}
    rules: dict[str, list[Any]] = {}
    for rule in specification.rules:
        rules.setdefault(str(rule.origin.name), []).append(rule.expansion)
    queue = list(written)
    for name, inside in queue:
        alternatives = written[name, inside]
        for expansion in rules[name]:
            symbols = list(_in_brackets(specification, expansion, inside))
            words = " ".join(spell(symbol, bracketed) for symbol, bracketed in symbols)
            if words not in alternatives:
                alternatives.append(words)
            for symbol, bracketed in symbols:
                version = (str(symbol.name), bracketed)
                if not symbol.is_term and version not in written:
                    written[version] = []
                    queue.append(version)
    return written


def _in_brackets(specification: Specification, expansion: Any, inside: bool) -> Iterator[tuple[Any, bool]]:
    """The symbols of an alternative, each with whether it, or what follows a terminal, stands in brackets.

    Without anything to skip there, nothing does.
    """
    roles, depth = specification.roles, int(inside)
    for symbol in expansion:
        name = str(symbol.name)
        depth += (name in roles.get("open", ())) - (name in roles.get("close", ()))
        yield symbol, depth > 0 and bool(roles.get("skip_in_brackets"))


def _skipped(specification: Specification, spell: Callable[[str], str], blank: str, *, between: str) -> str:
    """What brackets skip: comments, each with the line end that ends it, and one line end before the first.

    Args:
        specification: the grammar.
        spell: terminal → its spelling.
        blank: the spelling of blank space, or of none.
        between: what stands between two parts.
    """
    line_end = specification.one("newline")
    names = specification.roles.get("skip_in_brackets", frozenset())
    others = f"{between}|{between}".join(spell(name) for name in sorted(names - {line_end}))
    if not others or line_end not in names:
        return f"({between.join((f'({others or spell(line_end)})', blank))})+" if names else ""
    before = between.join((spell(line_end), blank))
    comment = between.join((f"({others})", spell(line_end), blank))
    return between.join((f"({before})?", f"({comment})+"))


def _names(specification: Specification, *, joined: str) -> Callable[[Any], str]:
    """Spells symbols with letters and digits alone; rules small, terminals great."""
    known: dict[str, str] = {}

    def spell(symbol: Any) -> str:
        name = str(getattr(symbol, "name", symbol))
        if name not in known:
            plain = re.sub(r"[^A-Za-z0-9]+", joined, name).strip(joined) or "x"
            plain = plain.upper() if getattr(symbol, "is_term", False) else plain.lower()
            known[name] = plain if plain not in known.values() else f"{plain}{joined}{len(known)}"
        return known[name]

    for terminal in specification.terminals:
        plain = re.sub(r"[^A-Za-z0-9]+", joined, terminal.name).strip(joined).upper()
        known[terminal.name] = plain if plain not in known.values() else f"{plain}{joined}{len(known)}"
    return spell


def _lark(specification: Specification) -> str:
    spell = _names(specification, joined="_")
    # llguidance ignores nothing before the first lexeme and after the last.
    around = " OUTSIDE?" if specification.ignored else ""
    lines = [f"start:{around} {spell(specification.starts[0])}_0{around}"]

    def word(symbol: Any, bracketed: bool) -> str:
        return spell(symbol) + (" SKIPPED?" * bracketed if symbol.is_term else f"_{int(bracketed)}")

    for (name, bracketed), alternatives in _rules(specification, word).items():
        lines.append(f"{spell(name)}_{int(bracketed)}: " + "\n    | ".join(alternatives))
    patterns = _patterns(specification)
    lines += [f"{spell(name)}: /{_escaped(pattern)}/" for name, pattern in patterns.items()]
    if specification.ignored:
        blanks = "|".join(_escaped(patterns[name]) for name in sorted(specification.ignored))
        lines.append(f"OUTSIDE: /({blanks})+/")
        skipped = _skipped(specification, lambda name: _escaped(patterns[name]), f"({blanks})*", between="")
        lines += [f"SKIPPED: /{skipped}/"] if skipped else []
    lines += [f"%ignore {spell(name)}" for name in sorted(specification.ignored)]
    return "\n".join(lines) + "\n"


def _patterns(specification: Specification) -> dict[str, str]:
    """Terminal → its regular expression, without look-around, and without the keywords where it is that of a word.

    Other engines take a keyword for a name where only a name can stand.
    """
    plain = {terminal.name: _LOOK_AROUND.sub("", terminal.pattern) for terminal in specification.terminals if terminal.pattern}
    literal = [re.sub(r"\\(.)", r"\1", pattern) for pattern in plain.values()]
    words = {found[1].lower() for pattern in literal if (found := re.fullmatch(r"(?:\(\?i:)?([A-Za-z]+)\)?", pattern))}
    either = any(pattern.startswith("(?i:") for pattern in plain.values())
    for name, pattern in plain.items():
        matches = re.compile(pattern).fullmatch
        if words and all(matches(word) for word in (*words, "_", "Z9")) and not matches('"') and not matches("9"):
            beyond = "|[^\\x00-\\x7f]" if matches("é") else ""
            plain[name] = _no_word_of(words, "", beyond, either_case=either)
    return plain


def _no_word_of(words: set[str], prefix: str, beyond: str, *, either_case: bool) -> str:
    """A regular expression for what follows `prefix` in an identifier that is none of `words`."""
    following = sorted({word[len(prefix)] for word in words if word.startswith(prefix) and len(word) > len(prefix)})
    taken = {case for letter in following for case in ((letter, letter.upper()) if either_case else (letter,))}
    letters = string.ascii_letters + "_" + (string.digits if prefix else "")
    others = "".join(letter for letter in letters if letter not in taken)
    choices = [f"([{others}]{beyond})([A-Za-z0-9_]{beyond})*"]
    for letter in following:
        spelled = f"[{letter}{letter.upper()}]" if either_case else letter
        choices.append(spelled + _no_word_of(words, prefix + letter, beyond, either_case=either_case))
    if prefix and prefix not in words:
        choices.append("")
    return "(" + "|".join(choices) + ")"


def _escaped(pattern: str) -> str:
    """A regular expression between slashes, with control characters spelled out."""
    pattern = re.sub(r"(?<!\\)((?:\\\\)*)/", r"\1\\/", pattern)
    return re.sub(r"[\x00-\x1f\x7f]", lambda match: f"\\x{ord(match.group()):02x}", pattern)


def _without_left_recursion(name: str, alternatives: list[str]) -> str:
    """`a: a x | y` as `(y) (x)*`: some engines never end on the former."""
    tails = [words.split(" ", 1)[1] for words in alternatives if words.split(" ")[0] == name and " " in words]
    heads = [words or '""' for words in alternatives if words.split(" ")[0] != name]
    return f"({' | '.join(heads)}) ({' | '.join(tails)})*" if tails else " | ".join(heads)


def _gbnf(specification: Specification) -> str:
    spell = _names(specification, joined="-")

    def word(symbol: Any, bracketed: bool) -> str:
        if symbol.is_term:
            return f"t-{spell(symbol).lower()} {'skipped' if bracketed else 'blank'}"
        return spell(symbol) + "-inside" * bracketed

    lines = [f"root ::= blank {spell(specification.starts[0])}"]
    for (name, bracketed), alternatives in _rules(specification, word).items():
        spelled = spell(name) + "-inside" * bracketed
        lines.append(f"{spelled} ::= {_without_left_recursion(spelled, alternatives)}")
    for name, pattern in _patterns(specification).items():
        lines.append(f"t-{spell(name).lower()} ::= {_expression(reader.parse(pattern), 0)}")
    blanks = [f"t-{spell(name).lower()}" for name in sorted(specification.ignored)]
    lines.append(f"blank ::= ({' | '.join(blanks)})*" if blanks else 'blank ::= ""')
    skipped = _skipped(specification, lambda name: f"t-{spell(name).lower()}", "blank", between=" ")
    lines += [f"skipped ::= blank ({skipped})?"] if skipped else []
    return "\n".join(lines) + "\n"


def _expression(items: Any, flags: int) -> str:
    """A parsed regular expression in GBNF."""
    return " ".join(part for kind, argument in items if (part := _piece(kind, argument, flags))) or '""'


def _piece(kind: Any, argument: Any, flags: int) -> str:
    if kind is op.BRANCH:
        return "(" + " | ".join(_expression(choice, flags) for choice in argument[1]) + ")"
    if kind is op.SUBPATTERN:
        return "(" + _expression(argument[3], (flags | argument[1]) & ~argument[2]) + ")"
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        least, most, inner = argument
        times = {(0, 1): "?", (0, op.MAXREPEAT): "*", (1, op.MAXREPEAT): "+"}.get((least, most))
        count = times or (f"{{{least},}}" if most is op.MAXREPEAT else f"{{{least},{most}}}")
        return f"({_expression(inner, flags)}){count}"
    if kind in (op.ASSERT_NOT, op.ASSERT):
        return ""
    return "[" + _class(kind, argument, flags) + "]"


def _class(kind: Any, argument: Any, flags: int) -> str:
    """The inside of a character class."""
    if kind is op.LITERAL:
        return _either(argument, flags)
    if kind is op.NOT_LITERAL:
        return "^" + _either(argument, flags)
    if kind is op.ANY:
        return r"^\n"
    if kind is op.RANGE:
        return f"{_character(argument[0])}-{_character(argument[1])}"
    if kind is op.CATEGORY:
        spelled = {op.CATEGORY_DIGIT: r"\d", op.CATEGORY_WORD: r"\w", op.CATEGORY_SPACE: r"\s"}.get(argument)
        if spelled is None:
            raise GrammarProblem("a negated character category has no spelling in GBNF")
        return "".join(f"{_character(low)}-{_character(high)}" for low, high in matching(spelled) if high < 0x80)
    if kind is op.IN:
        negated = argument[0][0] is op.NEGATE
        return ("^" if negated else "") + "".join(_class(item[0], item[1], flags) for item in argument[negated:])
    raise GrammarProblem(f"{str(kind).lower()} has no spelling in GBNF")


def _either(code: int, flags: int) -> str:
    cases = sorted({chr(code).lower(), chr(code).upper()}) if flags & re.IGNORECASE else [chr(code)]
    return "".join(_character(ord(case)) for case in cases if len(case) == 1)


def _character(code: int) -> str:
    character = chr(code)
    if character.isascii() and character.isalnum():
        return character
    return f"\\x{code:02x}" if code < 0x100 and code < 0x80 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
