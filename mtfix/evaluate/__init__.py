"""Scores against references, detection, and harm, with doing nothing beside mtfix."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mtfix.evaluate.detection import detection, spans
from mtfix.evaluate.harm import prose
from mtfix.evaluate.repair import mlqe_pe, un_arabic
from mtfix.evaluate.result import Evaluation
from mtfix.evaluate.synthetic import synthetic
from mtfix.fixer import Fixer
from mtfix.options import OptionsError

__all__ = ["SETS", "Evaluation", "evaluate"]

SETS: dict[str, Callable[[Path, Fixer, str, int | None], Evaluation]] = {
    "mlqe-pe": mlqe_pe,
    "un-arabic": un_arabic,
    "detection": detection,
    "spans": spans,
    "prose": prose,
    "synthetic": synthetic,
}


def evaluate(set_name: str, data: Path, fixer: Fixer, split: str = "test20", limit: int | None = None) -> Evaluation:
    """Measure `fixer` on one of `SETS`.

    mlqe-pe and un-arabic: repair against references. detection and spans: the tagger. prose: harm to good English.
    synthetic: artificial errors by kind. `data` is the folder of the files; `split` chooses among those of MLQE-PE;
    `limit` takes the first sentences of each part only. Raises OptionsError for an unknown set or missing data.
    """
    if set_name not in SETS:
        raise OptionsError(f"set {set_name!r} is unknown: choose among {', '.join(SETS)}")
    return SETS[set_name](data, fixer, split, limit)
