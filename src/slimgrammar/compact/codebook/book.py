"""The codebook: its shorthands, its file, and the errors of reading one.

A codebook file is JSON: what it is for (dialect, vocabulary), what it was mined from and what that saved on files that it was
not mined from, and its shorthands in the order of their savings. Its hash covers all that decides how a text is spelled.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, fields
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from slimgrammar import grammar
from slimgrammar.compact.codebook.template import BadTemplate, Template, parse
from slimgrammar.compact.codebook.trie import MOST_BYTES
from slimgrammar.errors import SlimError

FORMAT: Final = 1
MARK: Final = "!"
"""What the signature of a codebook in an existing vocabulary begins with; two characters beyond ASCII follow. No program and no
dialect's text starts so."""
SIGNATURES: Final = range(0xFE000, 0xFFFFE)
"""Private-use characters that sign texts of codebooks whose shorthands are new symbols."""


class BadCodebook(SlimError, ValueError):
    """No codebook can be made of a file; the message says what is wrong with it."""


class OtherCodebook(SlimError, ValueError):
    """A text was written with another codebook than the one given, or with one where none was given."""


@dataclass(frozen=True, slots=True)
class Shorthand:
    """One entry of a codebook.

    Attributes:
        symbol: the character that is written.
        text: what it stands for, a template (see `template`).
        saves: tokens saved at a use, the mean over the corpus.
        uses: how often it was used in the corpus.
    """

    symbol: str
    text: str
    saves: float
    uses: int = 0


@dataclass(frozen=True)
class Codebook:
    """Shorthands for one dialect and one vocabulary.

    Attributes:
        dialect: whose text it shortens.
        vocabulary: the name of the vocabulary that it was mined for.
        shorthands: in the order of their savings.
        escape: the character that stands before one that is meant as it is.
        mined: figures about the corpus and the savings, for people.
    """

    dialect: str
    vocabulary: str
    shorthands: tuple[Shorthand, ...]
    escape: str
    signature_alphabet: str = ""
    mined: dict[str, Any] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        specials = [shorthand.symbol for shorthand in self.shorthands] + [self.escape]
        if any(len(special) != 1 for special in specials) or len(set(specials)) != len(specials):
            raise BadCodebook("each symbol of a codebook must be one character, and stand for one text")
        if sum(len(shorthand.text.encode("utf-8", "surrogatepass")) for shorthand in self.shorthands) > MOST_BYTES:
            raise BadCodebook(f"the shorthands of a codebook stand for at most {MOST_BYTES:,} bytes in all")
        for shorthand in self.shorthands:
            try:
                parse(shorthand.text)
            except BadTemplate as fault:
                raise BadCodebook(f"shorthand {shorthand.symbol!r}: {fault}") from None
            if not set(specials).isdisjoint(shorthand.text):
                raise BadCodebook(f"shorthand {shorthand.symbol!r} stands for a text that holds a symbol itself")

    def __getstate__(self) -> dict[str, Any]:
        """What goes to another process: not what can be computed there, and compiled templates cannot be pickled."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @cached_property
    def hash(self) -> str:
        """SHA-256, in hexadecimal, of all that decides how a text is spelled."""
        import hashlib  # it loads OpenSSL, and `import slimgrammar` needs none

        rows = [[shorthand.symbol, shorthand.text, shorthand.saves] for shorthand in self.shorthands]
        spelled = json.dumps([FORMAT, self.dialect, self.escape, self.signature_alphabet, rows], ensure_ascii=True)
        return hashlib.sha256(spelled.encode()).hexdigest()

    @cached_property
    def signature(self) -> str:
        """What every text that uses the codebook begins with: a new symbol, or three tokens of the existing vocabulary."""
        number = int(self.hash[:12], 16)
        alphabet = self.signature_alphabet
        if not alphabet:
            return chr(SIGNATURES[number % len(SIGNATURES)])
        first, second = divmod(number, len(alphabet))
        return MARK + alphabet[first % len(alphabet)] + alphabet[second]

    @cached_property
    def templates(self) -> dict[str, Template]:
        """Symbol → what it stands for."""
        return {shorthand.symbol: parse(shorthand.text) for shorthand in self.shorthands}

    @cached_property
    def symbols(self) -> dict[str, str]:
        """What the vocabulary must learn as new tokens, and the text that each stands for, without its holes, as `vocab.extend`
        takes them beside those of the dialect; nothing where the shorthands are spelled in existing tokens.
        """
        if self.signature_alphabet:
            return {}
        return {self.signature: "", self.escape: ""} | {
            symbol: "".join(template.literals) for symbol, template in self.templates.items()
        }

    def first(self, k: int) -> Codebook:
        """The codebook of the first `k` shorthands: another codebook, with a hash of its own."""
        return Codebook(
            self.dialect, self.vocabulary, self.shorthands[:k], self.escape, self.signature_alphabet, {"first": k} | self.mined
        )

    def to_json(self) -> str:
        """The file's text: a line for each shorthand, so that people can read it and compare two."""
        head = {
            "format": FORMAT,
            "dialect": self.dialect,
            "vocabulary": self.vocabulary,
            "escape": self.escape,
            "signature_alphabet": self.signature_alphabet,
            "hash": self.hash,
            "mined": self.mined,
        }
        lines = [_readable([entry.text, entry.symbol, entry.saves, entry.uses]) for entry in self.shorthands]
        body = json.dumps(head, indent=1)[:-2]
        return f'{body},\n "shorthands": [\n  ' + ",\n  ".join(lines) + "\n ]\n}\n"


