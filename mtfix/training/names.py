"""Learn the weights by which mtfix.names tells spellings of one name from look-alikes.

    python -m mtfix.training.names name_romanisations.tsv.gz mtfix/names/scorer.json

Prints recall at 1 % and 5 % false positives on held-out source tokens. `python -m benchmarks.names` puts other methods
beside it.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from mtfix.names.similarity import Scorer, features
from mtfix.training.name_pairs import LANGUAGES, Pair, training_and_held_out

_UNKNOWN = 0.35  # share of the pairs to learn from without their language, for texts whose source is not known
_OWN = 0.5  # what a feature of one language counts for, one of all being 1: the penalty holds its weight down
_RARE = 4  # pairs that a feature must occur in
_SMALL = 0.1  # weights below it are left out
_PREFIXES = tuple(f"{language} " for language in sorted(set(LANGUAGES.values())))
TEST_PAIRS = 4000


def fit(pairs: Sequence[Pair], rng: random.Random, inverse_penalty: float = 0.3) -> dict[str, float]:
    """Return the weight of each feature by logistic regression with an L2 penalty."""
    vectorizer = DictVectorizer(dtype=np.float32)

    def row(pair: Pair) -> dict[str, float]:
        told = rng.random() >= _UNKNOWN
        own = {name: _OWN * value for name, value in features(pair.a, pair.b, pair.language).items()} if told else {}
        return own | features(pair.a, pair.b)

    rows = (row(pair) for pair in tqdm(pairs, desc="pairs", mininterval=5))
    matrix = vectorizer.fit_transform(rows)
    names = vectorizer.get_feature_names_out()
    frequent = np.flatnonzero(matrix.getnnz(axis=0) >= _RARE)
    regression = LogisticRegression(C=inverse_penalty, max_iter=600, fit_intercept=False)
    regression.fit(matrix[:, frequent], [pair.same for pair in pairs])
    weights = {
        name: weight * (_OWN if name.startswith(_PREFIXES) else 1)
        for name, weight in zip(names[frequent], regression.coef_[0], strict=True)
    }
    return {str(name): round(float(weight), 2) for name, weight in sorted(weights.items()) if abs(weight) >= _SMALL}


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
    weights = fit(learned, random.Random(0))
    text = json.dumps(weights, ensure_ascii=False, separators=(",\n", ":"))
    options.scorer.write_text(text + "\n", encoding="utf-8")
    print(f"{len(learned):,} pairs, {len(weights):,} weights")
    scorer = Scorer(weights)
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
