"""How fast `slim dataset` goes through a data set, how that grows with processes, how much memory it takes, and if it survives.

    python bench/pipeline.py                       20 MB of the standard library in each format, 1 and 2 processes
    python bench/pipeline.py --memory              100 MB and 2 GB in 2 processes: the memory of all of them
    python bench/pipeline.py --kills 20            20 runs of each kind killed at random moments, and what they came to
    python bench/pipeline.py --megabytes 2 --no-verify --operation curate --json
    python bench/pipeline.py --all                 all figures of pipelines: this, prompts.py and proxy.py, in five minutes

Rows are files of the standard library, again and again with another number in front until there is enough. Every run is a
process of its own, as a user starts it, start-up and planning included; MB/s are megabytes of source text. "core" is the
function that makes a row, called in a loop in one process; "times" is the speed against the same run in one process. "CPU" is
the processor time of all processes, which other programs on the machine change little. Memory is the most that all processes of
a run have at one moment, pages that they share counted once (Linux; elsewhere, once in each).
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path
from typing import Any

import psutil
from inputs import build, read_programs, sample, stdlib_files
from kills import survive

from slimgrammar.pipeline.datasets import Options, convert

FORMATS = ("jsonl", "jsonl.gz", "jsonl.zst", "parquet")
GROUP = 1000
ALL = (
    ("pipeline.py", "--megabytes", "40"),
    ("pipeline.py", "--memory", "--no-verify"),
    ("pipeline.py", "--kills", "20", "--megabytes", "0.5", "--formats", "jsonl"),
    ("prompts.py",),
    ("proxy.py",),
)
"""The commands of `--all`, of data sets, prompts and the proxy."""


@cache
def texts() -> list[str]:
    """The texts that rows are made of."""
    return [program.text for program in read_programs(sample(stdlib_files(), megabytes=4, seed=0))]


def rows(megabytes: float) -> Iterator[dict[str, Any]]:
    """Rows of about `megabytes` of text in all."""
    programs = texts()
    size = number = 0
    while size < megabytes * 1e6:
        text = programs[number % len(programs)]
        yield {"id": number, "text": f"# {number}\n{text}", "language": "Python"}
        size += len(text)
        number += 1


def write(path: Path, data: Iterable[dict[str, Any]]) -> None:
    """Write rows in the format that the file's name says."""
    if path.suffix == ".parquet":
        _write_parquet(path, data)
        return
    lines = (json.dumps(row).encode() + b"\n" for row in data)
    if path.suffix == ".zst":
        import zstandard

        with path.open("wb") as file, zstandard.ZstdCompressor().stream_writer(file) as packed:
            for line in lines:
                packed.write(line)
    else:
        with gzip.open(path, "wb", 1) if path.suffix == ".gz" else path.open("wb") as plain:
            plain.writelines(lines)