def _readable(row: list[Any]) -> str:
    """JSON in which letters are themselves, and what no font shows is escaped."""
    return re.sub(
        r"[\ue000-\uf8ff\U000f0000-\U0010ffff]", lambda found: json.dumps(found[0])[1:-1], json.dumps(row, ensure_ascii=False)
    )


def from_json(text: str) -> Codebook:
    """The codebook that `to_json` wrote.

    Raises:
        BadCodebook: it is no codebook, one of another format, or its hash is not that of its shorthands.
    """
    try:
        data = json.loads(text)
        if data["format"] != FORMAT:
            raise BadCodebook(f"a codebook of format {data['format']!r}: this slimgrammar reads format {FORMAT}")
        rows = [Shorthand(symbol, shown, float(saves), int(uses)) for shown, symbol, saves, uses in data["shorthands"]]
        book = Codebook(
            data["dialect"], data["vocabulary"], tuple(rows), data["escape"], data["signature_alphabet"], data["mined"]
        )
        written = data["hash"]
    except (KeyError, TypeError, ValueError) as fault:
        if isinstance(fault, BadCodebook):
            raise
        raise BadCodebook(f"no codebook: {type(fault).__name__}: {fault}") from None
    if written != book.hash:
        raise BadCodebook(f"its hash is {book.hash[:12]}…, not {str(written)[:12]}… as it says: the file was changed")
    return book


_READ: dict[str, tuple[tuple[int, int], Codebook]] = {}


def load(codebook: Codebook | str | Path) -> Codebook:
    """A codebook: one in memory, a file's, or a shipped one by its name, such as "symbols-cl100k_base-100".

    Raises:
        BadCodebook: there is no such codebook, or the file holds none; the message names the file.
    """
    if isinstance(codebook, Codebook):
        return codebook
    path = shipped().get(str(codebook)) or Path(codebook)
    try:
        stat = path.stat()
        stamp = (stat.st_mtime_ns, stat.st_size)
        known = _READ.get(str(path))
        if known is None or known[0] != stamp:
            known = _READ[str(path)] = (stamp, from_json(path.read_text(encoding="utf-8")))
        return known[1]
    except BadCodebook as fault:
        raise BadCodebook(f"{path}: {fault}") from None
    except (OSError, UnicodeDecodeError) as fault:
        names = ", ".join(shipped())
        raise BadCodebook(f"{path}: {fault.strerror if isinstance(fault, OSError) else fault}; shipped: {names}") from None


@cache
def shipped() -> dict[str, Path]:
    """The codebooks that come with slimgrammar: name → file."""
    return {path.stem: path for path in sorted(grammar.folder().joinpath("codebooks").glob("*.json"))}
