#!/usr/bin/env python3
"""Summarise access logs: requests, errors and latency per endpoint.

Usage:
    analyse.py access.log [access.log.1.gz ...] --top 20 --since 2026-05-01
"""

import argparse
import collections
import gzip
import re
import statistics
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Optional, TextIO

LINE = re.compile(
    r'(?P<host>\S+) \S+ \S+ \[(?P<time>[^\]]+)\] "(?P<method>[A-Z]+) (?P<path>\S+) [^"]*" '
    r"(?P<status>\d{3}) (?P<size>\d+|-) (?P<seconds>\d+\.\d+)"
)
TIME_FORMAT = "%d/%b/%Y:%H:%M:%S %z"
NUMBER = re.compile(r"/\d+(?=/|$)")


class Request(NamedTuple):
    """One line of the log."""

    host: str
    time: datetime
    method: str
    path: str
    status: int
    size: int
    seconds: float


@dataclass
class Summary:
    """What is known about one endpoint."""

    requests: int = 0
    errors: int = 0
    bytes: int = 0
    seconds: List[float] = field(default_factory=list)
    hosts: collections.Counter = field(default_factory=collections.Counter)

    def add(self, request: Request) -> None:
        self.requests += 1
        self.bytes += request.size
        self.seconds.append(request.seconds)
        self.hosts[request.host] += 1
        if request.status >= 500:
            self.errors += 1

    @property
    def error_rate(self) -> float:
        return self.errors / self.requests if self.requests else 0.0

    def percentile(self, share: float) -> float:
        """The latency that `share` of the requests stay below."""
        if not self.seconds:
            return 0.0
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8", errors="replace") as file:
            yield file
    else:
        with path.open(encoding="utf-8", errors="replace") as file:
            yield file


def parse(line: str) -> Optional[Request]:
    """Parse a line, or None if it is not in the combined format."""
    match = LINE.match(line)
    if match is None:
        return None
    size = 0 if match["size"] == "-" else int(match["size"])
    return Request(
        host=match["host"],
        time=datetime.strptime(match["time"], TIME_FORMAT),
        method=match["method"],
        path=match["path"].split("?", 1)[0],
        status=int(match["status"]),
        size=size,
        seconds=float(match["seconds"]),
    )


def endpoint(request: Request) -> str:
    # /users/17/orders/4 and /users/18/orders/9 are the same endpoint
    return f"{request.method} {NUMBER.sub('/:id', request.path)}"


def summarise(paths: List[Path], since: Optional[datetime] = None) -> Dict[str, Summary]:
    summaries: Dict[str, Summary] = collections.defaultdict(Summary)
    skipped = 0
    for path in paths:
        with opened(path) as file:
            for number, line in enumerate(file, start=1):
                request = parse(line)
                if request is None:
                    skipped += 1
                    if skipped <= 5:
                        print(f"{path}:{number}: cannot parse", file=sys.stderr)
                    continue
                if since is not None and request.time < since:
                    continue
                summaries[endpoint(request)].add(request)
    if skipped:
        print(f"{skipped} lines skipped", file=sys.stderr)
    return summaries


def print_table(summaries: Dict[str, Summary], top: int) -> None:
    header = f"{'endpoint':<50} {'requests':>9} {'errors':>7} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8}"
    print(header)
    print("-" * len(header))
    ordered = sorted(summaries.items(), key=lambda item: item[1].requests, reverse=True)
    for name, summary in ordered[:top]:
        latencies = [summary.percentile(share) * 1000 for share in (0.5, 0.95, 0.99)]
        print(
            f"{name[:50]:<50} {summary.requests:>9} {summary.error_rate:>7.2%} "
            + " ".join(f"{latency:>8.1f}" for latency in latencies)
        )
    everything = [second for summary in summaries.values() for second in summary.seconds]
    if everything:
        print(f"\n{len(everything)} requests, mean {statistics.mean(everything) * 1000:.1f} ms")


def main(argv: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path, help="log files, .gz or plain")
    parser.add_argument("--top", type=int, default=20, help="how many endpoints to print (default: %(default)s)")
    parser.add_argument("--since", type=datetime.fromisoformat, help="ignore older requests")
    arguments = parser.parse_args(argv)
    since = arguments.since.astimezone() if arguments.since else None
    print_table(summarise(arguments.paths, since), arguments.top)
    return 0


if __name__ == "__main__":
    sys.exit(main())