def _write_parquet(path: Path, data: Iterable[dict[str, Any]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet

    schema = pa.schema({"id": pa.int64(), "text": pa.string(), "language": pa.string()})
    with pyarrow.parquet.ParquetWriter(path, schema) as writer:
        group: list[dict[str, Any]] = []
        for row in data:
            group.append(row)
            if len(group) == GROUP:
                writer.write_table(pa.Table.from_pylist(group, schema))
                group = []
        writer.write_table(pa.Table.from_pylist(group, schema))


def core_speed(megabytes: float, options: argparse.Namespace) -> float:
    """MB/s of the one function that makes a row, in a loop."""
    programs = [row["text"] for row in rows(megabytes)]
    convert_one = _core(options)
    convert_one(programs[0])
    start = time.perf_counter()
    for text in programs:
        convert_one(text)
    return sum(map(len, programs)) / 1e6 / (time.perf_counter() - start)


def _core(options: argparse.Namespace) -> Callable[[str], object]:
    if options.operation == "curate":
        from slimgrammar.pipeline.curate import Choice
        from slimgrammar.pipeline.curate import measure as judged

        return partial(judged, Choice())
    return partial(convert, Options(verify=options.verify))


def run(source: Path, out: Path, options: argparse.Namespace, *, workers: int, megabytes: float) -> dict[str, Any]:
    """One run of the command over that much text: rows, seconds, MB/s, and the memory of its processes in MB."""
    command = [sys.executable, "-m", "slimgrammar", "dataset", options.operation, str(source), str(out)]
    command += ["--workers", str(workers), "--json"]
    if options.operation == "encode" and not options.verify:
        command.append("--no-verify")
    start, before = time.perf_counter(), processor_seconds()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        peak = Peak(process.pid)
        output, _ = process.communicate()
        memory = peak.stop()
    seconds = time.perf_counter() - start
    counts = json.loads(output)
    return {
        "input": source.name,
        "workers": workers,
        "rows": counts["rows"],
        "megabytes": round(megabytes, 1),
        "parts": len(list(out.glob("part-*"))),
        "seconds": round(seconds, 2),
        "processor_seconds": round(processor_seconds() - before, 2),
        "megabytes_per_second": round(megabytes / seconds, 2),
        "memory": round(memory / 1e6),
    }


def processor_seconds() -> float:
    """What all processes that have ended and were waited for have used."""
    times = os.times()
    return times.children_user + times.children_system


class Peak:
    """The most memory that a process and its children have together, looked at ten times a second."""

    def __init__(self, process: int) -> None:
        """Begin to look."""
        self._process = psutil.Process(process)
        self._most = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """Look no more; bytes."""
        self._over.set()
        self._thread.join()
        return self._most

    def _look(self) -> None:
        while not self._over.wait(0.1):
            with suppress(psutil.NoSuchProcess):
                family = [self._process, *self._process.children(recursive=True)]
                self._most = max(self._most, sum(map(_memory, family)))


def _memory(process: psutil.Process) -> int:
    """The memory of a process, of shared pages its part."""
    try:
        used = process.memory_full_info()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0
    return int(getattr(used, "pss", used.rss))


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """All runs, and the core function beside them."""
    runs = []
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        for megabytes in options.megabytes:
            for kind in options.formats:
                source = Path(folder, f"in.{kind}")
                write(source, rows(megabytes))
                for workers in options.workers:
                    out = Path(folder, "out")
                    runs.append(run(source, out, options, workers=workers, megabytes=megabytes))
                    shutil.rmtree(out)
                source.unlink()
    core = core_speed(min(4, *options.megabytes), options)
    return {"build": build(), "verify": options.verify, "core_megabytes_per_second": round(core, 2), "runs": runs}


def kill(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Kills of each format, of encoding and of curating, and what they came to."""
    found = []
    for operation in ("encode", "curate"):
        for kind in options.formats:
            with tempfile.TemporaryDirectory(dir=options.folder) as folder:
                source = Path(folder, f"in.{kind}")
                write(source, rows(min(options.megabytes)))
                more = ["--part-mb", str(max(0.001, min(options.megabytes) / 40))]
                outcome = survive([operation, *more], source, Path(folder), kills=options.kills, seed=kind)
            found.append({"operation": operation, "input": kind, **asdict(outcome)})
    return found


def show(measured: dict[str, Any]) -> None:
    """A table."""
    print(measured["build"])
    proof = "verified" if measured["verify"] else "not verified"
    print(f"core function, one process, {proof}: {measured['core_megabytes_per_second']:.2f} MB/s")
    print(f"{'input':>12} {'MB':>8} {'parts':>6} {'processes':>10} {'MB/s':>8} {'times':>6} {'CPU, s':>8} {'memory, MB':>11}")
    alone = {}
    for one in measured["runs"]:
        speed = one["megabytes_per_second"]
        if one["workers"] == 1:
            alone[one["input"], one["megabytes"]] = speed
        single = alone.get((one["input"], one["megabytes"]))
        times = f"{speed / single:.2f}" if single else "-"
        print(
            f"{one['input']:>12} {one['megabytes']:>8.1f} {one['parts']:>6} {one['workers']:>10} {speed:>8.2f} {times:>6} "
            f"{one['processor_seconds']:>8.1f} {one['memory']:>11}"
        )


def show_kills(found: list[dict[str, Any]]) -> None:
    """A line for each kind of run."""
    for one in found:
        verdict = "the same bytes" if one["identical"] else "OTHER BYTES"
        print(f"{one['operation']:>8} {one['input']:>10}: {one['kills']} runs killed, {one['whole']} ended: {verdict}")


def run_all() -> int:
    """Run each of `ALL`, with what it prints below its command; the worst exit status."""
    worst = 0
    for name, *options in ALL:
        print(f"\n$ python bench/{' '.join([name, *options])}\n", flush=True)
        worst = max(
            worst, abs(subprocess.run([sys.executable, Path(__file__).with_name(name), *options], check=False).returncode)
        )
    return worst


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options of the command line."""
    summary, _, rest = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(description=summary, epilog=rest, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--operation", choices=("encode", "curate"), default="encode", help="[encode]")
    parser.add_argument(
        "--megabytes", type=float, nargs="+", help="sizes of the text [20; 100 2000 for --memory; 2 for --kills]"
    )
    parser.add_argument("--formats", nargs="+", choices=FORMATS, help="[all; jsonl for --memory]")
    parser.add_argument("--workers", type=int, nargs="+", help="[1 2; 2 for --memory]")
    parser.add_argument("--no-verify", dest="verify", action="store_false", help="encode without proof")
    parser.add_argument("--memory", action="store_true", help="memory over size")
    parser.add_argument("--kills", type=int, default=0, help="how many runs of each kind to kill")
    parser.add_argument("--all", action="store_true", help="all figures of pipelines; other options do not count")
    parser.add_argument("--folder", type=Path, help="where to put the data [the system's folder for temporary files]")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    options = parser.parse_args(arguments)
    options.megabytes = options.megabytes or ([100, 2000] if options.memory else [2] if options.kills else [20])
    options.formats = options.formats or (["jsonl"] if options.memory else list(FORMATS))
    options.workers = options.workers or ([2] if options.memory else [1, 2])
    return options


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    options = parse(arguments)
    if options.all:
        sys.exit(run_all())
    if options.kills:
        found = kill(options)
        print(json.dumps(found)) if options.json else show_kills(found)
        return
    measured = measure(options)
    print(json.dumps(measured)) if options.json else show(measured)


if __name__ == "__main__":
    main()
