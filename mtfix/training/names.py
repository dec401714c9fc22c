"""Learn the weights by which mtfix.names tells spellings of one name from look-alikes.

    python -m mtfix.training.names name_romanisations.tsv.gz mtfix/names/scorer.json

Prints recall at 1 % and 5 % false positives on held-out source tokens. `python -m benchmarks.names` puts other methods
beside it.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from mtfix.names.features import INPUTS, features
from mtfix.names.similarity import Scorer
from mtfix.training.name_pairs import LANGUAGES, Pair, training_and_held_out

_UNKNOWN = 0.35  # share of the pairs to learn from without their language, for texts whose source is not known
_OWN = 0.5  # what a feature of one language counts for, one of all being 1: the penalty holds its weight down
_RARE = 4  # pairs that a feature must occur in
_INVERSE_PENALTY = 0.3
_FOLDS = 3
_TREES, _DEPTH, _RATE = 40, 3, 0.3
_SMALL = 0.1  # weights below it are left out
_PREFIXES = tuple(f"{language} " for language in sorted(set(LANGUAGES.values())))
TEST_PAIRS = 4000


def fit(pairs: Sequence[Pair], rng: random.Random) -> tuple[dict[str, float], list[Any], float]:
    """Return the weight of each feature, the trees that weigh their sum, and what they are added to.

    The trees learn from sums by weights that were fitted without the pair (stacking).
    """
    languages = [pair.language if rng.random() >= _UNKNOWN else "" for pair in pairs]
    vectorizer = DictVectorizer(dtype=np.float32)
    bar = tqdm(pairs, desc="pairs", mininterval=5)
    matrix = vectorizer.fit_transform(_row(pair, language) for pair, language in zip(bar, languages, strict=True))
    names = vectorizer.get_feature_names_out()
    same = np.array([pair.same for pair in pairs])
    fold = np.array([rng.randrange(_FOLDS) for _ in pairs])
    inputs = np.zeros((len(pairs), INPUTS))
    for number in tqdm(range(_FOLDS), desc="folds", mininterval=5):
        score = Scorer(_weights(matrix[fold != number], same[fold != number], names))
        for row, (pair, language) in enumerate(zip(pairs, languages, strict=True)):
            if fold[row] == number:
                inputs[row] = score.inputs(pair.a, pair.b, language)
    return _weights(matrix, same, names), *_trees(inputs, same)


def _row(pair: Pair, language: str) -> dict[str, float]:
    own = {name: _OWN * value for name, value in features(pair.a, pair.b, language).items()} if language else {}
    return own | features(pair.a, pair.b)


def _weights(matrix: Any, same: NDArray[np.bool_], names: NDArray[np.str_]) -> dict[str, float]:
    """Return the weights of a logistic regression with an L2 penalty."""
    frequent = np.flatnonzero(matrix.getnnz(axis=0) >= _RARE)
    regression = LogisticRegression(C=_INVERSE_PENALTY, max_iter=600, fit_intercept=False)
    regression.fit(matrix[:, frequent], same)
    weights = {
        name: weight * (_OWN if name.startswith(_PREFIXES) else 1)
        for name, weight in zip(names[frequent], regression.coef_[0], strict=True)
    }
    return {str(name): round(float(weight), 2) for name, weight in sorted(weights.items()) if abs(weight) >= _SMALL}


def _trees(inputs: NDArray[np.float64], same: NDArray[np.bool_]) -> tuple[list[Any], float]:
    """Return boosted trees (see `Scorer`), and what they are added to."""
    made = GradientBoostingClassifier(
        n_estimators=_TREES,
        max_depth=_DEPTH,
        learning_rate=_RATE,
        subsample=0.5,
        min_samples_leaf=20,
        random_state=0,
        verbose=1,
    ).fit(inputs, same)
    bias = math.log(same.mean() / (1 - same.mean()))
    return [_nodes(tree.tree_, 0) for tree in made.estimators_[:, 0]], round(bias, 4)


def _nodes(tree: Any, node: int) -> Any:
    left, right = int(tree.children_left[node]), int(tree.children_right[node])
    if left == right:
        return round(float(tree.value[node].item()) * _RATE, 4)
    threshold = round(float(tree.threshold[node]), 4)
    return [int(tree.feature[node]), threshold, _nodes(tree, left), _nodes(tree, right)]


def recall_at(scores: NDArray[np.float64], same: NDArray[np.bool_], false_positives: float) -> float:
    """Return the share of positives above the score that the given share of negatives exceeds."""
    threshold = np.quantile(scores[~same], 1 - false_positives)
    return float((scores[same] > threshold).mean())


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, write the weights, print recall of what was written on the held-out pairs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("scorer", type=Path)
    parser.add_argument("--pairs", type=int, default=40000, help="of each kind and language")
    options = parser.parse_args(arguments)
    learned, held_out = training_and_held_out(options.data, options.pairs, TEST_PAIRS)
    weights, trees, bias = fit(learned, random.Random(0))
    lines = json.dumps(weights, ensure_ascii=False, separators=(",\n", ":"))
    text = f'{{"weights":{lines},\n"bias":{bias},\n"trees":{json.dumps(trees, separators=(",", ":"))}}}\n'
    options.scorer.write_text(text, encoding="utf-8")
    print(f"{len(learned):,} pairs, {len(weights):,} weights")
    scorer = Scorer(weights, trees, bias)
    for language in sorted({pair.language for pair in held_out}):
        pairs = [pair for pair in held_out if pair.language == language]
        same = np.array([pair.same for pair in pairs])
        for source in (language, ""):
            scores = np.array([scorer(pair.a, pair.b, source) for pair in pairs])
            recalls = " ".join(f"{recall_at(scores, same, rate):.3f}" for rate in (0.01, 0.05))
            told = "language told" if source else "language not told"
            print(f"{language} {told:17} recall at 1 % and 5 %: {recalls} ({same.sum()} + {(~same).sum()} pairs)")


if __name__ == "__main__":
    main()
