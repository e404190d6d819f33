"""One row: a text in, the text in fewer tokens and what became of it out. Every engine calls this, and nothing else.

A row never fails: where its text cannot be converted, the text stays as it is, with a status and an error beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Final

from slimgrammar import grammar
from slimgrammar.errors import MissingExtra, NotReversible, SlimError, SyntaxProblem
from slimgrammar.pipeline.datasets.options import DONE, PROFILE, PYTHON, STATUS, VERSION, Options, Row, encoding_version

if TYPE_CHECKING:
    from slimgrammar.prune import Language


def prepare(options: Options) -> None:
    """Meet here, not in a million rows, what is wrong with the options themselves.

    Raises:
        SlimError: an unknown dialect, vocabulary, method or language, a senseless budget, an extra that is not installed.
    """
    from slimgrammar.compact.api import DIALECTS, UnknownOption
    from slimgrammar.vocab import load

    load(options.vocab)
    if options.operation not in DONE:
        raise UnknownOption("operation", options.operation, tuple(DONE))
    if options.dialect not in DIALECTS:
        raise UnknownOption("dialect", options.dialect, DIALECTS)
    if options.operation == "prune":
        from slimgrammar.prune import language

        language(options.language).parse("")
    if options.operation != "decode":
        _CONVERSIONS[options.operation](options, "", options.language)


def convert(options: Options, text: object, *, language: object = None, made: Mapping[str, object] | None = None) -> Row:
    """Convert one text.

    Args:
        options: what is to be done.
        text: the row's text; anything but a string is a failed row.
        language: what the row says its language is; None where it does not.
        made: for `decode`: what `encode` wrote into the columns `COLUMNS` of the row, as far as it is there.

    Returns:
        The row, whatever happened.

    Raises:
        MissingExtra: a package that every row needs is not installed.

    >>> row = convert(Options(), "if (x):\\n    f(a, b)\\n")
    >>> row.text, row.status, row.tokens_before, row.tokens_after
    ('if x:f(a b)', 'encoded', 10, 6)
    >>> convert(Options(), "x = (").error
    "1:5: '(' was never closed"
    """
    if not isinstance(text, str):
        return Row(None, "no_text", f"the text column holds {'nothing' if text is None else type(text).__name__}")
    if len(text) > options.max_characters:
        return Row(text, "too_large", f"{len(text)} characters, and {options.max_characters} are allowed")
    given = language.strip().lower() if isinstance(language, str) and language.strip() else options.language
    made = made or {}
    skipped = _not_ours(options, given, made.get(STATUS))
    if skipped is not None:
        return original(options, text, skipped)
    if options.operation != "decode":
        return _attempt(options, text, given)
    profile = str(made.get(PROFILE) or f"{options.dialect};")
    if not options.any_version and _spelled_otherwise(profile, made.get(VERSION)):
        error = (
            f"version {made[VERSION]} spelled it, and this is {encoding_version()}: decode it with that one (or --any-version)"
        )
        return original(options, text, "failed", error)
    return _attempt(options, text, profile)


def _spelled_otherwise(profile: str, version: object) -> bool:
    """Whether another grammar than ours made a text; the python dialect has none of its own."""
    if not isinstance(version, str) or profile.startswith("python;"):
        return False
    return version.partition("+")[2] != encoding_version().partition("+")[2]


def original(options: Options, text: str, status: str, error: str = "") -> Row:
    """The row that keeps its text as it is."""
    tokens = _count(options, text, encoded=False)
    return Row(text, status, error, tokens, tokens)


def _not_ours(options: Options, language: str, status: object) -> str | None:
    """Why a row is left alone; None where it is not."""
    if options.operation == "encode":
        return None if language in PYTHON else "skipped"
    if options.operation == "prune":
        return None if known_language(language) is not None else "skipped"
    return None if status is None or status == DONE["encode"] else "unchanged"


def _attempt(options: Options, text: str, given: str) -> Row:
    """The converted row, or the original one with what went wrong."""
    try:
        converted = _CONVERSIONS[options.operation](options, text, given)
    except MissingExtra:
        raise
    except SyntaxProblem as problem:
        return original(options, text, "syntax_error", str(problem))
    except NotReversible as problem:
        return original(options, text, "not_reversible", str(problem))
    except (RecursionError, MemoryError):
        return original(options, text, "too_large", "nested too deeply, or too large for the memory")
    except SlimError as error:
        return original(options, text, "failed", str(error))
    except Exception as error:  # the boundary: one strange row must not end a run over a million
        return original(options, text, "failed", f"internal error, please report it: {type(error).__name__}: {error}")
    status = "unchanged" if options.operation == "prune" and converted == text else DONE[options.operation]
    before = _count(options, text, encoded=options.operation == "decode")
    return Row(converted, status, "", before, _count(options, converted, encoded=options.operation == "encode"))


def _encoded(options: Options, text: str, _: str) -> str:
    from slimgrammar.compact.api import encode

    return encode(
        text, dialect=options.dialect, comments=options.comments, docstrings=options.docstrings, verify=options.verify
    )


def _decoded(options: Options, text: str, profile: str) -> str:
    from slimgrammar.compact.api import DIALECTS, decode

    dialect = profile.partition(";")[0]
    if dialect not in DIALECTS:
        raise SlimError(f"the row was made by {dialect!r}, which cannot be undone")
    return decode(text, dialect=dialect)


def _pruned(options: Options, text: str, language: str) -> str:
    from slimgrammar.prune import Options as Pruning
    from slimgrammar.prune import language as language_named
    from slimgrammar.prune import prune_with
    from slimgrammar.vocab import load

    known = known_language(language) or language_named(language)
    asked = Pruning(keep=options.keep, max_tokens=options.max_tokens, method=options.method, valid=options.valid)
    return prune_with(asked, text, known, load(options.vocab)).text


_CONVERSIONS: Final[dict[str, Callable[[Options, str, str], str]]] = {
    "encode": _encoded,
    "decode": _decoded,
    "prune": _pruned,
}


@cache
def known_language(value: str) -> Language | None:
    """The language that a data set calls `value`, in small letters: by its name or a suffix; None where we know none.

    "C#" and "C++" are spelled in letters here.
    """
    from slimgrammar.prune import UnknownLanguage, language_of, languages

    name = value.replace("#", "sharp").replace("+", "p")
    if name in languages():
        return languages()[name]
    try:
        return language_of(f"file.{value.removeprefix('.')}")
    except UnknownLanguage:
        return None


@cache
def _counter(vocab: str, symbols: bool) -> Callable[[str], int]:
    from slimgrammar.vocab import count, count_with_symbols, load

    loaded = load(vocab)
    if not symbols:
        return lambda text: count(loaded, text)
    spellings = tuple(grammar.symbol_table())
    return lambda text: count_with_symbols(loaded, text, spellings)


def _count(options: Options, text: str, *, encoded: bool) -> int | None:
    """Tokens of a text; None where it has no UTF-8 bytes to count. The symbols of an encoded text count as tokens."""
    try:
        return _counter(options.vocab, encoded and options.dialect == "symbols")(text)
    except SlimError:
        return None
