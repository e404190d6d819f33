"""The files of a folder that git would track: without what a `.gitignore`, there or further up in the folder, names.

pathspec reads the rules; those of the user's own git settings are not asked.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from slimgrammar.errors import MissingExtra

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_Rules = tuple[tuple[str, "GitIgnoreSpec"], ...]  # a folder's path and its rules, the outermost first


def tracked(root: Path, *, only: Iterable[str] = (), without: Iterable[str] = ()) -> Iterator[str]:
    """The paths of files under `root`, relative to it, with `/`, in order; symbolic links and `.git` are left out.

    Args:
        root: a folder.
        only: patterns as in a `.gitignore`; where there are any, a file must match one.
        without: patterns of what else is left out.

    Raises:
        MissingExtra: pathspec is not installed.
    """
    chosen, dropped = _spec(only), _spec(without)
    for path in _walk(root, "", (), dropped):
        if not chosen.patterns or chosen.match_file(path):
            yield path


def _walk(root: Path, inside: str, rules: _Rules, dropped: GitIgnoreSpec) -> Iterator[str]:
    ignore = root / inside / ".gitignore"
    if ignore.is_file() and not ignore.is_symlink():
        rules = (*rules, (inside, _spec(ignore.read_text(encoding="utf-8", errors="replace").splitlines())))
    with os.scandir(root / inside) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_symlink() or entry.name == ".git":
            continue
        folder = entry.is_dir()
        path = f"{inside}{entry.name}{'/' if folder else ''}"
        if dropped.match_file(path) or _ignored(path, rules):
            continue
        if folder:
            yield from _walk(root, path, rules, dropped)
        elif entry.is_file():
            yield path


def _ignored(path: str, rules: _Rules) -> bool:
    """Whether the innermost rules that say anything about a path leave it out."""
    for inside, spec in reversed(rules):
        said = spec.check_file(path[len(inside) :]).include
        if said is not None:
            return said
    return False


def _spec(lines: Iterable[str]) -> GitIgnoreSpec:
    """Rules; a line that is none is passed over, as git does."""
    try:
        from pathspec import GitIgnoreSpec
    except ImportError:
        raise MissingExtra("pathspec", "pipeline") from None
    good = []
    for line in lines:
        try:
            GitIgnoreSpec.from_lines([line])
        except ValueError:
            continue
        good.append(line)
    return GitIgnoreSpec.from_lines(good)
