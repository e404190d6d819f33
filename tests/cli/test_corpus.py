"""Fetching corpora: manifests, hashes, safe unpacking, nothing fetched twice. pip reads a folder, no network."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import zipfile
from pathlib import Path

import pytest

from slimgrammar.cli import corpus
from slimgrammar.cli.corpus import FetchedPackage, FetchFailed, Pin, default_cache, fetch, parse_manifest, python_files
from slimgrammar.errors import SyntaxProblem, Unreadable

ZEROS = "sha256:" + "0" * 64
ONES = "sha256:" + "1" * 64
REPOSITORY_MANIFEST = Path(__file__).parents[2] / "corpora" / "manifests" / "packages.txt"
FILES = {"tiny/__init__.py": "x = 1\n", "tiny/deep/er.py": "y = 2\n", "tiny/data.json": "{}", "tiny/stub.pyi": "x: int\n"}


def build_wheel(folder: Path, files: dict[str, str], name: str = "tiny", version: str = "1.0") -> Path:
    """A wheel of `files` that pip takes."""
    folder.mkdir(parents=True, exist_ok=True)
    info = f"{name}-{version}.dist-info"
    meta = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": "",
    }
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in {**files, **meta}.items():
            archive.writestr(path, text)
    return wheel


def manifest_of(folder: Path, *wheels: Path) -> Path:
    """A manifest in `folder` that pins the wheels by their true hashes."""
    lines = []
    for wheel in wheels:
        name, version = wheel.name.split("-")[:2]
        lines.append(f"{name}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n")
    manifest = folder / "packages.txt"
    manifest.write_text("".join(lines), encoding="utf-8")
    return manifest


@pytest.fixture
def links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder that pip finds packages in."""
    for variable in [key for key in os.environ if key.startswith("PIP_")]:
        monkeypatch.delenv(variable)
    folder = tmp_path / "links"
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    return folder


def leftovers(cache: Path) -> list[str]:
    """What stands in the cache beside whole packages."""
    return sorted(path.name for path in (cache / "corpora").iterdir() if path.name.startswith("."))


def test_parse_manifest_reads_pins_in_order() -> None:
    text = f"# comment\n\nZope.Interface==1.0 --hash={ZEROS}  # trailing\n"
    text += f"attrs==2.0 \\\n    --hash={ZEROS} \\\n    --hash={ONES}\n"
    assert parse_manifest(text) == [Pin("zope-interface", "1.0", (ZEROS,)), Pin("attrs", "2.0", (ZEROS, ONES))]


def test_parse_manifest_of_nothing() -> None:
    assert parse_manifest("") == []
    assert parse_manifest("# only a comment\n") == []


@pytest.mark.parametrize(
    "line",
    [
        "attrs",
        "attrs==1.0",
        f"attrs>=1.0 --hash={ZEROS}",
        "attrs==1.0 --hash=md5:00",
        "attrs==1.0 --hash=sha256:00",
        f"../attrs==1.0 --hash={ZEROS}",
        f"attrs==../1.0 --hash={ZEROS}",
        f"attrs==1.0 --hash={ZEROS} --index-url=elsewhere",
        "--index-url elsewhere",
        f"fine==1.0 --hash={ZEROS}",
    ],
)
def test_parse_manifest_names_the_wrong_line(line: str) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        parse_manifest(f"# first\nfine==1.0 --hash={ZEROS}\n\n{line}\n")
    assert (caught.value.line, caught.value.text) == (4, line)


def test_the_manifest_of_this_repository() -> None:
    pins = parse_manifest(REPOSITORY_MANIFEST.read_text(encoding="utf-8"))
    assert len(pins) >= 40
    assert [pin.name for pin in pins] == sorted(pin.name for pin in pins)


def test_pins_survive_a_round_trip() -> None:
    pins = [Pin("attrs", "2.0", (ZEROS, ONES)), Pin("black", "1.0b1", (ZEROS,))]
    assert parse_manifest("\n".join(pin.requirement() for pin in pins)) == pins


def test_fetch_unpacks_python_files_only(tmp_path: Path, links: Path) -> None:
    manifest = manifest_of(tmp_path, build_wheel(links, FILES))
    folder = tmp_path / "cache" / "corpora" / "tiny-1.0"
    [package] = fetch(manifest, tmp_path / "cache")
    files = (folder / "tiny" / "__init__.py", folder / "tiny" / "deep" / "er.py")
    assert package == FetchedPackage("tiny", "1.0", folder, files)
    assert files[1].read_text(encoding="utf-8") == "y = 2\n"
    assert sorted(path.name for path in folder.rglob("*")) == ["__init__.py", "deep", "er.py", "tiny"]
    assert leftovers(tmp_path / "cache") == []


