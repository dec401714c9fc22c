"""How likely two spellings are one name: a logistic regression over the differences of their letters.

Each difference counts by itself, by where it stands and by the source language: an "e" for an "i" says little, but
in Hebrew less than in Japanese; a final "h" says nothing after a vowel. The weights are learned from spellings of
one source token against look-alikes of others (see mtfix.training.names). Edit costs were first learned by Ristad
and Yianilos (1998), in a log-linear model by McCallum, Bellare and Pereira (2005).
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files

from rapidfuzz.distance import Indel, JaroWinkler

from mtfix.names.alignment import Difference, consonants, differences, is_vowel
from mtfix.names.romanization import fold, split_article

#: The languages with weights of their own, and those that write names as one of them does.
_LANGUAGES = {
    **{code: code for code in ("ar", "he", "ja", "ko", "ru", "zh")},
    **dict.fromkeys(("fa", "ps", "ur", "ckb"), "ar"),
    **dict.fromkeys(("be", "bg", "kk", "ky", "mk", "sr", "tg", "uk"), "ru"),
    "yi": "he",
}
_UNLIKE = 0.4  # letters in common, of all; tokens with fewer and other initials are no further looked at
_MOST_LETTERS = 64  # of a token; longer ones are no names


def similarity(a: str, b: str, source: str = "auto") -> float:
    """Return 0 to 1: how likely two spellings of one token or of a full name are one name.

    source: the ISO 639-1 code of the language that the names were romanized from, if it is known; it is more often
    right then. Case, accents, apostrophes and an Arabic article don't count. Full names are as alike as their least
    alike tokens, paired in order; spellings with unequal numbers of tokens are compared run together. The answer is
    the same for (b, a). It says nothing of two people who share a name.
    """
    tokens_a, tokens_b = _tokens(a), _tokens(b)
    if tokens_a == tokens_b:
        return float(bool(tokens_a))
    if len(tokens_a) != len(tokens_b):
        tokens_a, tokens_b = ("".join(tokens_a),), ("".join(tokens_b),)
    score, language = shipped(), _LANGUAGES.get(source.lower().partition("-")[0], "")
    return min([score(x, y, language) for x, y in zip(tokens_a, tokens_b, strict=True)])


@lru_cache(maxsize=65536)
def _tokens(name: str) -> tuple[str, ...]:
    return tuple([letters for part in name.split() if (letters := fold(split_article(part)[1]))])


class Scorer:
    """Says how likely two folded tokens are one name, by the weights of `features`."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        def total(names: Iterable[str]) -> float:
            return sum([weights.get(name, 0.0) for name in names])

        # Few differences and few shapes of pairs make up most pairs: their sums are remembered.
        kinds = lru_cache(maxsize=65536)(lambda *kinds: total(_of_kinds(*kinds)))
        self._difference = lru_cache(maxsize=65536)(
            lambda part, language: (
                kinds(part.a, part.b, _kind(part.before), _kind(part.after), language)
                + total(_of_neighbours(part, language))
            )
        )
        self._pair = lru_cache(maxsize=4096)(lambda shape, language: total(_of_shape(shape, language)))
        self._measures = tuple(weights.get(name, 0.0) for name in _MEASURES)

    def __call__(self, a: str, b: str, language: str = "") -> float:
        """Return 0 to 1, the same for (b, a). language: one with weights of its own, "" if it is not known."""
        if a == b:
            return float(bool(a))
        if not (a and b) or len(a) > _MOST_LETTERS or len(b) > _MOST_LETTERS:
            return 0.0
        if a[0] != b[0] and Indel.normalized_similarity(a, b) < _UNLIKE:
            return 0.0
        parts = differences(a, b)
        score = self._pair(_shape(a, b, len(parts)), language)
        for part in parts:
            score += self._difference(part, language)
        for weight, value in zip(self._measures, _measures(a, b), strict=True):
            score += weight * value
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, score))))


@lru_cache(maxsize=1)
def shipped() -> Scorer:
    """Return the scorer with the shipped weights, read on first use."""
    return Scorer(json.loads((files(__package__) / "scorer.json").read_text(encoding="utf-8")))


def features(a: str, b: str, language: str = "") -> dict[str, float]:
    """Return the features of two folded tokens by name; the same for (b, a)."""
    parts = differences(a, b)
    found: Counter[str] = Counter(_of_shape(_shape(a, b, len(parts)), language))
    for part in parts:
        found.update(_of_difference(part, language))
    return {**found, **dict(zip(_MEASURES, _measures(a, b), strict=True))}


def _of_difference(part: Difference, language: str) -> tuple[str, ...]:
    """Return the features of a difference: what it is and between what kinds of unit, and between what units."""
    return (
        *_of_kinds(part.a, part.b, _kind(part.before), _kind(part.after), language),
        *_of_neighbours(part, language),
    )


def _of_kinds(a: str, b: str, before: str, after: str, language: str) -> tuple[str, ...]:
    swap, kind = f"{a}/{b}", _kind(a) + _kind(b)
    names = (swap, f"{before} {swap} {after}", f"{before} {swap}", f"{swap} {after}", kind, f"{before} {kind} {after}")
    return _also_in(language, *names)


def _of_neighbours(part: Difference, language: str) -> tuple[str, ...]:
    return _also_in(language, f"{part.before}<{part.a}/{part.b}", f"{part.a}/{part.b}>{part.after}")


@lru_cache(maxsize=4096)
def _kind(unit: str) -> str:
    if unit in ("", "^", "$", "?"):
        return unit or "-"
    return "V" if is_vowel(unit) else "C"


_Shape = tuple[int, int, bool, bool, bool]


def _shape(a: str, b: str, count: int) -> _Shape:
    """Return the number of differences and of letters, and whether consonants, first and last letter agree."""
    return (
        min(count, 4),
        min(len(a), len(b), 9),
        consonants(a) == consonants(b),
        a[:1] == b[:1],
        a[-1:] == b[-1:],
    )


def _of_shape(shape: _Shape, language: str) -> tuple[str, ...]:
    count, length, *agree = shape
    named = (f"{name} {value}" for name, value in zip(("consonants", "first", "last"), agree, strict=True))
    return _also_in(language, f"{count}", f"{count} of {length}", *named)


def _also_in(language: str, *names: str) -> tuple[str, ...]:
    return (*names, *(f"{language} {name}" for name in names)) if language else names


_MEASURES = ("letters", "start", "longer")


def _measures(a: str, b: str) -> tuple[float, float, float]:
    return Indel.normalized_similarity(a, b), JaroWinkler.similarity(a, b), float(abs(len(a) - len(b)))
