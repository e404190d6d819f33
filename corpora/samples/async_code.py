"""Coroutines, asynchronous generators, loops, comprehensions and context managers."""

import asyncio
from contextlib import asynccontextmanager


class Countdown:
    def __init__(self, start): self.n = start
    def __aiter__(self): return self

    async def __anext__(self):
        if not self.n: raise StopAsyncIteration
        self.n -= 1
        await asyncio.sleep(0)
        return self.n

    async def __aenter__(self): return self
    async def __aexit__(self, *exc): ...
    def __await__(self): return (yield from asyncio.sleep(0).__await__())

    @classmethod
    async def build(cls, n=3): return cls(n)


async def nothing(): pass
async def one_line(): await nothing(); return 1


@asynccontextmanager
async def opened(name):
    """Open name for a while."""
    yield name
    await nothing()


async def ticker(limit, /, delay=0, *, on_tick=None):
    for i in range(limit):
        yield i
        await asyncio.sleep(delay)
        if on_tick: await on_tick(i)
    return


async def expressions(task, tasks):
    await task
    x = await task
    x += await task
    y: int = await task
    a, *b = await task, *await tasks
    -await task
    await task ** 2
    2 ** await task
    (await task) ** 2
    not await task
    await task + await task
    await (task or tasks)
    (await task).attribute
    await task.attribute
    await task[0](1).x
    (await task)[0](1)
    [await task, await (await task)]
    {await task: await task}
    {await task}
    print(await task, *await tasks, **await tasks, key=await task)
    lambda: task
    await (lambda: task)()
    return await task if await tasks else await (yield_ := task)


async def statements(source):
    async for item in source:
        if not item: continue
        if item == 1: break
        await item
    else:
        await nothing()
    async for a, (b, *c) in source: pass
    async for item in source: await item
    else: pass
    for item in [x async for x in source]: pass
    async with opened("a") as a: pass
    async with opened("a") as a, opened("b") as (b, c), opened("c"):
        async with opened("d"):
            pass
    assert await a, await b
    del (await a).x, (await b)[0]
    raise await a from await b


async def comprehensions(source):
    one = [x async for x in source]
    two = {x async for x in source if x}
    three = {x: await x async for x in source if await x}
    four = (x async for x in source)
    five = [y for x in await source async for y in x if await y if y]
    six = [await x for x in one]
    seven = [[z async for z in y] async for y in source]
    return one, two, three, [x async for x in four], five, six, seven, max([x async for x in source])


async def main():
    async def inner(): return await asyncio.gather(*(one_line() for _ in range(3)), return_exceptions=True)
    results = await inner()
    async with Countdown(3) as countdown:
        async for n in countdown: print(n)
    try:
        await asyncio.wait_for(nothing(), timeout=1)
    except asyncio.TimeoutError: pass
    finally: await nothing()
    match await one_line():
        case 1: return await results[0]
    while await nothing(): pass
    with await opened("x"): pass
    return await (await Countdown.build()).__anext__()


if __name__ == "__main__": asyncio.run(main())
