"""Speed of one worker and of two, and the memory of a long run: python -m benchmarks.scaling --data DIR

The sentences are machine translations (MLQE-PE train); the long run repeats a thousand short ones.
"""

from __future__ import annotations

import argparse
import itertools
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.conditions import write
from mtfix.training.corpora import read_rows

_SAMPLES = 10


def sentences(data: Path, count: int) -> list[str]:
    """Return so many hypotheses, over again if there are fewer."""
    found = [row["mt"] for row in itertools.islice(read_rows(data / "mlqe_pe.train.jsonl.gz"), count)]
    return list(itertools.islice(itertools.cycle(found), count))


class Sampler(threading.Thread):
    """Samples the memory of a process's workers and of the process itself until it ends (Linux)."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        super().__init__()
        self._process = process
        self.samples: list[tuple[float, int, int]] = []  # seconds, megabytes of the parent, of the largest worker

    def run(self) -> None:
        """Sample once a second."""
        began = time.perf_counter()
        while self._process.poll() is None:
            time.sleep(1.0)
            parent = self._process.pid
            try:
                children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
                worker = max((_megabytes(int(child)) for child in children), default=0)
                self.samples.append((time.perf_counter() - began, _megabytes(parent), worker))
            except OSError:
                return


def _megabytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS:")), 0)


def timed(folder: Path, texts: list[str], workers: int, *options: str) -> tuple[dict[str, float], Sampler, bytes]:
    """Repair texts, and return the summary, the memory, and the output."""
    source, target, summary = folder / "in.txt", folder / "out.txt", folder / "summary.json"
    source.write_text("".join(" ".join(text.split()) + "\n" for text in texts), encoding="utf-8")
    command = [sys.executable, "-m", "mtfix", "batch", str(source), str(target), "--workers", str(workers)]
    process = subprocess.Popen([*command, "--summary", str(summary), *options], stderr=subprocess.DEVNULL)
    sampler = Sampler(process)
    sampler.start()
    process.wait()
    sampler.join()
    return json.loads(summary.read_text(encoding="utf-8")), sampler, target.read_bytes()


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--short-rows", type=int, default=1_000_000)
    arguments = parser.parse_args()
    lines = [
        "# Scaling of `mtfix batch`",
        "",
        f"`python -m benchmarks.scaling --data DIR --rows {arguments.rows} --short-rows {arguments.short_rows}`;",
        "default options with the model, sentences of MLQE-PE train, one thread a worker; seconds include the start.",
        "",
        "| workers | rows | seconds | rows/s | words/s | times one worker | largest worker | output |",
        "|---|---|---|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texts = sentences(arguments.data, arguments.rows)
        first: tuple[float, bytes] | None = None
        for workers in (1, 2):
            summary, sampler, output = timed(folder, texts, workers, "--threads", "1")
            first = first or (summary["seconds"], output)
            lines.append(
                f"| {workers} | {len(texts):,} | {summary['seconds']:.1f} | {summary['rows_per_second']:,.1f} |"
                f" {summary['words_per_second']:,.0f} | {first[0] / summary['seconds']:.2f} |"
                f" {max(sample[2] for sample in sampler.samples)} MB |"
                f" {'the same bytes' if output == first[1] else 'DIFFERENT'} |"
            )
        short = [f"Row {number % 1000} of many is here." for number in range(arguments.short_rows)]
        summary, sampler, _ = timed(folder, short, 2, "--threads", "1")
    step = max(1, len(sampler.samples) // _SAMPLES)
    lines += [
        "",
        f"Memory over {arguments.short_rows:,} short rows, two workers ({summary['rows_per_second']:,.0f} rows/s):",
        "",
        "| seconds | parent | largest worker |",
        "|---|---|---|",
        *(f"| {at:.0f} | {parent} MB | {worker} MB |" for at, parent, worker in sampler.samples[::step]),
    ]
    write("scaling", lines)


if __name__ == "__main__":
    main()
