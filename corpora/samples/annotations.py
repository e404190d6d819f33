"""Annotations as type checkers meet them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final, Generic, Literal, Optional, ParamSpec, Protocol, TypeAlias, TypedDict, TypeVar, Union

if TYPE_CHECKING:
    from os import PathLike

K = TypeVar("K", bound="Hashable")
V = TypeVar("V", int, str, covariant=True)
P = ParamSpec("P")
Path: TypeAlias = "str | PathLike[str]"
Json: TypeAlias = Union[None, bool, int, float, str, "list[Json]", "dict[str, Json]"]
MAX: Final = 10
MODE: Literal["r", "w", b"x", -1, True, None] = "r"
LIMIT: Annotated[int, "positive", lambda n: n > 0] = 3
callback: Callable[[int, str], None] | None = None
wrapper: Callable[P, Awaitable[V]]
table: dict[str, dict[tuple[int, ...], list[set[frozenset[bytes]]]]] = {}


class Movie(TypedDict, total=False):
    name: str
    year: int | None


class Comparable(Protocol):
    def __lt__(self, other: Any, /) -> bool: ...


class Store(Generic[K, V]):
    items: dict[K, V]
    parent: Store[K, V] | None = None
    counts: Mapping[K, int] = {}

    def __init__(self, items: dict[K, V] | None = None, *, parent: Optional[Store[K, V]] = None) -> None:
        self.items: dict[K, V] = items or {}
        self.parent = parent

    def get(self: Store[K, V], key: K, default: V = ...) -> V:
        value: V
        value = self.items.get(key, default)
        return value

    def __iter__(self) -> Iterator[tuple[K, V]]:
        yield from self.items.items()

    def map(
        self,
        function: Callable[[K, V], V],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Store[K, V]:
        return Store({k: function(k, v) for k, v in self.items.items()})


def decorator(function: Callable[P, V]) -> Callable[P, V]:
    def inner(*args: P.args, **kwargs: P.kwargs) -> V: return function(*args, **kwargs)
    return inner


def spread(*args: *tuple[int, *tuple[str, ...]]) -> tuple[*tuple[int, ...]]: return args
async def read(path: Path, mode: Literal["r", "rb"] = "r", size: int = -1) -> "bytes | str": return ""
def old(a, b=1):
    # type: (int, int) -> int
    return a + b
