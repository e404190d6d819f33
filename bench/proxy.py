"""What `slim proxy` adds to a request's time, against the same upstream asked directly in the same run.

    python bench/proxy.py [--requests 100] [--tokens 4000] [--at-once 200] [--json]

The upstream answers at once, so that what is added is the proxy's own; requests go one after the other, directly and through
the proxy in turns. Prompts hold definitions of the standard library in fences and have about `--tokens` tokens of o200k_base;
nothing is pruned. `prose`: nothing is to be done. `turns`: a conversation goes on, the code is known. `agent`: each request
shows a fifth of new code, below what earlier requests showed. `fresh`: all of it is code that the proxy has not seen. `work` is
the processor time of compressing alone, in one process. Then as many requests as `--at-once` says are sent together, each with
fresh code. The upstream, the proxy and this client are processes of their own and share the machine's cores. Needs
slimgrammar[proxy].
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import httpx2
from inputs import build, read_programs, sample, stdlib_files

from slimgrammar.pipeline.integrations.base import PromptOptions
from slimgrammar.pipeline.integrations.bodies import compress_body
from slimgrammar.vocab import count, load

PATH = "/v1/chat/completions"
_SHOWN = 5  # pieces of code that a request of an agent shows
ANSWER = json.dumps({"choices": [{"index": 0, "message": {"role": "assistant", "content": "Yes."}}]}).encode()


async def upstream(scope: Any, receive: Any, send: Any) -> None:
    """Answers at once."""
    while (await receive()).get("more_body"):
        pass
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(ANSWER)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": ANSWER})


def serve_upstream() -> None:
    """Run the upstream; its address is the first line of output."""
    import socket

    import uvicorn

    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    print(f"upstream: http://127.0.0.1:{listening.getsockname()[1]}", file=sys.stderr, flush=True)
    config = uvicorn.Config(upstream, log_config=None, access_log=False, lifespan="off")
    uvicorn.Server(config).run(sockets=[listening])


@contextmanager
def running(*arguments: str) -> Iterator[str]:
    """A server in a process of its own; the address that its first line names."""
    with subprocess.Popen([sys.executable, *arguments], stderr=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stderr is not None
        try:
            line = process.stderr.readline()
            yield next((word for word in line.split() if word.startswith("http://")), line)
        finally:
            process.terminate()


def prompts(tokens: int, texts: Sequence[str]) -> Iterator[str]:
    """Questions about code without end, each of about `tokens` tokens and with definitions that no other has."""
    vocab = load("o200k_base")
    fences: list[str] = []
    size = 0
    for turn in itertools.count():
        for piece in itertools.chain.from_iterable(text.split("\n\n\n") for text in texts):
            if 200 < len(piece) < 6000 and piece.startswith(("def ", "class ", "@")):
                fences.append(f"```python\n# {turn}\n{piece.rstrip()}\n```\n")
                size += count(vocab, fences[-1])
            if size >= tokens:
                yield "What does this do?\n\n" + "\n".join(fences)
                fences, size = [], 0


def body(*turns: str) -> bytes:
    """A request with the turns of a conversation."""
    roles = itertools.cycle(("user", "assistant"))
    return json.dumps({"model": "m", "messages": [{"role": next(roles), "content": turn} for turn in turns]}).encode()


def _answered(questions: Sequence[str]) -> list[str]:
    """Questions with an answer between each and the next."""
    return [turn for question in questions for turn in (question, "Yes.")][:-1]


def milliseconds(connection: HTTPConnection, data: bytes) -> float:
    """The time of one request."""
    start = time.perf_counter()
    connection.request("POST", PATH, data, {"content-type": "application/json"})
    response = connection.getresponse()
    response.read()
    if response.status != 200:
        raise RuntimeError(f"status {response.status}")
    return 1000 * (time.perf_counter() - start)


def in_turn(direct: str, proxied: str, bodies: Sequence[bytes]) -> dict[str, float]:
    """Percentiles of the requests' times, each body sent directly and through the proxy."""
    connections = [HTTPConnection(urlsplit(url).netloc, timeout=60) for url in (direct, proxied)]
    for connection in connections:
        milliseconds(connection, body("hi"))
    times = [[milliseconds(connection, data) for connection in connections] for data in bodies]
    for connection in connections:
        connection.close()
    one, other = ([row[column] for row in times] for column in (0, 1))
    added = [after - before for before, after in times]
    shown = {"direct_p50": one, "proxied_p50": other, "added_p50": added}
    result = {name: round(statistics.median(values), 2) for name, values in shown.items()}
    return {**result, "added_p95": round(statistics.quantiles(added, n=20)[-1], 2), "requests": len(added)}


