"""The promises on real files of all nine languages: those of installed packages, and fetched ones where they are."""

import random
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from slimgrammar.cli.corpus import default_cache
from slimgrammar.prune import UnknownLanguage, language_of, languages, prune
from slimgrammar.prune.graphs.pdg import dependences
from slimgrammar.prune.program import Program
from slimgrammar.vocab import count, load

O200K = load("o200k_base")
PLACES = (Path(sysconfig.get_paths()["purelib"]), Path(sysconfig.get_paths()["include"]), default_cache() / "corpora")
MOST_FILES = 20_000


def candidates() -> Iterator[Path]:
    seen = 0
    for place in PLACES:
        for path in place.rglob("*"):
            seen += 1
            if seen > MOST_FILES * len(PLACES):
                return
            yield path


def real_files() -> dict[str, list[Path]]:
    """A few small files of each language, the same ones every time on the same machine."""
    found: dict[str, list[Path]] = {name: [] for name in languages()}
    for path in candidates():
        try:
            known = found[language_of(path).name]
        except UnknownLanguage:
            continue
        if len(known) < 300 and path.is_file() and 200 < path.stat().st_size < 30_000:
            known.append(path)
    rng = random.Random(2)
    return {name: rng.sample(paths, min(4, len(paths))) for name, paths in found.items() if paths}


def test_real_files() -> None:
    files = real_files()
    if "python" not in files:
        pytest.skip("no installed packages to read")
    for name, paths in files.items():
        for path in paths:
            text = path.read_text(encoding="utf-8", errors="replace")
            program = Program(text, languages()[name])
            assert "".join((program.gaps + program.texts).tolist()) == text
            dependences(program)
            before = count(O200K, text)
            for method in ("slim", "slimcode", "dietcode"):
                for valid in (False, True):
                    result = prune(text, name, keep=0.4, method=method, valid=valid)
                    assert count(O200K, result.text) <= int(before * 0.4)
                    for piece in result.map:
                        assert (
                            result.text[piece.out : piece.out + piece.length] == text[piece.start : piece.start + piece.length]
                        )
                    if valid and not program.has_errors:
                        assert not Program(result.text, languages()[name]).has_errors, (path, method)
