"""Which language an English text was translated from: a multinomial logistic regression over `features`.

It counts a feature by the square root of its share of the tokens. Long texts are surer than short ones: the scores are
multiplied by a power of the length, fitted on texts of one to thirty sentences (see mtfix.training.source).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mtfix.source.features import features

MOST_TOKENS = 800  # beyond which a text makes no surer
_NEGLIGIBLE = 0.005  # probability under which a language is ruled out
#: Languages learned in several domains. Of the others the guess knows the domain as much as it knows the language
#: (the Arabic and Spanish texts to learn from are all of the United Nations), so that it rules none of them out.
_WIDELY_LEARNED = ("de", "ru", "zh")


class Weights(NamedTuple):
    """What was learned: languages, the bias of each, factor and power of the length, the weights of each feature."""

    languages: tuple[str, ...]
    bias: Sequence[float]
    length: tuple[float, float]
    weights: Mapping[str, Sequence[float]]


class Guesser:
    """Guesses by the given weights."""

    def __init__(self, learned: Weights) -> None:
        self.languages = learned.languages
        self._bias = np.asarray(learned.bias)
        self._length = learned.length
        self._rows = {name: number for number, name in enumerate(learned.weights)}
        self._weights = np.asarray(list(learned.weights.values())).reshape(len(self._rows), len(self._bias))

    def __call__(self, text: str) -> dict[str, float]:
        """Return the probability of each language, the most likely first."""
        scores, tokens = self.scores(text)
        factor, power = self._length
        scores *= factor * min(max(tokens, 1), MOST_TOKENS) ** power
        exponentials = np.exp(scores - scores.max())
        probabilities = (exponentials / exponentials.sum()).tolist()
        return dict(sorted(zip(self.languages, probabilities, strict=True), key=lambda pair: -pair[1]))

    def scores(self, text: str) -> tuple[NDArray[np.float64], int]:
        """Return the score of each language before the length is counted in, and the number of tokens."""
        counts, tokens = features(text)
        known = [(self._rows[name], count) for name, count in counts.items() if name in self._rows]
        if not known:
            return self._bias.copy(), tokens
        rows, shares = np.asarray(known, dtype=float).T
        return self._bias + np.sqrt(shares / tokens) @ self._weights[rows.astype(int)], tokens


def guess(text: str) -> dict[str, float]:
    """Return how likely an English text was translated from each language, the most likely first.

    Keys are ISO 639-1 codes, "en" standing for English that nobody translated; the probabilities add up to 1. Other
    languages than these are not considered: a text from one of them is taken for the nearest. Ten sentences say
    much more than one. Arabic and Spanish were learned from documents of the United Nations alone, Romanian, Nepali
    and Sinhala from an encyclopedia alone: elsewhere they are hardly recognized.
    """
    return shipped()(text)


@lru_cache(maxsize=1)
def shipped() -> Guesser:
    """Return the guesser that mtfix ships, read on first use."""
    stored = json.loads((files(__package__) / "weights.json").read_text(encoding="utf-8"))
    return Guesser(Weights(**stored))


def unlikely(text: str) -> frozenset[str]:
    """Return the languages whose phrasebooks a text doesn't need: it was hardly translated from them.

    Only languages learned in several domains are ruled out, and hardly ever by a short text.
    """
    said = guess(text)
    return frozenset(code for code in _WIDELY_LEARNED if said[code] < _NEGLIGIBLE)