def work(bodies: Sequence[bytes]) -> float:
    """The median milliseconds of processor time that compressing takes, without any server: others' load matters little."""
    options, times = PromptOptions(), []
    for data in bodies:
        start = time.process_time()
        compress_body(data, "messages", options)
        times.append(1000 * (time.process_time() - start))
    return round(statistics.median(times), 2)


async def at_once(url: str, bodies: Sequence[bytes]) -> dict[str, float]:
    """How many of the requests fail when all are sent together, and how long all of them take."""
    limits = httpx2.Limits(max_connections=None)
    async with httpx2.AsyncClient(base_url=url, timeout=120, limits=limits) as client:
        start = time.perf_counter()
        replies = await asyncio.gather(*(client.post(PATH, content=data) for data in bodies), return_exceptions=True)
        seconds = time.perf_counter() - start
    good = sum(isinstance(reply, httpx2.Response) and reply.status_code == 200 for reply in replies)
    return {"requests": len(bodies), "errors": len(bodies) - good, "seconds": round(seconds, 2)}


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """All measurements, with one upstream and one proxy."""
    texts = [program.text for program in read_programs(sample(stdlib_files(), megabytes=options.megabytes, seed=0))]
    code = prompts(options.tokens, texts)
    fresh = [body(question) for question in itertools.islice(code, options.requests)]
    talk = next(code)
    turns = [body(talk, *["Yes.", "And why is that so?"] * number) for number in range(1, options.requests + 1)]
    shown = list(itertools.islice(prompts(options.tokens // _SHOWN, texts), options.requests + _SHOWN))
    agent = [body(*_answered(shown[number : number + _SHOWN])) for number in range(options.requests)]
    prose = [
        body(f"{number}: " + "the quick brown fox jumps over it. " * (options.tokens // 8))
        for number in range(options.requests)
    ]
    together = [body(question) for question in itertools.islice(code, options.at_once)]
    with (
        running(__file__, "--serve") as direct,
        running("-m", "slimgrammar", "proxy", "--upstream", direct, "--port", "0", "--quiet") as proxied,
    ):
        _wait_for(proxied)
        rows = {"prose": prose, "turns": turns, "agent": agent, "fresh": fresh}
        return {
            "build": build(),
            "cores": os.cpu_count(),
            "tokens": options.tokens,
            **{name: {**in_turn(direct, proxied, bodies), "work_p50": work(bodies)} for name, bodies in rows.items()},
            "at_once_direct": asyncio.run(at_once(direct, together)),
            "at_once_proxied": asyncio.run(at_once(proxied, together)),
        }


def _wait_for(url: str) -> None:
    """Return when the server at `url` answers: it listens before all its processes have started."""
    httpx2.get(url, timeout=60)


def show(measured: dict[str, Any]) -> None:
    """Two tables."""
    print(f"{measured['build']}, {measured['cores']} cores; prompts of about {measured['tokens']} tokens\n")
    columns = ("direct_p50", "proxied_p50", "added_p50", "added_p95", "work_p50", "requests")
    print(" ".join(f"{name:>12}" for name in ("milliseconds", *columns)))
    for name in ("prose", "turns", "agent", "fresh"):
        print(f"{name:>12} " + " ".join(f"{measured[name][column]:>12}" for column in columns))
    for name in ("direct", "proxied"):
        row = measured[f"at_once_{name}"]
        print(f"{row['requests']} requests at once, {name}: {row['errors']} errors, {row['seconds']:.2f} s")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    summary, _, rest = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(description=summary, epilog=rest, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=100, help="of each kind")
    parser.add_argument("--tokens", type=int, default=4000, help="of a prompt")
    parser.add_argument("--at-once", type=int, default=200, help="requests sent together")
    parser.add_argument("--megabytes", type=float, default=4, help="of the standard library that prompts are made of")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.serve:
        serve_upstream()
        return
    measured = measure(options)
    if options.json:
        print(json.dumps(measured))
    else:
        show(measured)


if __name__ == "__main__":
    main()
