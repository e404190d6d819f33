"""Models and prices, as data: `models.toml` and `prices.toml` say what is known, a user's files add to it or replace it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from math import inf
from pathlib import Path
from typing import Any, Final, TypeVar

from slimgrammar.errors import SlimError

_HERE: Final = Path(__file__).parent
Record = TypeVar("Record", "Model", "Price")


class UnknownModel(SlimError, ValueError):
    """No model has this name; the message lists those that there are."""


class BadTable(SlimError, ValueError):
    """A table of models or prices that is not what it should be; the message says where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One language model.

    Attributes:
        name: what users call it.
        vocab: the vocabulary that counts its tokens.
        context: the most tokens that it reads at once.
        source: where the facts come from.
        stand_in: whether `vocab` only stands in for a vocabulary that is not public.
        total: parameters, in billions; 0 where they are not published.
        active: parameters that one token passes, in billions; 0 for all.
        layers, heads, kv_heads, head_size: the shape of the attention; 0 where it is not published.
        ecologits: provider and name in ecologits' table, where that has to estimate the parameters.
    """

    name: str
    vocab: str
    context: int
    source: str
    stand_in: bool = False
    total: float = 0.0
    active: float = 0.0
    layers: int = 0
    heads: int = 0
    kv_heads: int = 0
    head_size: int = 0
    ecologits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a million tokens cost, in US dollars."""

    name: str
    input: float
    output: float
    seller: str = ""


def models(path: Path | None = None) -> dict[str, Model]:
    """All models by name: those of models.toml, and those of `path`, which win.

    Raises:
        BadTable: a file is not what it should be.

    >>> models()["llama-3-1-8b"].layers
    32
    """
    return _read(_HERE / "models.toml", Model) | (_read(path, Model) if path else {})


def model_named(name: str, path: Path | None = None) -> Model:
    """The model called `name`.

    Raises:
        UnknownModel: there is none.
        BadTable: `path` is not what it should be.
    """
    known = models(path)
    if name not in known:
        raise UnknownModel(f"unknown model {name!r}: one of {', '.join(known)}; or describe it in a file for --models")
    return known[name]


def prices(path: Path | None = None) -> dict[str, Price]:
    """Prices by the model's name: those of `path`, else those of prices.toml.

    >>> prices()["gpt-4o"].input
    2.5
    """
    return _read(path or _HERE / "prices.toml", Price)


def _read(path: Path, kind: type[Record]) -> dict[str, Record]:
    try:
        table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadTable(f"{path}: {error}") from None
    return {name: _record(path, name, row, kind) for name, row in table.items()}


def _record(path: Path, name: str, row: object, kind: type[Record]) -> Record:
    known = {field.name: str(field.type) for field in fields(kind)}
    if not isinstance(row, dict):
        raise BadTable(f"{path}: {name} is no table")
    for key, value in row.items():
        if key not in known or key == "name":
            raise BadTable(f"{path}: [{name}] has an unknown key {key!r}; known: {', '.join(list(known)[1:])}")
        if not _fits(value, known[key]):
            raise BadTable(f"{path}: [{name}] {key} is {value!r}; expected {known[key]}, and no less than nothing")
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    try:
        record = kind(name=name, **values)
    except TypeError as error:
        raise BadTable(f"{path}: [{name}] {str(error).partition(') ')[2]}") from None
    if isinstance(record, Model) and not record.total and not record.ecologits:
        raise BadTable(f"{path}: [{name}] needs `total`, or `ecologits` to look it up")
    return record


def _fits(value: object, wanted: str) -> bool:
    """Whether a value of a TOML file is what a field of type `wanted` takes."""
    if wanted in ("int", "float"):
        if isinstance(value, bool):
            return False
        return value > 0 if isinstance(value, int) and wanted == "int" else isinstance(value, int | float) and 0 <= value < inf
    if wanted == "bool":
        return isinstance(value, bool)
    if wanted == "str":
        return isinstance(value, str)
    return isinstance(value, list) and len(value) == 2 and all(isinstance(item, str) for item in value)
