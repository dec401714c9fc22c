"""Quality, harm and promises in one run: python -m benchmarks.quality --data DIR

Tables go to benchmarks/results/quality.md; the changed sentences, which belong to the data, to out/ for reading.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import tempfile
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tqdm import tqdm

from benchmarks.conditions import write
from benchmarks.opened import OPEN, opened
from benchmarks.seed import SEED, report
from mtfix import Fixer
from mtfix.evaluate import Evaluation, evaluate
from mtfix.options import Options
from mtfix.training.corpora import read_rows

#: Set, strength (None: rules and names only).
RUNS: tuple[tuple[str, str | None], ...] = (
    ("mlqe-pe", "conservative"),
    ("mlqe-pe", "balanced"),
    ("prose", "conservative"),
    ("prose", "balanced"),
    ("un-arabic", "conservative"),
    ("synthetic", "balanced"),
    ("detection", "conservative"),
    ("spans", "conservative"),
    ("mlqe-pe", None),
    ("prose", None),
)


def main() -> None:
    """Measure the shipped model and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("out"))
    a = parser.parse_args()
    lines = ["# Quality", "", "`python -m benchmarks.quality --data DIR`", "", *report(Fixer()), ""]
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # for the processes to come: one thread each, so that they do not fight
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        results = [pool.submit(_measured, set_name, strength, a.data) for set_name, strength in RUNS]
        promised = pool.submit(promises, a.data)
        waiting: list[Future[Any]] = [*results, promised]
        for _ in tqdm(as_completed(waiting), total=len(waiting), desc="sets"):
            pass
        lines += ["Promises:", "", *promised.result(), ""]
        for (set_name, strength), result in zip(RUNS, results, strict=True):
            name = strength or "rules and names only"
            lines += [f"{set_name}, {name}:", "", "```", str(result.result()), "```", ""]
            keep(result.result(), a.out / f"changes-{set_name}-{name.replace(' ', '-')}.jsonl")
    write("quality", lines)


def _measured(set_name: str, strength: str | None, data: Path) -> Evaluation:
    options: dict[str, Any] = {"strength": strength} if strength else {"regenerate": False}
    return evaluate(set_name, data, Fixer(threads=1, **options))


def promises(data: Path) -> list[str]:
    """Return lines: texts that a second run changes again, and texts on which the two backends differ.

    At each strength, and with the gate opened.
    """
    rows = read_rows(data / "mlqe_pe.dev.jsonl.gz")
    sample = [row["mt"] for row in itertools.islice(rows, 0, 5000, 10)]
    seed_text = SEED.with_suffix(".txt").read_text(encoding="utf-8")
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        shipped = Options().model
        cases: tuple[tuple[str, dict[str, Any]], ...] = (
            ("conservative", {}),
            ("balanced", {"strength": "balanced"}),
            (f"gate opened to {OPEN}", {"model": opened(shipped, Path(folder), OPEN)}),
        )
        for name, options in cases:
            ours, theirs = Fixer(**options), Fixer(backend="torch", **options)
            once = [ours.clean(text) for text in sample]
            again = sum(ours.clean(text) != text for text in once)
            differ = sum(theirs.clean(text) != cleaned for text, cleaned in zip(sample[:200], once, strict=False))
            seed = ours.clean(seed_text)
            stays = "stays" if ours.clean(seed) == seed else "changes again"
            lines.append(
                f"- {name}: of {len(sample)} MT sentences (development set) {_changed(sample, once)} are changed, "
                f"{again} of them again by a second run; the seed document {stays}; torch and CTranslate2 differ on "
                f"{differ} of 200 sentences, {_changed(sample[:200], once[:200])} of which are changed"
            )
    return lines


def _changed(before: list[str], after: list[str]) -> int:
    return sum(a != b for a, b in zip(before, after, strict=True))


def keep(result: Evaluation, path: Path) -> None:
    """Write the changed sentences for reading."""
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(change, ensure_ascii=False) + "\n" for change in result.changes), "utf-8")


if __name__ == "__main__":
    main()
