"""Public packages as test corpora: their wheels are fetched by pip, checked by hash, and unpacked into a cache.

A manifest is a pip requirements file of `name==version --hash=sha256:…` lines. Every package becomes the folder
`CACHE/corpora/NAME-VERSION`, which appears by one rename and is therefore whole or absent. Only `.py` files are unpacked;
nothing of a package is imported or run.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from slimgrammar.errors import SlimError, SyntaxProblem, Unreadable

# `any` takes only wheels that are the same on every machine; a corpus is read, never run, so its required Python is no matter.
_DOWNLOAD: Final = (
    *("-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check"),
    *("--no-deps", "--only-binary=:all:", "--platform=any", "--ignore-requires-python", "--require-hashes"),
)
_PIN: Final = re.compile(r"([A-Za-z0-9][\w.-]*)==([A-Za-z0-9][\w.+!-]*)((?:\s+--hash=sha256:[0-9a-f]{64})+)", re.ASCII)
_HASH: Final = re.compile(r"--hash=(\S+)")
_COMMENT: Final = re.compile(r"(?:^|\s)#.*")


class FetchFailed(SlimError):
    """A package of a corpus cannot be fetched or unpacked.

    Attributes:
        name: the package.
        reason: what went wrong, on one line.
    """

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        self.reason = reason
        super().__init__(name, reason)

    def __str__(self) -> str:
        return f"cannot fetch {self.name}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Pin:
    """One line of a manifest: a package at a version, and the hashes of the wheels that are trusted."""

    name: str
    version: str
    hashes: tuple[str, ...]

    def requirement(self) -> str:
        """The pin as a line of a requirements file.

        >>> Pin("attrs", "1.0", ("sha256:0a",)).requirement()
        'attrs==1.0 --hash=sha256:0a'
        """
        return " ".join([f"{self.name}=={self.version}", *(f"--hash={value}" for value in self.hashes)])


@dataclass(frozen=True, slots=True)
class FetchedPackage:
    """A package that lies in the cache, with its Python files."""

    name: str
    version: str
    folder: Path
    files: tuple[Path, ...]


def default_cache() -> Path:
    """Where fetched things go: `$SLIMGRAMMAR_CACHE`, else `$XDG_CACHE_HOME/slimgrammar`, else `~/.cache/slimgrammar`."""
    if own := os.environ.get("SLIMGRAMMAR_CACHE"):
        return Path(own)
    xdg = Path(os.environ.get("XDG_CACHE_HOME", ""))
    base = xdg if xdg.is_absolute() else Path.home() / ".cache"  # the XDG rules say: ignore a relative path
    return base / "slimgrammar"


def parse_manifest(text: str) -> list[Pin]:
    """The pins of a manifest, in its order; a SyntaxProblem names the line that is not `name==version --hash=sha256:…`.

    >>> parse_manifest("# a comment\\nattrs==1.0 --hash=sha256:" + "0" * 64)[0].version
    '1.0'
    """
    pins: dict[str, Pin] = {}
    for number, line in _logical_lines(text):
        match = _PIN.fullmatch(line)
        if match is None:
            raise SyntaxProblem("expected `name==version --hash=sha256:…`", number, 1, line)
        name = normalise(match[1])
        if name in pins:
            raise SyntaxProblem(f"{name} stands here a second time", number, 1, line)
        pins[name] = Pin(name, match[2], tuple(_HASH.findall(match[3])))
    return list(pins.values())


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines that say something, without comments, joined where a backslash continues them, each with its first number."""
    start, parts = 1, list[str]()
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        start = start if parts else number
        bare = _COMMENT.sub("", line).strip()
        parts.append(bare.removesuffix("\\").strip())
        if not bare.endswith("\\"):
            joined = " ".join(filter(None, parts))
            parts.clear()
            if joined:
                yield start, joined


