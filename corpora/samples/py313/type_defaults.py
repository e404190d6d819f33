"""Defaults of type parameters (PEP 696)."""

from collections.abc import Callable

type Pair[A, B = A] = tuple[A, B]
type Bounded[T: int = bool] = list[T]
type Constrained[T: (int, str) = int,] = set[T]
type Variadic[*Ts = *tuple[int, ...]] = tuple[*Ts]
type VariadicPlain[*Ts = tuple[int, str]] = tuple[*Ts]
type Specified[**P = [int, str]] = Callable[P, None]
type All[A, B: int = int, *Ts = *tuple[A, B], **P = ...] = Callable[P, tuple[*Ts]]


class Box[T = int]: ...
class Tree[K: str = str, V = "Tree[K]", *Rest = *tuple[()]](Box[V]): ...
class Lambda[T = lambda: 1, U = 1 if Box else 2]: ...


def make[T = int](value: T | None = None) -> T: ...
async def later[
    T = int,  # comment
    **P = [
        int,
    ],
](value: T) -> T: return value


def debug(name): return f"{name = !r}" f"{make[int]=}" if name else f"{name:{"x"}>{"1"}0}"
