from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mtfix.regenerate.features import FEATURES
from mtfix.regenerate.gate import Gate, Tree

SPLIT = Tree((1, 0, 0), (0.5, 0.0, 0.0), (1, 1, 2), (2, 1, 2), (0.0, -2.0, 2.0))
DEEP = Tree((0, 1, 0, 0, 0), (0.0, 0.0, 0.0, 0.0, 0.0), (1, 3, 2, 3, 4), (2, 4, 2, 3, 4), (0.0, 0.0, 1.0, 3.0, 5.0))


def gate(*trees: Tree) -> Gate:
    return Gate(("a", "b"), 0.5, trees, {"conservative": 0.9}, 0.1, 0.8)


def logit(probability: float) -> float:
    return float(np.log(probability / (1 - probability)))


@pytest.mark.parametrize(
    ("row", "expected"),
    [((0.0, 0.5), 0.5 - 2 + 5), ((0.0, -1.0), 0.5 - 2 + 3), ((1.0, 0.6), 0.5 + 2 + 1), ((-1.0, 9.0), 0.5 + 2 + 5)],
)
def test_the_leaves_that_a_row_reaches_are_added_to_the_bias(row: tuple[float, float], expected: float) -> None:
    assert logit(float(gate(SPLIT, DEEP).probability(np.asarray(row))[0])) == pytest.approx(expected)


def test_rows_are_judged_alone_or_together_alike() -> None:
    rows = np.random.default_rng(0).normal(size=(50, 2))
    together = gate(SPLIT, DEEP).probability(rows)
    assert [float(gate(SPLIT, DEEP).probability(row)[0]) for row in rows] == together.tolist()
    assert len(set(together.tolist())) > 3


def test_without_trees_the_bias_is_all() -> None:
    assert gate().probability(np.zeros((3, 2))).tolist() == [1 / (1 + np.exp(-0.5))] * 3


def test_a_saved_gate_is_the_same_gate(tmp_path: Path) -> None:
    gate(SPLIT, DEEP).save(tmp_path)
    assert Gate.load(tmp_path) == gate(SPLIT, DEEP)


def test_the_fitted_trees_say_what_scikit_learn_says() -> None:
    """Rebuilt from its public attributes; thresholds and values are rounded to five places."""
    from sklearn.ensemble import GradientBoostingClassifier

    from mtfix.training import tune

    rng = np.random.default_rng(1)
    rows = rng.normal(size=(400, len(FEATURES)))
    labels = (rows[:, 0] + rows[:, 1] * rows[:, 2] + rng.normal(size=400) > 0).astype(float)
    bias, trees = tune.fit_trees(rows, labels, np.ones(len(labels)))
    theirs = GradientBoostingClassifier(
        n_estimators=len(trees), learning_rate=0.05, max_depth=4, subsample=0.7, min_samples_leaf=25, random_state=0
    ).fit(rows, labels)
    ours = Gate(FEATURES, bias, trees, {}, 0.0, 0.0).probability(rows)
    assert np.abs(ours - theirs.predict_proba(rows)[:, 1]).max() < 0.005
