"""Work on many files in several processes: results in the order of the files, a dead worker costs one file.

The work function returns a record whatever happens. A process that dies all the same (a crash in C, the system's memory
killer) breaks the whole pool. The items that were in work then run one by one; all others, again in full width.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Never, TypeVar

from slimgrammar.errors import SlimError

Item = TypeVar("Item")
Result = TypeVar("Result")


class WorkerDeathError(SlimError):
    """A worker process ended without an answer."""

    def __init__(self) -> None:
        super().__init__("the process that worked on this file died (a crash, or out of memory)")


def run(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    *,
    workers: int,
    failed: Callable[[Item, BaseException], Result],
) -> Iterator[Result]:
    """`work(item)` for each item, in order, in up to `workers` processes; `failed(item, error)` where that raised or died."""
    left = list(items)
    while left:
        done = yield from _pool(work, left, min(workers, len(left)), failed)
        left = left[done:]


def raised(item: object, error: BaseException) -> Never:
    """What `failed` is where one failure ends all work: raises it."""
    raise error


def _pool(
    work: Callable[[Item], Result], items: list[Item], workers: int, failed: Callable[[Item, BaseException], Result]
) -> Generator[Result, None, int]:
    """Run `items` until a worker dies, and then one by one those that were in work; how many items have results."""
    pool = _executor(workers)
    suspects = workers  # workers take items in order: those that were in work are the first without a result
    try:
        futures = _submit(pool, work, items)
        for done, item in enumerate(items):
            try:
                if not futures:
                    raise BrokenProcessPool
                result = futures.popleft().result()
            except BrokenProcessPool:
                if not suspects:
                    return done
                suspects -= 1
                result = _alone(work, item, failed)
            except Exception as error:
                result = failed(item, error)
            yield result
        return len(items)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _alone(work: Callable[[Item], Result], item: Item, failed: Callable[[Item, BaseException], Result]) -> Result:
    """`work(item)` in a process of its own: if that dies, the item is the cause."""
    with _executor(1) as pool:
        try:
            return pool.submit(work, item).result()
        except BrokenProcessPool:
            return failed(item, WorkerDeathError())
        except Exception as error:
            return failed(item, error)


def _executor(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=_context(), initializer=_begin, initargs=(os.getpid(),))


def _submit(pool: ProcessPoolExecutor, work: Callable[[Item], Result], items: list[Item]) -> deque[Future[Result]]:
    futures: deque[Future[Result]] = deque()
    try:
        for item in items:
            futures.append(pool.submit(work, item))
    except BrokenProcessPool:  # a worker died already: `_pool` sees it at the first future, or at the missing ones
        pass
    return futures


def _context() -> multiprocessing.context.BaseContext:
    """Fork where it is safe: the command line runs no threads, and a forked worker has the modules loaded already."""
    return multiprocessing.get_context("fork" if sys.platform == "linux" else None)


def _begin(parent: int) -> None:
    """Leave Ctrl-C to the parent, or each worker prints a traceback; and leave with it, if it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()


def _leave_with(parent: int) -> None:
    """End this worker once its parent is gone: it holds the other end of its own pipe, and would wait for work for ever."""
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)


def with_progress(results: Iterator[Result], total: int, label: str) -> Iterator[Result]:
    """`results` as they are, with a progress bar on standard error where that is a terminal."""
    if not sys.stderr.isatty():
        yield from results
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # No refresh thread: forking a process that has threads may lock up.
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task(label, total=total)
        shown = 0.0
        for result in results:
            yield result
            bar.advance(task)
            if time.monotonic() - shown > 0.1:
                shown = time.monotonic()
                bar.refresh()