def normalise(name: str) -> str:
    """A package's name as indexes compare it (PEP 503).

    >>> normalise("Foo.Bar_baz")
    'foo-bar-baz'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def fetch(
    manifest: Path,
    cache: Path | None = None,
    names: list[str] | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> list[FetchedPackage]:
    """Bring the packages of `manifest` into `cache`, in its order; what is already there stays as it is.

    Args:
        manifest: a requirements file that pins every package by version and hash.
        cache: the folder of all caches; `default_cache()` where None.
        names: only these packages of the manifest.
        progress: called before each package with its name, its 1-based number and how many there are.

    Raises:
        FetchFailed: a package is not in the manifest, pip refused it, or its wheel is broken.
        SyntaxProblem: the manifest is not what it should be.
        Unreadable: the manifest cannot be read.
    """
    pins = _select(_read_manifest(manifest), names)
    corpora = (default_cache() if cache is None else cache) / "corpora"
    fetched = []
    for number, pin in enumerate(pins, start=1):
        if progress is not None:
            progress(pin.name, number, len(pins))
        fetched.append(_fetch_one(pin, corpora))
    return fetched


def _read_manifest(manifest: Path) -> list[Pin]:
    try:
        text = manifest.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{manifest}: {error}") from error
    return parse_manifest(text)


def _select(pins: list[Pin], names: Iterable[str] | None) -> list[Pin]:
    """The pins of the given names; all where names is None."""
    if names is None:
        return pins
    wanted = {normalise(name): name for name in names}
    for unknown in wanted.keys() - {pin.name for pin in pins}:
        raise FetchFailed(wanted[unknown], "it is not in the manifest")
    return [pin for pin in pins if pin.name in wanted]


def _fetch_one(pin: Pin, corpora: Path) -> FetchedPackage:
    folder = corpora / f"{pin.name}-{pin.version}"
    if not folder.is_dir():
        try:
            _fill(pin, folder)
        except OSError as error:
            raise FetchFailed(pin.name, str(error)) from error
    return FetchedPackage(pin.name, pin.version, folder, tuple(python_files(folder)))


def _fill(pin: Pin, folder: Path) -> None:
    """Make `folder` with the package's files: all is done beside it, then renamed into place."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fetch-", dir=folder.parent) as temporary:
        unpacked = Path(temporary, "unpacked")
        unpacked.mkdir()
        unpack(_download(pin, Path(temporary)), unpacked, pin.name)
        try:
            unpacked.rename(folder)
        except OSError:
            if not folder.is_dir():  # else another process was faster, with the same bytes
                raise


def _download(pin: Pin, folder: Path) -> Path:
    """The wheel of `pin`, downloaded into `folder` by pip, which checks its hash."""
    requirements = folder / "requirements.txt"
    requirements.write_text(pin.requirement() + "\n", encoding="utf-8")
    command = [sys.executable, *_DOWNLOAD, "--dest", str(folder), "--requirement", str(requirements)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL, check=False)
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode != 0 or not wheels:
        raise FetchFailed(pin.name, _said(done.stderr) or f"pip ended with status {done.returncode} and brought no wheel")
    return wheels[0]


def _said(stderr: str) -> str:
    """What pip said, on one line: its first error, else its last words."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return (errors or lines[-1:] or [""])[0]


def unpack(wheel: Path, folder: Path, name: str) -> None:
    """Write the `.py` files of `wheel` below `folder`; FetchFailed where one would land elsewhere or the wheel is broken."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            for member in archive.infolist():
                if member.filename.endswith(".py"):
                    target = folder / _inner_path(member, name)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    with archive.open(member) as source, target.open("xb") as copy:
                        shutil.copyfileobj(source, copy)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, FileExistsError) as error:
        raise FetchFailed(name, f"its wheel is broken: {error}") from error


def _inner_path(member: zipfile.ZipInfo, name: str) -> Path:
    """The path of a wheel's member, refused where it is a link or leads out of the folder on any system."""
    parts = member.filename.split("/")
    if stat.S_ISLNK(member.external_attr >> 16) or any(part in ("", ".", "..") or set(part) & set("\\:") for part in parts):
        raise FetchFailed(name, f"its wheel holds an unsafe path: {member.filename!r}")
    return Path(*parts)


def python_files(folder: Path) -> list[Path]:
    """All `.py` files below `folder`, sorted by path."""
    return sorted(path for path in folder.rglob("*.py") if path.is_file())
