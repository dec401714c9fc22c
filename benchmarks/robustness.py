"""Runs that are killed, run out of disk, or lose workers: python -m benchmarks.robustness [--rows 20000 --kills 30]

Each interrupted run goes on with --resume and must end in the very bytes of one that nothing disturbed.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.conditions import write

_FAST = ["--no-regenerate", "--workers", "2"]
_SENTENCES = (
    "It was a qualitative blow to the group number {n}.",
    "The spokesman of office {n} said that the roads were open again.",
    "They came from During the night to the {n}th village.",
    "Tariq Delvani spoke for {n} minutes, and Delwani left.",
    "Nothing has been heard of the {n} ships since Monday.",
)


def texts(count: int) -> Iterator[str]:
    """Yield made-up rows, every thousandth of which is too long to be processed."""
    for number in range(count):
        yield _SENTENCES[number % len(_SENTENCES)].format(n=number) * (4000 if number % 1000 == 999 else 1)


def written(path: Path, count: int) -> Path:
    """Write a corpus in the format of the name."""
    if path.suffix == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.table({"id": list(range(count)), "text": list(texts(count))}), path)
    elif path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([("id", "text"), *enumerate(texts(count))])
    else:
        lines = (json.dumps({"id": number, "text": text}) + "\n" for number, text in enumerate(texts(count)))
        path.write_text("".join(lines), encoding="utf-8")
    return path


def started(source: Path, target: Path) -> subprocess.Popen[bytes]:
    """Start a run, or let it go on."""
    command = [sys.executable, "-m", "mtfix", "batch", str(source), str(target), "--resume", *_FAST]
    report = target.with_name(f"report{'.parquet' if target.suffix == '.parquet' else '.jsonl'}")
    return subprocess.Popen([*command, "--report", str(report)], stderr=subprocess.DEVNULL)


def same(one: Path, other: Path) -> bool:
    """Whether two folders hold the same files, byte for byte, and nothing else."""
    names = sorted(path.name for path in one.iterdir())
    return names == sorted(path.name for path in other.iterdir()) and all(
        (one / name).read_bytes() == (other / name).read_bytes() for name in names
    )


def kill_test(folder: Path, suffix: str, rows: int, kills: int) -> str:
    """Kill a run at random moments, the whole process group's parent each time, and compare."""
    source = written(folder / f"in{suffix}", rows)
    whole, killed = folder / f"whole{suffix}", folder / f"killed{suffix}"
    whole.mkdir()
    killed.mkdir()
    began = time.perf_counter()
    code = started(source, whole / f"out{suffix}").wait()
    seconds = time.perf_counter() - began
    moments = random.Random(suffix)
    done = 0
    while done < kills:
        process = started(source, killed / f"out{suffix}")
        try:  # a start takes some seconds of it; so spread, the kills fall into all parts of the run
            process.wait(1.0 + moments.uniform(0, 2 * seconds / kills))
            break
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            done += 1
    started(source, killed / f"out{suffix}").wait()
    outcome = "identical" if code == 3 and same(whole, killed) else "DIFFERENT"
    return f"| {done} × SIGKILL, {suffix[1:]} | {rows:,} | {outcome} | {seconds:.0f} s undisturbed |"


def worker_test(folder: Path, rows: int) -> str:
    """Kill workers of a run from outside, and compare with the undisturbed one."""
    killed = folder / "workers"
    killed.mkdir()
    process = started(folder / "in.jsonl", killed / "out.jsonl")
    deaths = 0
    while process.poll() is None:
        time.sleep(2.0)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        workers = [pid for pid in (children.read_text().split() if children.exists() else []) if _is_worker(pid)]
        if workers and deaths < 5:
            os.kill(int(workers[deaths % len(workers)]), signal.SIGKILL)
            deaths += 1
    outcome = "identical" if same(folder / "whole.jsonl", killed) else "DIFFERENT"
    return f"| {deaths} workers killed from outside, jsonl | {rows:,} | {outcome} | |"


def _is_worker(pid: str) -> bool:
    command = Path(f"/proc/{pid}/cmdline")
    return command.exists() and b"spawn_main" in command.read_bytes()


def disk_test(folder: Path, rows: int) -> str:
    """Run into a full disk of its own, make room, go on, and compare."""
    disk, source = folder / "disk", folder / "in.jsonl"
    disk.mkdir()
    half = sum(path.stat().st_size for path in (folder / "whole.jsonl").iterdir()) // 2
    mount = ["mount", "-t", "tmpfs", "-o", f"size={max(half, 1 << 16)}", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        return f"| full disk (tmpfs), jsonl | {rows:,} | not run: mounting isn't permitted here | |"
    try:
        code = started(source, disk / "out.jsonl").wait()
        subprocess.run(["mount", "-o", "remount,size=1g", str(disk)], check=True)
        again = started(source, disk / "out.jsonl").wait()
        outcome = "identical" if (code, again) == (2, 3) and same(folder / "whole.jsonl", disk) else "DIFFERENT"
    finally:
        subprocess.run(["umount", str(disk)], check=False)
    return f"| full disk (tmpfs of half the size), jsonl | {rows:,} | {outcome} | |"


def main() -> None:
    """Run all tests and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=30)
    arguments = parser.parse_args()
    lines = [
        "# Robustness of `mtfix batch`",
        "",
        f"`python -m benchmarks.robustness --rows {arguments.rows} --kills {arguments.kills}`; made-up rows,",
        "rules and names only, two workers, with a report; output, report and rejects are compared with those of an",
        "undisturbed run.",
        "",
        "| what happened | rows | against the undisturbed run | |",
        "|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for suffix in (".jsonl", ".csv", ".parquet"):
            lines.append(kill_test(folder, suffix, arguments.rows, arguments.kills))
        lines.append(worker_test(folder, arguments.rows))
        lines.append(disk_test(folder, arguments.rows))
    write("robustness", lines)


if __name__ == "__main__":
    main()
