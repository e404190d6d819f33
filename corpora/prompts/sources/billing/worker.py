"""Background jobs: a small queue on top of Redis with retries and a dead letter list."""

import asyncio
import json
import logging
import signal
import time
import traceback
import uuid
from dataclasses import asdict, dataclass, field
from typing import Any, Awaitable, Callable, Dict, Optional

import redis.asyncio as redis

log = logging.getLogger("billing.worker")

Handler = Callable[..., Awaitable[None]]


@dataclass
class Job:
    name: str
    arguments: Dict[str, Any]
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    attempts: int = 0
    last_error: Optional[str] = None

    def dumps(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def loads(cls, data: bytes) -> "Job":
        return cls(**json.loads(data))


class Worker:
    """Takes jobs off a queue and runs them, `concurrency` at a time.

    A job that raises is put back with a delay that doubles with each attempt. After `max_attempts` it goes to the dead
    letter list, where `python -m billing.worker retry-dead` finds it.
    """

    def __init__(
        self,
        client: redis.Redis,
        queue: str = "billing",
        concurrency: int = 4,
        max_attempts: int = 5,
        base_delay: float = 2.0,
    ) -> None:
        self.client = client
        self.queue = queue
        self.concurrency = concurrency
        self.max_attempts = max_attempts
        self.base_delay = base_delay
        self.handlers: Dict[str, Handler] = {}
        self._stopping = asyncio.Event()
        self._running: set = set()

    def register(self, name: str) -> Callable[[Handler], Handler]:
        def decorator(handler: Handler) -> Handler:
            if name in self.handlers:
                raise ValueError(f"there is a handler for {name!r} already")
            self.handlers[name] = handler
            return handler

        return decorator

    async def enqueue(self, name: str, delay: float = 0.0, **arguments: Any) -> Job:
        job = Job(name, arguments)
        await self._push(job, delay)
        return job

    async def _push(self, job: Job, delay: float) -> None:
        if delay > 0:
            await self.client.zadd(f"{self.queue}:delayed", {job.dumps(): time.time() + delay})
        else:
            await self.client.lpush(self.queue, job.dumps())

    async def _move_due(self) -> int:
        """Move delayed jobs whose time has come to the queue."""
        now = time.time()
        due = await self.client.zrangebyscore(f"{self.queue}:delayed", 0, now, start=0, num=100)
        moved = 0
        for data in due:
            # Another worker may have been faster
            if await self.client.zrem(f"{self.queue}:delayed", data):
                await self.client.lpush(self.queue, data)
                moved += 1
        return moved

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, self._stopping.set)
        while not self._stopping.is_set():
            await self._move_due()
            if len(self._running) >= self.concurrency:
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
                continue
            item = await self.client.brpop(self.queue, timeout=1)
            if item is None:
                continue
            task = asyncio.create_task(self._handle(Job.loads(item[1])))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        log.info("stopping, waiting for %d jobs", len(self._running))
        if self._running:
            await asyncio.wait(self._running, timeout=30)

    async def _handle(self, job: Job) -> None:
        handler = self.handlers.get(job.name)
        started = time.perf_counter()
        job.attempts += 1
        try:
            if handler is None:
                raise LookupError(f"no handler for {job.name!r}")
            await handler(**job.arguments)
        except Exception as error:
            job.last_error = "".join(traceback.format_exception_only(type(error), error)).strip()
            await self._failed(job)
        else:
            log.info("job %s (%s) done in %.3f s", job.id, job.name, time.perf_counter() - started)

    async def _failed(self, job: Job) -> None:
        if job.attempts >= self.max_attempts:
            log.error("job %s (%s) is dead after %d attempts: %s", job.id, job.name, job.attempts, job.last_error)
            await self.client.lpush(f"{self.queue}:dead", job.dumps())
            return
        delay = self.base_delay * 2 ** (job.attempts - 1)
        log.warning("job %s (%s) failed, next attempt in %.0f s: %s", job.id, job.name, delay, job.last_error)
        await self._push(job, delay)
