"""Type comments (PEP 484), which are part of the syntax tree for those who ask for them."""
import contextlib  # type: ignore
import os  # type: ignore[import, attr-defined]

x = []  # type: list[int]
y = z = None  # type: ignore


def add(a,  # type: int
        b=1,  # type: int
        *rest,  # type: str
        **options  # type: bool
        ):
    # type: (...) -> int
    """Docstring after the type."""
    return a + b


def short(a, b):  # type: (int, str) -> None
    for i, j in a:  # type: int, int
        x.append(i)
    with open(b) as f:  # type: object
        pass


async def later(a):
    # type: (int) -> None
    async for i in a:  # type: int
        pass
    async with a as b:  # type: str
        pass
    with contextlib.suppress(OSError):
        os.remove("x")


def bare():
    return


u = u"kind"
