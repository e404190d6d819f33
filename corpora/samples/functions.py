"""Functions: parameters, annotations, decorators, generators, nesting."""

import functools
from typing import Any, Callable, Iterator


def nothing(): pass
def nothing_spaced ( ) : pass


def plain(a, b):
    return a + b


def trailing(a, b,):
    return a, b


def defaults(a, b=1, c=(2, 3), d=[], e=lambda: 1, f=None if plain else 2):
    return a


def positional_only(a, b, /):
    return a


def positional_only_comma(a, b=1, /,):
    return a


def positional_and_more(a, /, b, *, c):
    return a


def keyword_only(*, key, other=1):
    return key


def star(*args): return args
def stars(**kwargs): return kwargs
def both(*args, **kwargs,): return args, kwargs
def star_then_keyword(*args, key, other=None): return args
def defaults_then_required(*, a=1, b): return a, b


def everything(a, b=1, /, c=2, d=3, *args, e, f=4, **kwargs):
    return locals()


def annotated(a: int, b: "str" = "x", /, c: float = 1.0, *args: int, d: Callable[..., Any], **kwargs: dict[str, int]) -> tuple[int, str]:
    return a, b


def starred_annotation(*args: *tuple[int, ...]) -> None: ...
def odd_annotations(a: lambda: 1, b: 1 if star else 2 = 3, c: [int][0] = 4, *d: [1, 2], **e: {"k": 1}) -> {"return": 1}: ...


def returns(x) -> None:
    if x:
        return
    return None


def wrapped(
    first,  # the first
    # about the second
    second: int = 1,
    /,
    third=2,
    *,
    fourth,
    **rest
) -> Iterator[int]:
    yield first


def counter(limit):
    n = 0
    while n < limit:
        received = yield n
        n += received or 1
    return n


def delegating(limit):
    total = yield from counter(limit)
    yield from (yield from [1, 2])
    yield from range(3) if total else ()
    yield total, limit
    return total


def outer(x):
    y = 1

    def middle(z):
        nonlocal y
        y += z

        def inner(): return x + y + z

        return inner

    class Local:
        value = x

        def get(self):
            return self.value
    return middle(y), Local, lambda: (x, y)


def decorate(function=None, **options):
    if function is None:
        return functools.partial(decorate, **options)
    return function


@decorate
def first(): ...


@decorate()
@decorate(key="value", other=[1, 2])
@functools.lru_cache(maxsize=None)
@functools.wraps(plain)
def second(n):
    return n


@[decorate][0]
@(decorate)
@(lambda f: f)
@decorate if decorate else first
@ decorate
@(chosen := decorate)
@{"a": decorate}["a"]
def relaxed(): "docstring"; return 1


@decorate  # comment after a decorator
# comment between decorators

@decorate
# comment before def
async def coroutine(): return await coroutine()


def recursive(n): return 1 if n < 2 else n * recursive(n - 1)
def semicolons(): x = 1; y = 2; return x + y;
def ellipsis(): ...
def string_body(): "only a docstring"
def long_signature(self_, argument_one=plain(1, 2), *more, argument_two: int = max(1, 2, key=lambda v: -v)): return self_
