"""`encode` and `decode`: the dialects, the checks around them, the errors."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal, get_args

from slimgrammar.compact import aliases as naming
from slimgrammar.compact import layout, minimal, reading, spelling, symbols
from slimgrammar.compact.builder import StructureError
from slimgrammar.compact.canonical import canonicalise
from slimgrammar.compact.codebook.book import BadCodebook, Codebook
from slimgrammar.compact.codebook.book import load as load_codebook
from slimgrammar.compact.codebook.expansion import contracted, expand, is_signed, shorten
from slimgrammar.compact.stream import ALL_RULES
from slimgrammar.compact.verify import verify as verify_program
from slimgrammar.errors import NotReversible, SlimError, SyntaxProblem, offset_of, place
from slimgrammar.syntax import check as syntax
from slimgrammar.syntax.lexer import lex, scan
from slimgrammar.vocab import Vocabulary, load

Dialect = Literal["python", "compact", "symbols"]
Kept = Literal["keep", "drop"]
DIALECTS: Final[tuple[str, ...]] = get_args(Dialect)


class UnknownOption(SlimError, ValueError):
    """An option has a value that nothing knows; the message lists the known ones."""

    def __init__(self, option: str, value: object, known: tuple[str, ...]) -> None:
        super().__init__(f"unknown {option} {value!r}: one of {', '.join(known)}")


def encode(
    source: str,
    *,
    dialect: str = "compact",
    comments: str = "keep",
    docstrings: str = "keep",
    aliases: str | Vocabulary | None = None,
    codebook: Codebook | str | Path | None = None,
    verify: bool = True,
) -> str:
    """Python source in a dialect that spends fewer tokens.

    Args:
        source: a whole program (or any run of statements), any line ends.
        dialect: "python" (still valid Python), "compact", or "symbols" (for a tokenizer extended by `vocab.extend`).
        comments: "keep" or "drop".
        docstrings: "keep" or "drop".
        aliases: a vocabulary, to give long identifiers short names where that saves tokens in it. A first line declares them,
            and decoding gives every name back. Not for "python"; it makes the text harder to read.
        codebook: shorthands on top of the dialect: a codebook, its file, or the name of a shipped one. Decoding needs the same.
        verify: check that the source is Python and that the encoding decodes to an equal syntax tree.

    Returns:
        The encoded text, without a final line end.

    Raises:
        SyntaxProblem: the source is not Python.
        BadCodebook: there is no such codebook, or it is for another dialect.
        NotReversible: the encoding would not decode to an equal program (a fault of ours; nothing is returned).

    >>> print(encode("def f(self, a, b):\\n    if (a is None):\\n        return (self.x, b)\\n"), end="")
    def.f(a b):
    if a is None return.x b
    """
    _known(dialect, comments, docstrings)
    if aliases is not None and dialect == "python":
        raise UnknownOption("dialect with aliases", dialect, DIALECTS[1:])
    book = _codebook(codebook, dialect)
    source = normalise_newlines(source)
    host = syntax.check(source) if verify else True
    tokens = lex(source)
    stream = _canonical(source, tokens, comments=comments, docstrings=docstrings)
    text = write(stream, dialect) if aliases is None else _write_aliased(stream, dialect, load(aliases))
    if book is not None:
        text = shorten(text, book)
    if verify:
        try:
            plain = expand(text, book)
            decoded = plain if dialect == "python" else layout.print_plain(read(plain, dialect))
        except SyntaxProblem as problem:
            raise NotReversible(f"the encoding does not decode: {problem}") from None
        kept, told = comments == "keep", docstrings == "keep"
        verify_program(source, decoded, comments=kept, docstrings=told, host=host, tokens=tokens)
    return text


def decode(
    text: str,
    *,
    dialect: str = "compact",
    codebook: Codebook | str | Path | None = None,
    like: str | None = None,
    style: str = "plain",
    verify: bool = True,
) -> str:
    """Readable Python for an encoded text, the inverse of `encode`.

    Args:
        text: what `encode` gave, or a model wrote.
        dialect: the dialect that the text is in.
        codebook: the codebook that the text was written with, if any.
        like: the original source; the result then has its layout, and differs only in statements that were changed.
        style: "plain", or "black" or "ruff" where those are installed.
        verify: check that the result is Python.

    Returns:
        Python source; it ends with a line end unless it is empty.

    Raises:
        SyntaxProblem: the text leaves the dialect's grammar, ends too early, or holds no Python program.
        OtherCodebook: the text was written with another codebook than the one given, or with one where none was given.
        BadCodebook: there is no such codebook, or it is for another dialect.

    >>> print(decode("def f(a b):return a b"), end="")
    def f(a, b):
        return a, b
    """
    _known(dialect, "keep", "keep")
    text = normalise_newlines(text)
    stream = read_shortened(text, dialect, _codebook(codebook, dialect))
    if like is not None:
        from slimgrammar.compact.restore import restore  # difflib is slow to load and rarely needed

        decoded = restore(stream, normalise_newlines(like))
    else:
        decoded = layout.print_plain(stream)
    if verify:
        _check_decoded(decoded)
    if style != "plain":
        from slimgrammar.compact.styles import style as restyle

        decoded = restyle(decoded, style)
    return decoded


def canonical_text(source: str, *, comments: str = "keep", docstrings: str = "keep") -> str:
    """The canonical form of a program: what `decode` prints for it.

    >>> canonical_text("if (x): y=1;z=2")
    'if x:\\n    y = 1\\n    z = 2\\n'
    """
    return layout.print_plain(canonical_stream(normalise_newlines(source), comments=comments, docstrings=docstrings))


def canonical_stream(
    source: str, *, comments: str = "keep", docstrings: str = "keep", off: frozenset[str] = ALL_RULES
) -> list[str]:
    """The canonical stream of a source text with `\\n` line ends; SyntaxProblem where it has none.

    `off` names rules (rules.toml) that are switched off, to measure them; every dialect's reader takes the result.
    """
    return _canonical(source, lex(source), comments=comments, docstrings=docstrings, off=off)


def _canonical(source: str, tokens: list[str], *, comments: str, docstrings: str, off: frozenset[str] = ALL_RULES) -> list[str]:
    """The canonical stream of a source text's tokens."""
    try:
        return canonicalise(tokens, keep_comments=comments == "keep", keep_docstrings=docstrings == "keep", off=off)
    except StructureError as error:
        raise _located(source, error) from None


