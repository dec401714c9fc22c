"""The acceptance model: the probability that a candidate makes the sentence better, and how sure it must be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

GATE = "gate.json"
_Floats = npt.NDArray[np.float64]
_Ints = npt.NDArray[np.int64]


class Tree(NamedTuple):
    """A regression tree, node by node: go left where a feature is at most the threshold; leaves point to themselves."""

    feature: tuple[int, ...]
    threshold: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    value: tuple[float, ...]


@dataclass(frozen=True)
class Gate:
    """Boosted trees (Friedman, 2001) over a candidate's features, fitted by `mtfix.training.tune`.

    bias: log-odds before any tree. thresholds: for each strength, the least probability at which a candidate is used.
    detect: probability of an edit from which it is a candidate. report: tagger probability from which a place without
    a good candidate is reported.
    """

    features: tuple[str, ...]
    bias: float
    trees: tuple[Tree, ...]
    thresholds: Mapping[str, float]
    detect: float
    report: float

    @classmethod
    def load(cls, folder: Path) -> Gate:
        """Read the gate of a model folder."""
        stored = json.loads((folder / GATE).read_text(encoding="utf-8"))
        trees = tuple(Tree(*map(tuple, tree)) for tree in stored["trees"])
        return cls(**(stored | {"features": tuple(stored["features"]), "trees": trees}))

    def save(self, folder: Path) -> None:
        """Write the gate into a model folder."""
        names = ("features", "bias", "thresholds", "detect", "report")
        stored: dict[str, Any] = {name: getattr(self, name) for name in names}
        head = json.dumps(stored, indent=1, ensure_ascii=False).removesuffix("\n}")
        trees = ",\n  ".join(json.dumps(tree, separators=(",", ":")) for tree in self.trees)
        (folder / GATE).write_text(f'{head},\n "trees": [\n  {trees}\n ]\n}}\n', encoding="utf-8")

    def probability(self, features: _Floats) -> _Floats:
        """Return for each row of features the probability that the candidate is better than the original."""
        rows = np.atleast_2d(features)
        logit = np.full(len(rows), self.bias)
        if self.trees:
            feature, threshold, left, right, value = self._packed
            node = np.zeros((len(rows), len(self.trees)), np.int64)
            every = np.arange(len(self.trees))
            for _ in range(feature.shape[1]):
                goes_left = np.take_along_axis(rows, feature[every, node], 1) <= threshold[every, node]
                after = np.where(goes_left, left[every, node], right[every, node])
                if (after == node).all():
                    break
                node = after
            logit = logit + value[every, node].sum(axis=1)
        result: _Floats = 1 / (1 + np.exp(-logit))
        return result

    @cached_property
    def _packed(self) -> tuple[_Ints, _Floats, _Ints, _Ints, _Floats]:
        """The trees as arrays, trees × nodes; rows that a smaller tree does not fill are never reached."""
        most = max(len(tree.value) for tree in self.trees)

        def packed(column: int, kind: type) -> npt.NDArray[Any]:
            table: npt.NDArray[Any] = np.zeros((len(self.trees), most), kind)
            for row, tree in enumerate(self.trees):
                table[row, : len(tree.value)] = tree[column]
            return table

        return packed(0, np.int64), packed(1, float), packed(2, np.int64), packed(3, np.int64), packed(4, float)
