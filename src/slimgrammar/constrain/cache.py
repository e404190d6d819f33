"""Compiled grammars on disk, so that a second start takes a fraction of a second.

A file's name is a digest of all that its content follows from: the grammar's text, the start symbols, the bytes of every token,
and the versions of what compiled it. It is written under a temporary name and renamed; one that cannot be read is made again.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
import tempfile
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import Final

from slimgrammar.constrain.engine import Compiled, Engine
from slimgrammar.constrain.parser import Rest
from slimgrammar.constrain.rows import Row

# To be raised with every change of what is stored or of how it is computed.
_FORMAT: Final = 5


def folder() -> Path:
    """Where masks are cached: `$SLIMGRAMMAR_CACHE`, else the user's cache folder."""
    own = os.environ.get("SLIMGRAMMAR_CACHE")
    base = Path(own) if own else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "slimgrammar"
    return base / "masks"


def digest(text: str, starts: tuple[str, ...], tokens: list[bytes]) -> str:
    """The name of what follows from a grammar's text, its start symbols and a vocabulary's tokens."""
    parts = (_FORMAT, sys.version_info[:2], unicodedata.unidata_version, starts, text)
    found = hashlib.sha256(repr(parts).encode("utf-8", "surrogateescape"))
    found.update(repr(list(map(len, tokens))).encode())
    found.update(b"".join(tokens))
    return found.hexdigest()[:32]


def load(name: str, tokens: list[bytes]) -> Engine | None:
    """The engine stored under a name, or None."""
    try:
        with (folder() / f"{name}.pickle").open("rb") as file:
            compiled, rests, rows = pickle.load(file)
        return _revived(compiled, rests, rows, tokens)
    except (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError, IndexError, TypeError, ValueError):
        return None


def _revived(compiled: Compiled, rests: list[Rest], rows: dict[int, Row], tokens: list[bytes]) -> Engine:
    engine = Engine(compiled, tokens)
    engine.rows.restore(rests, rows)
    return engine


def store(name: str, engine: Engine) -> None:
    """Keep an engine and its rows; a folder that cannot be written to is no fault."""
    target = folder() / f"{name}.pickle"
    with suppress(OSError):
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
            try:
                pickle.dump((engine.compiled, engine.parser.rests, engine.rows.rows), file, protocol=pickle.HIGHEST_PROTOCOL)
                file.flush()
                Path(file.name).replace(target)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
