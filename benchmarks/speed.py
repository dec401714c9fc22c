"""Import, loading, the seed document, throughput by stage: python -m benchmarks.speed"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from benchmarks.conditions import write
from benchmarks.seed import SEED
from mtfix import Fixer

_RUNS = 5


def seconds(call: Callable[[], object], runs: int = _RUNS) -> tuple[float, float, float]:
    """Return minimum, median and maximum of several runs."""
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        call()
        times.append(time.perf_counter() - begun)
    return min(times), statistics.median(times), max(times)


def main() -> None:
    """Measure and write the results."""
    text = SEED.with_suffix(".txt").read_text(encoding="utf-8")
    words = len(text.split())
    lines = ["# Speed", "", "`python -m benchmarks.speed`; seconds as minimum / median / maximum of 5 runs.", ""]

    def line(name: str, times: tuple[float, float, float], extra: str = "") -> None:
        lines.append(f"- {name}: {times[0]:.3f} / {times[1]:.3f} / {times[2]:.3f} s{extra}")

    line("a Python process that does nothing", seconds(lambda: subprocess.run([sys.executable, "-c", ""], check=True)))
    line(
        "a Python process that imports mtfix",
        seconds(lambda: subprocess.run([sys.executable, "-c", "import mtfix"], check=True)),
    )
    line("loading Fixer() with the model", seconds(Fixer))
    for name, options in (("all passes", {}), ("rules and names only (regenerate=False)", {"regenerate": False})):

        def fresh(options: dict[str, bool] = options) -> tuple[float, float, float]:
            fixers = [Fixer(threads=1, **options) for _ in range(_RUNS)]  # none remembers the text
            return seconds(lambda: fixers.pop().repair(text))

        times = fresh()
        line(f"seed document, {name}, one thread", times, f" ({words} words, {words / times[1]:.0f} words/s)")
    write("speed", lines)


if __name__ == "__main__":
    main()
