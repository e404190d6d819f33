"""How fast `slim dataset encode` goes through a data set, how that grows with processes, and how much memory it takes.

    python bench/pipeline.py                       20 MB of the standard library in each format, 1 and 2 processes
    python bench/pipeline.py --formats jsonl.zst --megabytes 100 2000 --workers 2    memory over size
    python bench/pipeline.py --megabytes 2 --no-verify --json

Rows are files of the standard library, again and again with another number in front until there is enough. Every run is a
process of its own, as a user starts it, start-up and planning included; MB/s are megabytes of source text. "core" is the
function that makes a row, called in a loop in one process. Memory is that of the largest process.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from inputs import build, read_programs, sample, stdlib_files

from slimgrammar.pipeline.datasets import Options, convert

FORMATS = ("jsonl", "jsonl.gz", "jsonl.zst", "parquet")
GROUP = 1000


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


def core_speed(megabytes: float, *, verify: bool) -> float:
    """MB/s of the one function that makes a row, in a loop."""
    programs = [row["text"] for row in rows(megabytes)]
    options = Options(verify=verify)
    convert(options, programs[0])
    start = time.perf_counter()
    for text in programs:
        convert(options, text)
    return sum(map(len, programs)) / 1e6 / (time.perf_counter() - start)


def run(source: Path, out: Path, *, workers: int, verify: bool) -> dict[str, Any]:
    """One run of the command: rows, seconds, MB/s, and the memory of its largest process in MB."""
    command = [sys.executable, "-m", "slimgrammar", "dataset", "encode", str(source), str(out)]
    command += ["--workers", str(workers), "--json", *([] if verify else ["--no-verify"])]
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        counts = json.loads(process.stdout.read())
        _, status, usage = os.wait4(process.pid, 0)  # the usage of its workers included
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    return {
        "input": source.name,
        "workers": workers,
        "rows": counts["rows"],
        "megabytes": round(counts["bytes"] / 1e6, 1),
        "parts": len(list(out.glob("part-*"))),
        "seconds": round(seconds, 2),
        "megabytes_per_second": round(counts["bytes"] / 1e6 / seconds, 2),
        "memory": round(usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)),
    }


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """All runs, and the core function beside them."""
    runs = []
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        for megabytes in options.megabytes:
            for kind in options.formats:
                source = Path(folder, f"in.{kind}")
                write(source, rows(megabytes))
                for workers in options.workers:
                    out = Path(folder, f"{kind}-{megabytes:g}-{workers}")
                    runs.append(run(source, out, workers=workers, verify=options.verify))
    core = core_speed(min(4, *options.megabytes), verify=options.verify)
    return {"build": build(), "verify": options.verify, "core_megabytes_per_second": round(core, 2), "runs": runs}


def show(measured: dict[str, Any]) -> None:
    """A table."""
    print(measured["build"])
    proof = "verified" if measured["verify"] else "not verified"
    print(f"core function, one process, {proof}: {measured['core_megabytes_per_second']:.2f} MB/s")
    print(f"{'input':>12} {'MB':>8} {'parts':>6} {'processes':>10} {'MB/s':>8} {'of core':>8} {'memory, MB':>11}")
    for one in measured["runs"]:
        share = one["megabytes_per_second"] / measured["core_megabytes_per_second"]
        print(
            f"{one['input']:>12} {one['megabytes']:>8.1f} {one['parts']:>6} {one['workers']:>10} "
            f"{one['megabytes_per_second']:>8.2f} {share:>8.2f} {one['memory']:>11}"
        )


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options of the command line."""
    summary, _, rest = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(description=summary, epilog=rest, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, nargs="+", default=[20], help="sizes of the text [20]")
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=FORMATS, help="[all]")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], help="[1 2]")
    parser.add_argument("--no-verify", dest="verify", action="store_false", help="encode without proof")
    parser.add_argument("--folder", type=Path, help="where to put the data [the system's folder for temporary files]")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    options = parse(arguments)
    measured = measure(options)
    print(json.dumps(measured)) if options.json else show(measured)


if __name__ == "__main__":
    main()