def write(stream: list[str], dialect: str, *, off: frozenset[str] = ALL_RULES) -> str:
    """A canonical stream in a dialect; `off` as for `canonical_stream`."""
    if dialect == "python":
        return minimal.write(stream, off=off)
    return symbols.write(stream, off=off) if dialect == "symbols" else spelling.write(stream, off=off)


def read(text: str, dialect: str) -> list[str]:
    """The canonical stream of a text in a dialect."""
    if dialect == "python":
        return canonical_stream(text)
    names, body = naming.split(text)
    try:
        stream = symbols.read(body) if dialect == "symbols" else reading.read(body)
    except SyntaxProblem as problem:
        if not names:
            raise
        raise type(problem)(problem.message, problem.line + 1, problem.column, problem.text) from None
    return naming.rename(stream, names) if names else stream


def read_shortened(text: str, dialect: str, book: Codebook | None) -> list[str]:
    """The canonical stream of a text in a dialect and the shorthands of a codebook.

    Raises:
        SyntaxProblem: as `read`; the place is that in `text`.
        OtherCodebook: the text was written with another codebook.
    """
    if not is_signed(text, book):
        return read(text, dialect)
    assert book is not None
    plain = expand(text, book)
    try:
        return read(plain, dialect)
    except SyntaxProblem as problem:
        offset = contracted(text, book)(offset_of(plain, problem.line, problem.column))
        raise type(problem)(problem.message, *place(text, offset)) from None


def _write_aliased(stream: list[str], dialect: str, vocab: Vocabulary) -> str:
    """A stream in a dialect, with aliases where they save tokens."""
    names = naming.choose(stream, vocab, lambda renamed: write(renamed, dialect))
    return naming.header(names) + write(naming.rename(stream, names), dialect)


def normalise_newlines(text: str) -> str:
    """The text with `\\n` line ends and without a byte order mark."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.removeprefix("\ufeff")


def _known(dialect: str, comments: str, docstrings: str) -> None:
    if dialect not in DIALECTS:
        raise UnknownOption("dialect", dialect, DIALECTS)
    for option, value in (("comments", comments), ("docstrings", docstrings)):
        if value not in get_args(Kept):
            raise UnknownOption(option, value, get_args(Kept))


def _codebook(codebook: Codebook | str | Path | None, dialect: str) -> Codebook | None:
    if codebook is None:
        return None
    book = load_codebook(codebook)
    if book.dialect != dialect:
        raise BadCodebook(f"the codebook is for {book.dialect!r} text, not for {dialect!r}")
    return book


def _located(source: str, error: StructureError) -> SyntaxProblem:
    """A structure error with the place of its token."""
    spans = scan(source)
    offset = spans[min(error.index, len(spans) - 1)][1]
    return SyntaxProblem(error.message, *place(source, offset))


def _check_decoded(decoded: str) -> None:
    """Refuses an encoded text whose program is no Python; the place is that in the decoded program."""
    try:
        syntax.check(decoded)
    except SyntaxProblem as problem:
        fault = f"{problem.message} at line {problem.line} of it: {problem.text.strip()[:60]!r}"
        raise SyntaxProblem(f"the text decodes to no Python program ({fault})", 1, 1) from None
