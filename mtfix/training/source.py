"""Learn to guess which language an English text was translated from.

    python -m mtfix.training.source DATA mtfix/source/weights.json

Every language counts the same, and so does every domain of a language. `--without MLQE-PE:ru` leaves texts out, to see
how a language fares in a domain that it wasn't learned in (`python -m benchmarks.source --weights FILE`).
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from mtfix.source.features import features
from mtfix.source.guess import MOST_TOKENS, Guesser, Weights
from mtfix.training.source_documents import Text, calibration, cut, learned

_LENGTHS = (1, 2, 3, 5, 7, 10, 10, 10, 15, 20, 30)  # sentences
_RARE = 60  # texts that a feature must occur in
_KEPT = 3000  # features, those whose means differ most from language to language
_HUMAN = 2.0  # how much more human English counts than each of the languages
_Array = NDArray[np.float64]


def fit(texts: Sequence[Text], inverse_penalty: float = 0.002) -> Weights:
    """Return weights by multinomial logistic regression with an L2 penalty; the length is not yet counted in."""
    vectorizer = DictVectorizer(dtype=np.float32)
    counted = [features(text.text) for text in tqdm(texts, desc="texts", mininterval=10)]
    matrix = vectorizer.fit_transform(
        {name: (n / total) ** 0.5 for name, n in found.items()} for found, total in counted
    )
    names, languages = vectorizer.get_feature_names_out(), np.asarray([text.language for text in texts])
    frequent = np.flatnonzero(matrix.getnnz(axis=0) >= _RARE)
    matrix, names = matrix[:, frequent], names[frequent]
    weights = _text_weights(texts)
    means = np.stack([_mean(matrix[languages == code], weights[languages == code]) for code in sorted(set(languages))])
    deviation = np.sqrt(np.maximum(_mean(matrix.multiply(matrix), weights) - _mean(matrix, weights) ** 2, 1e-9))
    kept = np.sort(np.argsort(-(means.std(axis=0) / deviation), kind="stable")[:_KEPT])
    regression = LogisticRegression(C=inverse_penalty, max_iter=150)
    regression.fit(matrix[:, kept].multiply(1 / deviation[kept]).tocsr(), languages, sample_weight=weights)
    table = (regression.coef_ / deviation[kept]).T
    return Weights(
        tuple(map(str, regression.classes_)),
        [round(float(bias), 3) for bias in regression.intercept_],
        (1.0, 0.0),
        {
            str(name): [round(float(weight), 1) + 0.0 for weight in row]
            for name, row in zip(names[kept], table, strict=True)
        },
    )


def calibrated(weights: Weights, texts: Sequence[Text]) -> Weights:
    """Return the weights with the factor and the power of the length that make the texts most likely."""
    guesser = Guesser(weights)
    found = [guesser.scores(text.text) for text in tqdm(texts, desc="calibration", mininterval=10)]
    scores = np.stack([score for score, _ in found])
    tokens = np.clip([count for _, count in found], 1, MOST_TOKENS)
    right = [weights.languages.index(text.language) for text in texts]
    importance = _text_weights(texts)

    def loss(parameters: _Array) -> float:
        scaled = scores * (parameters[0] * tokens ** parameters[1])[:, None]
        top = scaled.max(axis=1)
        likely = scaled[np.arange(len(right)), right] - top - np.log(np.exp(scaled - top[:, None]).sum(axis=1))
        return -float((importance * likely).mean())

    factor, power = minimize(loss, np.asarray((1.0, 0.0)), method="Nelder-Mead").x
    return weights._replace(length=(round(float(factor), 4), round(float(power), 4)))


def _text_weights(texts: Sequence[Text]) -> _Array:
    """Return a weight for each text: even over languages but for human English, and over the domains of each."""
    counts = Counter((text.language, text.domain) for text in texts)
    domains = Counter(language for language, _ in counts)
    weights = np.asarray(
        [(_HUMAN if t.language == "en" else 1) / (domains[t.language] * counts[t.language, t.domain]) for t in texts]
    )
    return np.asarray(weights * len(texts) / weights.sum(), dtype=np.float64)


def _mean(matrix: Any, weights: _Array) -> _Array:
    return np.asarray(matrix.T @ weights / weights.sum(), dtype=np.float64).ravel()


def write(weights: Weights, path: Path) -> None:
    """Write weights as JSON, a feature a line."""
    head = {name: value for name, value in weights._asdict().items() if name != "weights"}
    rows = (
        f"{json.dumps(name, ensure_ascii=False)}:{json.dumps(row, separators=(',', ':')).replace('.0', '')}"
        for name, row in weights.weights.items()
    )
    lines = ",\n".join(rows)
    path.write_text(f'{json.dumps(head)[:-1]}, "weights": {{\n{lines}\n}}}}\n', encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, calibrate, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--most", type=int, default=600, help="texts of a language and domain")
    parser.add_argument("--without", default="", metavar="DOMAIN:LANGUAGE", help="leave these texts out")
    options = parser.parse_args(arguments)
    runs = [run for run in learned(options.data) if f"{run.domain}:{run.language}" != options.without]
    texts = cut(runs, _LENGTHS, options.most)
    by_language: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        by_language[text.language][text.domain] += 1
    for language, domains in sorted(by_language.items()):
        print(language, ", ".join(f"{domain} {count}" for domain, count in domains.items()))
    weights = calibrated(fit(texts), cut(calibration(options.data), _LENGTHS, options.most // 3))
    write(weights, options.weights)
    print(f"{len(weights.weights):,} features; scores times {weights.length[0]} tokens^{weights.length[1]}")


if __name__ == "__main__":
    main()
