"""The Ray engine beside the local one: python -m benchmarks.ray_engine --data DIR [--rows 20000 --price 0.04]

Both repair the same machine translations (MLQE-PE train, every thousandth row a bad one) on this machine; their files
are compared byte for byte. What the driver costs, and so how many cores it can feed, is the CPU time of its process.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.conditions import write
from benchmarks.robustness import same
from benchmarks.scaling import sentences
from mtfix.batch.chunks import Chunk
from mtfix.batch.corpus import repair_corpus
from mtfix.batch.job import Job, Outcome
from mtfix.batch.plan import Plan
from mtfix.batch.ray import RayEngine
from mtfix.batch.sources import paired
from mtfix.batch.summary import Summary
from mtfix.cli import main as mtfix
from mtfix.commands import load_fixer

_WORKERS = 2
_BILLION = 1_000_000_000
_CORES = (16, 64, 256)


@dataclass(frozen=True)
class Timed:
    """What a run took: seconds by the clock, and of this process on the CPU."""

    rows: int
    words: int
    seconds: float
    cpu: float


def written(path: Path, texts: list[str]) -> Path:
    """Write the corpus."""
    rows = ({"id": n, "text": n if n % 1000 == 999 else text} for n, text in enumerate(texts))
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def repaired(source: Path, folder: Path, engine: str) -> Timed:
    """Repair the corpus with an engine, in its own folder."""
    folder.mkdir()
    summary = folder.with_suffix(".json")
    began, cpu = time.perf_counter(), time.process_time()
    arguments = ["--engine", engine, "--workers", str(_WORKERS), "--threads", "1", "--summary", str(summary)]
    mtfix(["batch", str(source), str(folder / "out.jsonl"), "--report", str(folder / "report.jsonl"), *arguments])
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    counts = json.loads(summary.read_text(encoding="utf-8"))
    return Timed(counts["rows"], counts["words"], seconds, cpu)


def passed_through(source: Path, folder: Path) -> Timed:
    """Read and write the corpus with its report and journal, without repairing anything."""
    folder.mkdir()

    def nothing(chunks: Iterable[Chunk], job: Job) -> Iterator[tuple[Chunk, list[Outcome]]]:
        for chunk in chunks:
            yield chunk, [Outcome(row.texts, row.reason) for row in chunk.rows]

    plan = Plan(
        tuple(paired([str(source)], str(folder / "out.jsonl"), ["text"])),
        str(folder / "report.jsonl"),
        str(folder / "rejects.jsonl"),
        folder / "journal.jsonl",
    )
    began, cpu = time.perf_counter(), time.process_time()
    counts: Summary = repair_corpus(plan, Job(load_fixer), nothing, {})
    return Timed(counts.rows, counts.words, time.perf_counter() - began, time.process_time() - cpu)


def line(name: str, timed: Timed, core_seconds: float, outcome: str) -> str:
    """Return a row of the table; `core_seconds` are those that a row takes a worker."""
    feeds = core_seconds / (timed.cpu / timed.rows)
    return (
        f"| {name} | {timed.seconds:.1f} | {timed.rows / timed.seconds:,.0f} | {timed.words / timed.seconds:,.0f} |"
        f" {timed.cpu:.1f} | {feeds:,.0f} | {outcome} |"
    )


def sizing(timed: Timed, price: float) -> list[str]:
    """Return what a core does in an hour, and what a billion words take."""
    hours = _WORKERS * timed.seconds / 3600
    documents, words = timed.rows / hours, timed.words / hours
    whole = _BILLION / words
    return [
        "| | |",
        "|---|---|",
        f"| documents per core-hour (of {timed.words / timed.rows:.0f} words, as here) | {documents:,.0f} |",
        f"| words per core-hour | {words:,.0f} |",
        f"| core-hours for 1 billion words | {whole:,.0f} |",
        f"| 1 billion words at {price:g} USD a core-hour (`--price`) | {whole * price:,.0f} USD |",
        *(f"| hours for 1 billion words on {cores} cores, scaled up | {whole / cores:,.1f} |" for cores in _CORES),
    ]


def main() -> None:
    """Measure and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--price", type=float, default=0.04, help="dollars a core-hour")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = written(folder / "in.jsonl", sentences(arguments.data, arguments.rows))
        alone = passed_through(source, folder / "alone")
        local = repaired(source, folder / "local", "local")
        began = time.perf_counter()
        RayEngine(_WORKERS)
        start = time.perf_counter() - began
        ray = repaired(source, folder / "ray", "ray")
        outcome = "the same bytes" if same(folder / "local", folder / "ray") else "DIFFERENT"
        stages = json.loads((folder / "local.json").read_text(encoding="utf-8"))["stages"]
        repairing = sum(spent for stage, spent in stages.items() if stage not in ("reading", "writing"))
    core_seconds = repairing / local.rows
    lines = [
        "# The Ray engine",
        "",
        f"`python -m benchmarks.ray_engine --data DIR --rows {arguments.rows} --price {arguments.price:g}`; default",
        "options with the model, sentences of MLQE-PE train as JSON Lines, every thousandth row a bad one, two workers",
        f"with one thread each, Ray on this machine alone (its start, {start:.1f} s, isn't counted). Output, report",
        "and rejects are compared. *Driver CPU* is what the process that reads and writes takes of a core; *cores it",
        f"feeds* is the time that a row takes a worker of the local engine ({1000 * core_seconds:.1f} ms), divided by",
        "what it takes the driver.",
        "",
        "| | seconds | rows/s | words/s | driver CPU, s | cores it feeds | output, report, rejects |",
        "|---|---|---|---|---|---|---|",
        line("reading and writing only", alone, core_seconds, "nothing repaired"),
        line(f"local, {_WORKERS} workers", local, core_seconds, "what is compared with"),
        line(f"Ray, {_WORKERS} actors", ray, core_seconds, outcome),
        "",
        "What a cluster needs, computed from the whole of the Ray run (two cores by the clock, with all that Ray does",
        "on them itself); the last lines take for granted what the first table allows, that one driver feeds so many:",
        "",
        *sizing(ray, arguments.price),
    ]
    write("ray", lines)


if __name__ == "__main__":
    main()
