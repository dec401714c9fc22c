"""What an evaluation returns, and what all of them need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mtfix import __version__
from mtfix.fixer import Fixer
from mtfix.options import OptionsError

_RESAMPLES = 1000


@dataclass(frozen=True)
class Evaluation:
    """A printable table, and every sentence that was changed: `before`, `after` and, where known, `reference`."""

    table: str
    changes: tuple[dict[str, str], ...] = ()

    def __str__(self) -> str:
        return self.table


def needed(path: Path) -> Path:
    """Return the path of a data file; OptionsError when it is missing."""
    if not path.is_file():
        raise OptionsError(f"{path} is missing: --data must be the folder that holds it")
    return path


def signature(fixer: Fixer) -> str:
    """Return the line that says what was measured."""
    options = fixer.options
    model = f"model:{options.model} backend:{options.backend}" if options.regenerate else "model:none"
    return f"mtfix {__version__} strength:{options.strength} {model}"


def interval(groups: Sequence[Sequence[tuple[float, float]]], seed: int = 12345) -> tuple[float, float]:
    """Return the bootstrap 95 % interval of a mean over groups of 100 × sum of gains / sum of weights.

    Each item is (gain, weight); sentences are drawn anew within each group (Koehn, 2004).
    """
    rng = np.random.default_rng(seed)
    totals = np.zeros(_RESAMPLES)
    filled = [np.asarray(group, np.float64) for group in groups if group]
    for group in filled:
        drawn = group[rng.integers(0, len(group), (_RESAMPLES, len(group)))].sum(axis=1)
        totals += 100 * drawn[:, 0] / np.maximum(drawn[:, 1], 1e-9)
    low, high = np.percentile(totals / max(1, len(filled)), [2.5, 97.5])
    return float(low), float(high)
