"""Whether confidence means what it says: python -m benchmarks.calibration --data DIR

Draws, on MLQE-PE test20, how often a candidate edit makes its sentence better against the probability that the gate
gives it, and how often a token is tagged BAD against the tagger's probability. Writes calibration.png into the model's
folder and the figures to benchmarks/results/calibration.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.conditions import write
from mtfix.options import Options
from mtfix.regenerate.gate import Gate
from mtfix.regenerate.load import find_model, load_tagger
from mtfix.regenerate.propose import read
from mtfix.training.corpora import read_rows
from mtfix.training.tune import collect, texts

_BINS = 10
_Array = npt.NDArray[np.float64]


def reliability(probability: _Array, held: _Array) -> tuple[list[tuple[float, float, int]], float]:
    """Return for each tenth of the scale mean probability, share that held, and count; and the expected error.

    Expected calibration error after Naeini et al. (2015).
    """
    bins = np.minimum((probability * _BINS).astype(int), _BINS - 1)
    rows = [
        (float(probability[bins == b].mean()), float(held[bins == b].mean()), int((bins == b).sum()))
        for b in range(_BINS)
        if (bins == b).any()
    ]
    return rows, sum(abs(p - h) * n for p, h, n in rows) / max(1, len(probability))


def main() -> None:
    """Measure, draw, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", default=Options().model)
    a = parser.parse_args()
    folder = find_model(a.model)
    tagger, gate = load_tagger(folder, Options()), Gate.load(folder.path)
    items = collect(tagger, texts(a.data, "test20")).labelled
    sure = gate.probability(np.asarray([item.features for item in items]))
    better = np.asarray([float(item.better) for item in items])
    rows = list(read_rows(a.data / "mlqe_pe.test20.jsonl.gz"))
    wrong, bad = [], []
    for row, reading in zip(rows, read(tagger, [row["mt_tokens"] for row in rows]), strict=True):
        flags = reading.flags[: len(row["mt_tokens"]), 0]
        wrong += [float(p) for p in flags]
        bad += [float(tag == "BAD") for tag in row["mt_tags"][: len(flags)]]
    parts = (
        ("edits: probability of making the sentence better", reliability(sure, better)),
        ("tokens: probability of being wrong", reliability(np.asarray(wrong), np.asarray(bad))),
    )
    lines = ["# Calibration", "", "`python -m benchmarks.calibration --data DIR`, MLQE-PE test20.", ""]
    for name, (points, error) in parts:
        lines += [f"{name}: expected calibration error {error:.3f}", "", "| said | held | count |", "|--:|--:|--:|"]
        lines += [f"| {p:.2f} | {h:.2f} | {n} |" for p, h, n in points] + [""]
    draw(parts, folder.path / "calibration.png")
    write("calibration", lines)


def draw(parts: Sequence[tuple[str, tuple[list[tuple[float, float, int]], float]]], path: Path) -> None:
    """Draw the reliability of each part beside the diagonal."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, len(parts), figsize=(9, 4), constrained_layout=True)
    for axis, (name, (points, error)) in zip(axes, parts, strict=True):
        axis.plot([0, 1], [0, 1], color="0.7", linewidth=1)
        axis.plot([p for p, _, _ in points], [h for _, h, _ in points], marker="o")
        for p, h, n in points:
            axis.annotate(str(n), (p, h), textcoords="offset points", xytext=(4, -11), fontsize=7, color="0.4")
        axis.set(title=f"{name}\nexpected calibration error {error:.3f}", xlabel="said", ylabel="held")
        axis.set(xlim=(0, 1), ylim=(0, 1))
        axis.title.set_fontsize(9)
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    main()
