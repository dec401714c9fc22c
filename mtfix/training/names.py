"""Fit the scorer of mtfix.names on spellings of name tokens that share a source token.

    python -m mtfix.training.names name_romanisations.tsv.gz mtfix/names/scorer.json

The data are a table with the columns lang, source_token, spelling, count. Positive pairs are two spellings of
one source token, hard negatives spellings of different ones that overlap much. No source token is in both the
training and the held-out half.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler

from mtfix.names.romanization import fold, skeleton
from mtfix.names.similarity import FEATURES, features

Pair = tuple[str, str, str]  # language, two spellings
_LANGUAGES = frozenset(("ar", "he", "ru", "zh"))
_OVERLAP = 0.7


def read_spellings(path: Path) -> dict[tuple[str, str], set[str]]:
    """Return the folded spellings of each (language, source token) that were counted at least twice."""
    spellings: dict[tuple[str, str], set[str]] = defaultdict(set)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["lang"] in _LANGUAGES and int(row["count"]) >= 2 and len(fold(row["spelling"])) >= 3:
                spellings[row["lang"], row["source_token"]].add(fold(row["spelling"]))
    return spellings


def pairs(
    spellings: dict[tuple[str, str], set[str]], rng: random.Random, limit: int, overlap: float
) -> tuple[list[Pair], list[Pair]]:
    """Return positive and negative pairs, at most `limit` of each for a language.

    Negatives share the first two letters or the consonants and have at least this Jaro-Winkler `overlap`.
    """
    positive: dict[str, list[Pair]] = defaultdict(list)
    blocks: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (lang, _), group in sorted(spellings.items()):
        positive[lang] += [(lang, a, b) for a, b in combinations(sorted(group), 2)]
        for name in sorted(group):
            blocks[lang, name[:2]].append(name)
            blocks[lang, "=" + skeleton(name)].append(name)
    same = {pair for group in positive.values() for pair in group}
    negative: dict[str, set[Pair]] = defaultdict(set)
    for (lang, _), names in sorted(blocks.items()):
        for _ in range(min(len(names) * 3, 400)):
            a, b = sorted(rng.choices(names, k=2))
            if a != b and (lang, a, b) not in same and JaroWinkler.similarity(a, b) >= overlap:
                negative[lang].add((lang, a, b))
    return (
        [pair for lang in sorted(positive) for pair in _sample(positive[lang], rng, limit)],
        [pair for lang in sorted(negative) for pair in _sample(sorted(negative[lang]), rng, limit)],
    )


def fit(x: NDArray[np.float64], y: NDArray[np.float64], ridge: float = 1.0) -> tuple[NDArray[np.float64], float]:
    """Return coefficients and intercept of a logistic regression by Newton's method with an L2 penalty."""
    design = np.column_stack([x, np.ones(len(x))])
    penalty = np.diag([ridge] * x.shape[1] + [1e-6])
    weights = np.zeros(design.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-design @ weights))
        gradient = design.T @ (p - y) + penalty @ weights
        weights -= np.linalg.solve((design.T * (p * (1 - p))) @ design + penalty, gradient)
    return weights[:-1], float(weights[-1])


def recall_at(scores: NDArray[np.float64], y: NDArray[np.float64], false_positives: float) -> float:
    """Return the share of positives above the score that the given share of negatives exceeds."""
    threshold = np.quantile(scores[y == 0], 1 - false_positives)
    return float((scores[y == 1] > threshold).mean())


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, print recall at 1 % and 5 % false positives on the held-out half, write the coefficients."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("scorer", type=Path)
    parser.add_argument("--pairs", type=int, default=5000)
    options = parser.parse_args(arguments)
    spellings = read_spellings(options.data)
    rng = random.Random(0)
    sources = sorted(spellings)
    rng.shuffle(sources)
    training, held_out = ({s: spellings[s] for s in half} for half in (sources[::2], sources[1::2]))
    x, y, _ = _arrays(*pairs(training, rng, options.pairs, overlap=0.0))
    coefficients, intercept = fit(x, y)
    test_x, test_y, test_pairs = _arrays(*pairs(held_out, rng, options.pairs, overlap=_OVERLAP))
    jaro = np.array([JaroWinkler.similarity(a, b) for _, a, b in test_pairs])
    languages = np.array([lang for lang, _, _ in test_pairs])
    for name, scores in (("scorer", test_x @ coefficients + intercept), ("Jaro-Winkler", jaro)):
        for lang in ("all", *sorted(_LANGUAGES)):
            mask = (languages == lang) | (lang == "all")
            counts = f"{int(test_y[mask].sum())} + {int((1 - test_y[mask]).sum())} pairs"
            recalls = " ".join(f"{recall_at(scores[mask], test_y[mask], rate):.3f}" for rate in (0.01, 0.05))
            print(f"{name:13} {lang:4} recall at 1 % and 5 % false positives: {recalls} ({counts})")
    rounded = {name: round(float(weight), 4) for name, weight in zip(FEATURES, coefficients, strict=True)}
    text = json.dumps({"coefficients": rounded, "intercept": round(intercept, 4)}, indent=1)
    options.scorer.write_text(text + "\n", encoding="utf-8")


def _sample(items: list[Pair], rng: random.Random, limit: int) -> list[Pair]:
    return items if len(items) <= limit else rng.sample(items, limit)


def _arrays(
    positive: Iterable[Pair], negative: Iterable[Pair]
) -> tuple[NDArray[np.float64], NDArray[np.float64], list[Pair]]:
    labelled = [(pair, 1.0) for pair in positive] + [(pair, 0.0) for pair in negative]
    x = np.array([features(a, b) for (_, a, b), _ in labelled])
    return x, np.array([label for _, label in labelled]), [pair for pair, _ in labelled]


if __name__ == "__main__":
    main()
