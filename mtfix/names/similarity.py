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
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache, partial
from importlib.resources import files
from operator import mul

from rapidfuzz.distance import Indel, JaroWinkler

from mtfix.names.alignment import Difference, consonants, differences, kind
from mtfix.names.romanization import fold, skeleton, sounds, split_article

#: The languages with weights of their own, and those that write names as one of them does.
_LANGUAGES = {
    **{code: code for code in ("ar", "he", "ja", "ko", "ru", "zh")},
    **dict.fromkeys(("fa", "ps", "ur", "ckb"), "ar"),
    **dict.fromkeys(("be", "bg", "kk", "ky", "mk", "sr", "tg", "uk"), "ru"),
    "yi": "he",
}
_UNLIKE = 0.4  # letters in common, of all; tokens with fewer and other initials are no further looked at
_MANY = 5  # differences of a pair, from which it does not matter what they are
_MOST_LETTERS = 64  # of a token; longer ones are no names


def similarity(a: str, b: str, source: str = "auto") -> float:
    """Return 0 to 1: how likely two spellings of one token or of a full name are one name.

    source: the ISO 639-1 code of the language that the names were romanized from, if it is known; it is more often
    right then. Case, accents, apostrophes and an Arabic article don't count. Full names are as alike as their least
    alike tokens, paired in order; spellings with unequal numbers of tokens are compared run together. The answer is
    the same for (b, a). It says nothing of two people who share a name. Raises TypeError for what is no string.
    """
    for value, what in ((a, "a name"), (b, "a name"), (source, "a source language such as 'ar'")):
        if not isinstance(value, str):
            raise TypeError(f"similarity wants {what} as a str, not {type(value).__name__}")
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
        self._sums = cache(partial(_Sums, weights))

    def __call__(self, a: str, b: str, language: str = "") -> float:
        """Return 0 to 1, the same for (b, a). language: one with weights of its own, "" if it is not known."""
        if a == b:
            return float(bool(a))
        if not (a and b) or len(a) > _MOST_LETTERS or len(b) > _MOST_LETTERS:
            return 0.0
        if a[0] != b[0] and Indel.normalized_similarity(a, b) < _UNLIKE:
            return 0.0
        sums = self._sums(language)
        parts = differences(a, b)
        score = sums.pair(_shape(a, b, parts))
        for part in parts:
            score += sums.difference(part)
        score += sum(map(mul, sums.measures, _measures(a, b)))
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, score))))


class _Sums:
    """The weights of a language: those of all and its own. Few differences and few shapes make up most pairs."""

    def __init__(self, weights: Mapping[str, float], language: str) -> None:
        prefix = f"{language} "
        of_all = dict(weights)
        for name, weight in weights.items() if language else ():
            if name.startswith(prefix):
                general = name.removeprefix(prefix)
                of_all[general] = of_all.get(general, 0.0) + weight
        self._weights = of_all
        self.difference = lru_cache(maxsize=65536)(lambda part: self._total(_of_difference(part)))
        self.pair = lru_cache(maxsize=65536)(lambda shape: self._total(_of_shape(shape)))
        self.measures = tuple([of_all.get(name, 0.0) for name in _MEASURES])

    def _total(self, names: Iterable[str]) -> float:
        return sum([self._weights.get(name, 0.0) for name in names])


@lru_cache(maxsize=1)
def shipped() -> Scorer:
    """Return the scorer with the shipped weights, read on first use."""
    return Scorer(json.loads((files(__package__) / "scorer.json").read_text(encoding="utf-8")))


def features(a: str, b: str, language: str = "") -> dict[str, float]:
    """Return the features of two folded tokens by name, those of a language too; the same for (b, a)."""
    parts = differences(a, b)
    found: Counter[str] = Counter(_of_shape(_shape(a, b, parts)))
    for part in parts:
        found.update(_of_difference(part))
    general = {**found, **dict(zip(_MEASURES, _measures(a, b), strict=True))}
    return general | ({f"{language} {name}": value for name, value in general.items()} if language else {})


def _of_difference(part: Difference) -> tuple[str, ...]:
    """Return the features of a difference: what it is, between what units and between what kinds of unit."""
    swap, before, after = f"{part.a}/{part.b}", kind(part.before), kind(part.after)
    return (
        swap,
        f"{before} {swap} {after}",
        f"{before} {swap}",
        f"{swap} {after}",
        part.kinds,
        f"{before} {part.kinds} {after}",
        f"{part.before}<{swap}",
        f"{swap}>{part.after}",
    )


_Shape = tuple[int, str, bool, bool, bool, bool, bool]


def _shape(a: str, b: str, parts: Sequence[Difference]) -> _Shape:
    """Return the number of letters, what kinds of difference there are, and what of the two spellings agrees."""
    heard_a, heard_b = _heard(a), _heard(b)
    return (
        min(len(a), len(b), 9),
        _kinds(parts),
        heard_a[0] == heard_b[0],
        heard_a[1] == heard_b[1],
        heard_a[2] == heard_b[2],
        a[:1] == b[:1],
        a[-1:] == b[-1:],
    )


def _kinds(parts: Sequence[Difference]) -> str:
    if len(parts) == 1:
        return parts[0].kinds
    return " ".join(sorted([part.kinds for part in parts])) if len(parts) < _MANY else f"{_MANY} or more"


@lru_cache(maxsize=65536)
def _heard(name: str) -> tuple[tuple[str, ...], str, str]:
    return consonants(name), sounds(name), skeleton(name)


_AGREE = ("consonants", "sounds", "skeleton", "first", "last")


def _of_shape(shape: _Shape) -> tuple[str, ...]:
    length, kinds, *agree = shape
    count = len(kinds.split()) if kinds else 0
    return (
        f"{count}",
        f"{count} of {length}",
        f"kinds {kinds}",
        f"kinds {kinds} of {length}",
        *(f"{name} {value}" for name, value in zip(_AGREE, agree, strict=True)),
    )


_MEASURES = ("letters", "start", "sound", "longer")


def _measures(a: str, b: str) -> tuple[float, ...]:
    return (
        Indel.normalized_similarity(a, b),
        JaroWinkler.similarity(a, b),
        Indel.normalized_similarity(sounds(a), sounds(b)),
        float(abs(len(a) - len(b))),
    )
