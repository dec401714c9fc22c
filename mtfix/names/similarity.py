"""How likely two spellings are one name: a logistic regression over features of sound and spelling."""

from __future__ import annotations

import json
import math
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from mtfix.names.romanization import VOWELS, distance, fold, key, sounds, split_article

FEATURES = (
    "same_key",
    "sound_distance",
    "relative_sound_distance",
    "letter_similarity",
    "same_last_sound",
    "same_consonants",
    "length",
    "length_difference",
)


class Scorer(NamedTuple):
    """The coefficients of the regression, in the order of FEATURES, and its intercept."""

    coefficients: tuple[float, ...]
    intercept: float


def features(a: str, b: str) -> tuple[float, ...]:
    """Return the values of FEATURES for two name tokens; the same for (b, a)."""
    spelt_a, spelt_b = fold(a), fold(b)
    sound_a, sound_b = sounds(a), sounds(b)
    length = max(len(sound_a), len(sound_b), 1)
    apart = distance(a, b)
    return (
        float(key(a) == key(b)),
        apart,
        apart / length,
        Levenshtein.normalized_similarity(spelt_a, spelt_b),
        float(sound_a[-1:] == sound_b[-1:]),
        float([s for s in sound_a if s not in VOWELS] == [s for s in sound_b if s not in VOWELS]),
        min(len(spelt_a), len(spelt_b)) / 10,
        abs(len(spelt_a) - len(spelt_b)) / length,
    )


def similarity(a: str, b: str) -> float:
    """Return 0 to 1: how likely two spellings of one token or of a full name are one name.

    Case, accents, apostrophes and an Arabic article don't count. Full names are as alike as their least alike
    tokens, paired in order; spellings with unequal numbers of tokens are compared run together. The answer is
    the same for (b, a). It says nothing of two people who share a name.
    """
    tokens_a, tokens_b = _tokens(a), _tokens(b)
    if tokens_a == tokens_b:
        return float(bool(tokens_a))
    if len(tokens_a) != len(tokens_b):
        tokens_a, tokens_b = ["".join(tokens_a)], ["".join(tokens_b)]
    return min(_token_similarity(*sorted(pair)) for pair in zip(tokens_a, tokens_b, strict=True))


def _tokens(name: str) -> list[str]:
    return [letters for part in name.split() if (letters := fold(split_article(part)[1]))]


@lru_cache(maxsize=65536)
def _token_similarity(a: str, b: str) -> float:
    if a == b:
        return 1.0
    if not a or not b:
        return 0.0
    scorer = _scorer()
    score = scorer.intercept + sum(
        weight * value for weight, value in zip(scorer.coefficients, features(a, b), strict=True)
    )
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, score))))


@lru_cache(maxsize=1)
def _scorer() -> Scorer:
    data = json.loads((files(__package__) / "scorer.json").read_text(encoding="utf-8"))
    return Scorer(tuple(data["coefficients"][name] for name in FEATURES), data["intercept"])
