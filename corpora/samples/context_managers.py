"""The with statement, in all its spellings."""

import contextlib
import io
import threading

lock = threading.Lock()


@contextlib.contextmanager
def tag(name="a", *, out=io.StringIO()):
    out.write(f"<{name}>")
    yield out
    out.write(f"</{name}>")


class Holder:
    stream = None
    table = {}


holder = Holder()

with lock:
    pass
with tag(): pass
with tag() as out:
    out.write("x")
with tag("a") as first, tag("b") as second:
    pass
with tag("a"), tag("b") as only_second, lock:
    pass
with tag() as holder.stream, tag() as holder.table["a"]:
    pass
with tag() as (one), contextlib.nullcontext((1, 2)) as (x, y), contextlib.nullcontext([1, 2, 3]) as [a, *b]:
    pass
with contextlib.nullcontext((1,)) as (x,): pass
with (tag()): pass
with (tag()) as out: pass
with (tag() as out): pass
with (tag() as out,): pass
with (tag(), tag()): pass
with (tag(), tag(),): pass
with (tag() as first, tag() as second): pass
with (
    tag("a") as first,
    tag("b"),
    tag("c") as (second),  # trailing comment
    # own comment
    lock,
):
    print(first, second)
with (lock), (tag()) as out: pass
with (lock, tag())[1] as out: pass
with (tag)() as out: pass
with (tag() if lock else lock) as out, tag(): pass
with (lambda: lock)(): pass
with lock if holder else tag(): pass
with lock or tag() as out: pass
with (manager := tag()) as out: pass
with (manager := tag(), lock): pass
with [lock][0]: pass
with(lock)as out: pass
with open(__file__) as stream, \
     open(__file__) as other:
    print(stream.name, other.name)
with lock as _, tag() as match, tag() as type: pass; print(match)


def generator():
    with (yield): pass
    with (yield lock) as x: pass
    with (yield from [lock]): pass


async def asynchronous(session):
    async with session: pass
    async with session as s, session.get("x") as response:
        async with (session as s, session): pass
    async with (session): pass
    async with (
        session as s,
    ):
        return await response.text()
    with (await session): pass
    with await session as x: pass
    async with await session, await session as y:
        with lock:
            pass
