"""The options that commands share, their defaults, and `[tool.slimgrammar]` of the nearest pyproject.toml."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final, Literal, get_args

from slimgrammar.errors import SyntaxProblem

Dialect = Literal["python", "compact", "symbols"]
Keep = Literal["keep", "drop"]
Style = Literal["plain", "black", "ruff"]
_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "dialect": get_args(Dialect),
    "comments": get_args(Keep),
    "docstrings": get_args(Keep),
    "style": get_args(Style),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Defaults of the command line, which pyproject.toml may change."""

    dialect: Dialect = "compact"
    comments: Keep = "keep"
    docstrings: Keep = "keep"
    vocab: tuple[str, ...] = ("cl100k_base",)
    style: Style = "plain"


DEFAULTS: Final = Settings()
PROMPTS: Final = Settings(vocab=("o200k_base",))  # the defaults of commands that write for models of today


class BadSettings(SyntaxProblem):
    """A fault in pyproject.toml; `path` is that file."""

    def __init__(self, path: Path, message: str, line: int, column: int, text: str = "") -> None:
        super().__init__(message, line, column, text)
        self.path = path


def load_settings(folder: Path, *, defaults: Settings = DEFAULTS, **given: str | tuple[str, ...] | None) -> Settings:
    """The `given` options that are not None, over those of the nearest pyproject.toml at or above `folder`, over `defaults`.

    Raises:
        BadSettings: the file is not TOML, or its table holds an unknown key or value.
    """
    chosen: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    folder = folder.resolve()
    nearest = next((path for up in (folder, *folder.parents) if (path := up / "pyproject.toml").is_file()), None)
    return replace(defaults, **((_settings_of(nearest) if nearest else {}) | chosen))


def _settings_of(path: Path) -> dict[str, Any]:
    text = path.read_bytes().decode("utf-8", "replace")
    if "slimgrammar" not in text:  # most projects: spare the TOML parser
        return {}
    import tomllib

    try:
        table: dict[str, Any] = tomllib.loads(text).get("tool", {}).get("slimgrammar", {})
    except tomllib.TOMLDecodeError as error:
        raise _toml_problem(path, str(error)) from None
    return {key: _checked(path, text, key, value) for key, value in table.items()}


def _toml_problem(path: Path, message: str) -> BadSettings:
    found = re.search(r" \(at line (\d+), column (\d+)\)", message)
    if found is None:
        return BadSettings(path, message, 1, 1)
    return BadSettings(path, message.replace(found[0], ""), int(found[1]), int(found[2]))


def _checked(path: Path, text: str, key: str, value: object) -> Any:
    """`value` as `Settings` holds it under `key`."""
    known = [field.name for field in fields(Settings)]
    if key not in known:
        raise _bad_key(path, text, key, f"unknown key {key!r} in [tool.slimgrammar]; known: {', '.join(known)}")
    if key == "vocab":
        names = [value] if isinstance(value, str) else value
        if isinstance(names, list) and names and all(isinstance(name, str) for name in names):
            return tuple(names)
        raise _bad_key(path, text, key, "vocab must be a name or a list of names")
    if value not in _CHOICES[key]:
        raise _bad_key(path, text, key, f"{key} is {value!r}; known: {', '.join(_CHOICES[key])}")
    return value


def _bad_key(path: Path, text: str, key: str, message: str) -> BadSettings:
    """The fault at the line of `key`, as far as a search finds it (TOML parsers do not tell)."""
    lines = text.splitlines()
    start = next((number for number, line in enumerate(lines) if line.strip() == "[tool.slimgrammar]"), 0)
    for number in range(start, len(lines)):
        if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[.=]", lines[number]):
            return BadSettings(path, message, number + 1, 1, lines[number])
    return BadSettings(path, message, start + 1, 1)
