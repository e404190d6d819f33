"""The promises on real files: those of installed packages, fetched ones where they are, and those in $SLIM_REAL_FILES.

A language of which there is none is tried on the sample that we wrote.
"""

import os
import random
import sysconfig
from collections.abc import Iterator
from functools import cache
from itertools import chain, islice
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slimgrammar.cli.corpus import default_cache
from slimgrammar.prune import BadBudget, Pruned, UnknownLanguage, language_of, languages, prune
from slimgrammar.prune.elements import BREAK
from slimgrammar.prune.graphs.pdg import dependences
from slimgrammar.prune.pins import pinned
from slimgrammar.prune.program import Program
from slimgrammar.vocab import count, load

O200K = load("o200k_base")
METHODS = ("slim", "slimcode", "dietcode", "random")
PLACES = (
    *map(Path, filter(None, [os.environ.get("SLIM_REAL_FILES")])),
    *sorted((default_cache() / "corpora").glob("npm-*")),
    Path(sysconfig.get_paths()["include"]),
    Path(sysconfig.get_paths()["purelib"]),
    Path(__file__).with_name("samples"),
)
MOST_FILES = 20_000


def candidates() -> Iterator[Path]:
    """The files of all places, of none too many."""
    return chain.from_iterable(islice(place.rglob("*"), MOST_FILES) for place in PLACES)


@cache
def real_files() -> dict[str, list[Path]]:
    """A few small files of each language, the same ones every time on the same machine."""
    found: dict[str, list[Path]] = {name: [] for name in languages()}
    for path in candidates():
        try:
            known = found[language_of(path).name]
        except UnknownLanguage:
            continue
        ours = path.parent.name == "samples"
        if len(known) < (1 if ours else 300) and path.is_file() and 200 < path.stat().st_size < 30_000:
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


@st.composite
def parts(draw: st.DrawFn) -> tuple[str, str]:
    """Up to eighty lines of a real file, and its language; every language is as likely."""
    files = real_files()
    name = draw(st.sampled_from(sorted(files)))
    lines = draw(st.sampled_from(files[name])).read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
    start = draw(st.integers(0, max(0, len(lines) - 1)))
    return "".join(lines[start : start + draw(st.integers(1, 80))]), name


def kept(pruned: Pruned) -> set[int]:
    return {at for span in pruned.kept for at in range(span.start, span.end) if not pruned.source[at].isspace()}


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    parts(), st.sampled_from(("slim", "slimcode", "dietcode", "random")), st.floats(0.02, 1), st.floats(0.02, 1), st.booleans()
)
def test_promises_on_parts_of_real_files(part: tuple[str, str], method: str, one: float, other: float, valid: bool) -> None:
    """Budget, subset, offsets, determinism, and a pinned declaration."""
    text, name = part
    low, high = sorted((one, other))
    small, large = (prune(text, name, keep=share, method=method, valid=valid) for share in (low, high))
    assert prune(text, name, keep=high, method=method, valid=valid).text == large.text
    assert count(O200K, small.text) <= count(O200K, text) * low
    assert count(O200K, large.text) <= count(O200K, text) * high
    assert kept(small) <= kept(large)
    for piece in large.map:
        assert large.text[piece.out : piece.out + piece.length] == text[piece.start : piece.start + piece.length]
    check_pins(text, name, high, method)


def check_pins(text: str, name: str, share: float, method: str) -> None:
    """The first declaration of a text stays whole where it is pinned, or the budget is refused."""
    program = Program(text, languages()[name])
    declared = [text[node.start_byte : node.end_byte] for node in program.captures.get("name", ())][:1]
    fixed = np.flatnonzero(pinned(program, tuple(declared)) & (program.kinds < BREAK))
    try:
        covered = kept(prune(text, name, keep=share, method=method, pins=declared))
    except BadBudget:
        assert fixed.size
        return
    assert all({*range(program.starts[at], program.starts[at] + len(program.texts[at]))} <= covered for at in fixed.tolist())
