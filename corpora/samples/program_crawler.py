"""An asynchronous crawler over an injected fetch function: queues, workers, retries, statistics."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit

Fetch = Callable[[str], Awaitable["Response"]]


@dataclass(frozen=True, slots=True)
class Response:
    url: str
    status: int
    body: str = ""
    links: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


@dataclass
class Statistics:
    started: float = field(default_factory=time.monotonic)
    statuses: Counter[int] = field(default_factory=Counter)
    errors: list[tuple[str, BaseException]] = field(default_factory=list)

    def __str__(self) -> str:
        elapsed = time.monotonic() - self.started
        pages = sum(self.statuses.values())
        return (
            f"{pages} pages in {elapsed:.1f}s "
            f"({pages / elapsed if elapsed else 0:.0f}/s), "
            f"{len(self.errors)} errors"
        )


class Crawler:
    """Follows links from some start pages, breadth first, at most `depth` steps."""

    def __init__(self, fetch: Fetch, *, workers: int = 4, depth: int = 2, retries: int = 3) -> None:
        self.fetch, self.workers, self.depth, self.retries = fetch, workers, depth, retries
        self.seen: set[str] = set()
        self.statistics = Statistics()
        self._queue: asyncio.Queue[tuple[str, int]] = asyncio.Queue()
        self._results: asyncio.Queue[Response | None] = asyncio.Queue(maxsize=100)

    def enqueue(self, url: str, depth: int = 0) -> bool:
        url, _fragment = urldefrag(url)
        if depth > self.depth or url in self.seen or urlsplit(url).scheme not in {"http", "https"}:
            return False
        self.seen.add(url)
        self._queue.put_nowait((url, depth))
        return True

    async def get(self, url: str) -> Response:
        for attempt in range(1, self.retries + 1):
            try:
                async with asyncio.timeout(10):
                    response = await self.fetch(url)
            except (TimeoutError, ConnectionError) as error:
                if attempt == self.retries:
                    raise
                await asyncio.sleep(2**attempt * random.random())
            else:
                match response:
                    case Response(status=429 | 503) if attempt < self.retries:
                        await asyncio.sleep(attempt)
                    case Response(status=status):
                        self.statistics.statuses[status] += 1
                        return response
        raise RuntimeError("unreachable")

    async def work(self) -> None:
        while True:
            url, depth = await self._queue.get()
            try:
                response = await self.get(url)
                if response.ok:
                    for link in response.links:
                        self.enqueue(urljoin(url, link), depth + 1)
                await self._results.put(response)
            except Exception as error:  # a page must not stop the crawl
                self.statistics.errors.append((url, error))
            finally:
                self._queue.task_done()

    async def crawl(self, *starts: str) -> AsyncIterator[Response]:
        for start in starts:
            self.enqueue(start)
        tasks = [asyncio.create_task(self.work(), name=f"worker-{i}") for i in range(self.workers)]
        finisher = asyncio.create_task(self._finish())
        try:
            while (response := await self._results.get()) is not None:
                yield response
        finally:
            for task in (*tasks, finisher):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    async def _finish(self) -> None:
        await self._queue.join()
        await self._results.put(None)


async def main() -> None:
    async def fake(url: str) -> Response:
        await asyncio.sleep(0)
        return Response(url, 200, links=tuple(f"{url.rstrip('/')}/{i}" for i in range(3)))

    crawler = Crawler(fake, workers=2)
    pages = [page.url async for page in crawler.crawl("http://example.org/")]
    print(*sorted(pages), crawler.statistics, sep="\n")


if __name__ == "__main__":
    asyncio.run(main())