def test_fetch_again_downloads_nothing(tmp_path: Path, links: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = manifest_of(tmp_path, build_wheel(links, FILES))
    first = fetch(manifest, tmp_path / "cache")

    def refuse(pin: Pin, folder: Path) -> Path:
        raise AssertionError("nothing is to be downloaded")

    monkeypatch.setattr(corpus, "_download", refuse)
    assert fetch(manifest, tmp_path / "cache") == first


def test_fetch_takes_names_and_reports_progress(tmp_path: Path, links: Path) -> None:
    wheels = [build_wheel(links, {f"{name}.py": "x = 1\n"}, name) for name in ("one", "two_b", "three")]
    manifest = manifest_of(tmp_path, *wheels)
    seen: list[tuple[str, int, int]] = []
    packages = fetch(manifest, tmp_path / "cache", ["three", "Two.B"], lambda *step: seen.append(step))
    assert [package.name for package in packages] == ["two-b", "three"]
    assert seen == [("two-b", 1, 2), ("three", 2, 2)]


def test_a_wrong_hash_is_refused(tmp_path: Path, links: Path) -> None:
    build_wheel(links, FILES)
    manifest = tmp_path / "packages.txt"
    manifest.write_text(f"tiny==1.0 --hash={ZEROS}\n", encoding="utf-8")
    with pytest.raises(FetchFailed, match=r"cannot fetch tiny: .*(?i:hash)") as caught:
        fetch(manifest, tmp_path / "cache")
    assert "\n" not in str(caught.value)
    assert list((tmp_path / "cache" / "corpora").iterdir()) == []


def test_what_pip_does_not_find_is_named(tmp_path: Path, links: Path) -> None:
    links.mkdir()
    manifest = tmp_path / "packages.txt"
    manifest.write_text(f"absent==1.0 --hash={ZEROS}\n", encoding="utf-8")
    with pytest.raises(FetchFailed, match=r"^cannot fetch absent: .*absent==1\.0"):
        fetch(manifest, tmp_path / "cache")


def test_a_name_outside_the_manifest(tmp_path: Path) -> None:
    with pytest.raises(FetchFailed, match="Nothing: it is not in the manifest"):
        fetch(manifest_of(tmp_path), tmp_path / "cache", ["Nothing"])


def test_a_missing_manifest(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"absent\.txt"):
        fetch(tmp_path / "absent.txt", tmp_path / "cache")


@pytest.mark.parametrize(
    "path", ["../evil.py", "tiny/../../evil.py", "/evil.py", "tiny//evil.py", "./evil.py", "c:/evil.py", "..\\evil.py"]
)
def test_a_path_that_escapes_is_refused(tmp_path: Path, links: Path, path: str) -> None:
    manifest = manifest_of(tmp_path, build_wheel(links, {"tiny/a.py": "x = 1\n", path: "evil = 1\n"}))
    with pytest.raises(FetchFailed, match=f"unsafe path.*{re.escape(repr(path))}"):
        fetch(manifest, tmp_path / "cache")
    assert not list(tmp_path.rglob("evil.py"))
    assert list((tmp_path / "cache" / "corpora").iterdir()) == []


def test_a_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("tiny/link.py")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "tiny.whl", "w") as archive:
        archive.writestr(link, "../../elsewhere.py")
    with pytest.raises(FetchFailed, match="unsafe path"):
        corpus.unpack(tmp_path / "tiny.whl", tmp_path / "out", "tiny")


def test_a_broken_wheel_is_refused(tmp_path: Path) -> None:
    wheel = tmp_path / "tiny.whl"
    wheel.write_bytes(b"no zip")
    with pytest.raises(FetchFailed, match="its wheel is broken"):
        corpus.unpack(wheel, tmp_path / "out", "tiny")


def test_another_process_may_be_faster(tmp_path: Path, links: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = manifest_of(tmp_path, build_wheel(links, FILES))
    download = corpus._download

    def slow(pin: Pin, folder: Path) -> Path:
        other = tmp_path / "cache" / "corpora" / "tiny-1.0" / "tiny"
        other.mkdir(parents=True)
        (other / "__init__.py").write_text("x = 1\n", encoding="utf-8")
        return download(pin, folder)

    monkeypatch.setattr(corpus, "_download", slow)
    [package] = fetch(manifest, tmp_path / "cache")
    assert [path.name for path in package.files] == ["__init__.py"]
    assert leftovers(tmp_path / "cache") == []


def test_default_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLIMGRAMMAR_CACHE", str(tmp_path / "own"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert default_cache() == tmp_path / "own"
    monkeypatch.delenv("SLIMGRAMMAR_CACHE")
    assert default_cache() == tmp_path / "xdg" / "slimgrammar"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert default_cache() == Path.home() / ".cache" / "slimgrammar"


def test_python_files_are_sorted(tmp_path: Path) -> None:
    for name in ("b.py", "a/z.py", "a.py", "c.txt", "folder.py/inner.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert [path.relative_to(tmp_path).as_posix() for path in python_files(tmp_path)] == [
        "a/z.py",
        "a.py",
        "b.py",
        "folder.py/inner.py",
    ]
