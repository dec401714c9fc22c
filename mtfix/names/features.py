"""Two spellings → what tells whether they are one name: named features of their differences, and measures.

Each difference counts by itself, by where it stands and by the source language: an "e" for an "i" says little, but in
Hebrew less than in Japanese; a final "h" says nothing after a vowel. How features add up is for similarity.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Indel, JaroWinkler, Levenshtein, Postfix, Prefix

from mtfix.names.alignment import Difference, consonants, differences, kind, units
from mtfix.names.romanization import skeleton, sounds

#: The source languages with features of their own.
LANGUAGES = ("ar", "he", "ja", "ko", "ru", "zh")
_MANY = 5  # differences of a pair, from which it does not matter what they are


class Shape(NamedTuple):
    """The number of letters, what kinds of difference there are, and what of two spellings agrees."""

    letters: int
    kinds: str
    consonants: bool
    sounds: bool
    skeleton: bool
    first: bool
    last: bool


def features(a: str, b: str, language: str = "") -> dict[str, float]:
    """Return the features of two folded tokens by name, those of a language too; the same for (b, a)."""
    parts = differences(a, b)
    found: Counter[str] = Counter(of_shape(shape(a, b, parts)))
    for part in parts:
        found.update(of_difference(part))
    general = {**found, **dict(zip(MEASURES, measures(a, b), strict=True))}
    return general | ({f"{language} {name}": value for name, value in general.items()} if language else {})


def of_difference(part: Difference) -> tuple[str, ...]:
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


def shape(a: str, b: str, parts: Sequence[Difference]) -> Shape:
    """Return the shape of two folded tokens with these differences."""
    heard_a, heard_b = _heard(a), _heard(b)
    return Shape(
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


def of_shape(found: Shape) -> tuple[str, ...]:
    """Return the features of a shape."""
    length, kinds, *agree = found
    count = len(kinds.split()) if kinds else 0
    return (
        f"{count}",
        f"{count} of {length}",
        f"kinds {kinds}",
        f"kinds {kinds} of {length}",
        *(f"{name} {value}" for name, value in zip(_AGREE, agree, strict=True)),
    )


MEASURES = ("letters", "start", "sound", "longer")


def measures(a: str, b: str) -> tuple[float, float, float, float]:
    """Return how alike two folded tokens are in letters, at the start and in sounds, and how much longer one is."""
    return (
        Indel.normalized_similarity(a, b),
        JaroWinkler.similarity(a, b),
        Indel.normalized_similarity(sounds(a), sounds(b)),
        float(abs(len(a) - len(b))),
    )


_COUNTS = 19  # that `counts` returns
#: How many numbers tell of a pair: the sum of its features' weights, `measures`, `counts` and `tongue`.
INPUTS = 1 + len(MEASURES) + _COUNTS + len(LANGUAGES)


def counts(a: str, b: str, parts: Sequence[Difference], found: Shape) -> tuple[float, ...]:
    """Return numbers of two folded tokens with these differences that say together what none says alone."""
    (_, sounds_a, skeleton_a), (_, sounds_b, skeleton_b) = _heard(a), _heard(b)
    units_a, units_b = len(units(a)), len(units(b))
    kinds = [part.kinds for part in parts]
    return (
        len(parts),
        kinds.count("VV"),
        kinds.count("CC"),
        kinds.count("-V"),
        kinds.count("-C"),
        kinds.count("VC") + kinds.count("CV"),
        found.consonants,
        found.sounds,
        found.skeleton,
        found.first,
        found.last,
        min(len(a), len(b)),
        min(units_a, units_b),
        max(units_a, units_b),
        Prefix.similarity(a, b),
        Postfix.similarity(a, b),
        Levenshtein.distance(sounds_a, sounds_b),
        Levenshtein.distance(skeleton_a, skeleton_b),
        JaroWinkler.similarity(sounds_a, sounds_b),
    )


def tongue(language: str) -> tuple[float, ...]:
    """Return a source language as numbers, all zero if it is not known."""
    return tuple([float(language == one) for one in LANGUAGES])
