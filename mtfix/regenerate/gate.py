"""The acceptance model: the probability that a candidate makes the sentence better, and how sure it must be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

GATE = "gate.json"


@dataclass(frozen=True)
class Gate:
    """A logistic model over a candidate's features, fitted by `mtfix.training.tune` on development data.

    thresholds: for each strength, the least probability at which a candidate is used. detect: the tagger
    probability from which a candidate is sought. report: that from which a place without a good candidate is
    reported.
    """

    features: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weight: tuple[float, ...]
    bias: float
    thresholds: Mapping[str, float]
    detect: float
    report: float

    @classmethod
    def load(cls, folder: Path) -> Gate:
        """Read the gate of a model folder."""
        stored = json.loads((folder / GATE).read_text(encoding="utf-8"))
        lists = {name: tuple(stored[name]) for name in ("features", "mean", "scale", "weight")}
        return cls(**(stored | lists))

    def save(self, folder: Path) -> None:
        """Write the gate into a model folder."""
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        (folder / GATE).write_text(text + "\n", encoding="utf-8")

    def probability(self, features: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return for each row of features the probability that the candidate is better than the original."""
        standard = (np.atleast_2d(features) - np.asarray(self.mean)) / np.asarray(self.scale)
        logit = np.clip(standard, -4, 4) @ np.asarray(self.weight) + self.bias
        result: npt.NDArray[np.float64] = 1 / (1 + np.exp(-logit))
        return result
