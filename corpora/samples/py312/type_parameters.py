"""Type parameters and type aliases (PEP 695)."""

from collections.abc import Awaitable, Callable, Sequence

type Number = int | float
type Pair[T] = tuple[T, T]
type Bounded[T: int] = list[T]
type Constrained[T: (int, str)] = dict[str, T]
type Many[A, B: "Forward", *Ts, **P,] = Callable[P, tuple[A, B, *Ts]]
type Recursive[T] = T | list[Recursive[T]]
type Lambda = lambda: 1
type Grouped = (
    int  # comment
    | str
)
type type = type
type match[case] = case
type _ = int; x: _ = 1
type Conditional = int if x else str
type Continued \
    [T] \
    = T


def first[T](items: Sequence[T]) -> T:
    return items[0]


def bounded[T: int, U: (str, bytes)](a: T, b: U) -> tuple[T, U]: return a, b
def variadic[*Ts](*args: *Ts) -> tuple[*Ts]: return args
def specified[**P, R](f: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R: return f(*args, **kwargs)
def lambda_bound[T: lambda: int](x: T): return x
async def waiting[T](x: Awaitable[T]) -> T: return await x


def spread[
    T,  # the first
    # alone
    *Ts,
    **P,
](
    x: T,
) -> T:
    type Local[S] = list[S]
    return x


class Stack[T]:
    type Item = T
    items: list[T]

    def push(self, item: T) -> None: self.items.append(item)
    def map[U](self, f: Callable[[T], U]) -> "Stack[U]": ...
    @classmethod
    async def build[S: int](cls, *items: S): return cls()


class Child[T: (int, str), *Ts, **P](Stack[T], metaclass=type): pass
class Empty[T](): ...
class Bare[T]: ...


if x: type Inner = int
else: type Inner = str
