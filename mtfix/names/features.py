"""Two spellings → what tells whether they are one name: named features of their differences, and measures.

Each difference counts by itself, by where it stands and by the source language: an "e" for an "i" says little, but in
Hebrew less than in Japanese; a final "h" says nothing after a vowel. How features add up is for similarity.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz.distance import Indel, JaroWinkler, Prefix

from mtfix.names.alignment import Difference, differences, kind
from mtfix.names.romanization import skeleton, sounds

#: The source languages with features of their own.
LANGUAGES = ("ar", "he", "ja", "ko", "ru", "zh")
_MANY = 5  # differences of a pair, from which it does not matter what they are


class Shape(NamedTuple):
    """The number of letters, what kinds of difference there are, and what of two spellings agrees."""

    letters: int
    kinds: str
    sounds: bool
    skeleton: bool
    first: bool
    last: bool


def features(a: str, b: str, language: str = "") -> dict[str, float]:
    """Return the features of two folded tokens by name, those of a language too; the same for (b, a)."""
    parts = differences(a, b)
    found: Counter[str] = Counter(of_shape(shape(a, b, list(map(kinds, parts)))))
    for part in parts:
        found.update(of_swap(*in_kinds(part)))
        found.update(of_neighbours(part))
    general = {**found, **dict(zip(MEASURES, measures(a, b), strict=True))}
    return general | ({f"{language} {name}": value for name, value in general.items()} if language else {})


def kinds(part: Difference) -> str:
    """Return what stands for what: a vowel V, a consonant C or nothing -."""
    return kind(part[0]) + kind(part[1])


def in_kinds(part: Difference) -> Difference:
    """Return a difference between kinds of unit: few of them make up most."""
    a, b, before, after = part
    return a, b, kind(before), kind(after)


def of_swap(a: str, b: str, before: str, after: str) -> tuple[str, ...]:
    """Return the features of a difference between kinds of unit."""
    swap, of_kinds = f"{a}/{b}", kind(a) + kind(b)
    return (
        swap,
        f"{before} {swap} {after}",
        f"{before} {swap}",
        f"{swap} {after}",
        of_kinds,
        f"{before} {of_kinds} {after}",
    )


def of_neighbours(part: Difference) -> tuple[str, str]:
    """Return the features of a difference beside the units it stands between."""
    a, b, before, after = part
    return f"{before}<{a}/{b}", f"{a}/{b}>{after}"


def shape(a: str, b: str, found: Sequence[str]) -> Shape:
    """Return the shape of two folded tokens with differences of these kinds."""
    return Shape(
        min(len(a), len(b), 9),
        found[0] if len(found) == 1 else " ".join(sorted(found)) if len(found) < _MANY else f"{_MANY} or more",
        sounds(a) == sounds(b),
        skeleton(a) == skeleton(b),
        a[:1] == b[:1],
        a[-1:] == b[-1:],
    )


_AGREE = ("sounds", "skeleton", "first", "last")


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


#: How many numbers tell of a pair: the sum of its features' weights, and `inputs`.
INPUTS = 1 + len(MEASURES) + 3


def inputs(a: str, b: str, differences: int) -> tuple[float, ...]:
    """Return numbers of two folded tokens with so many differences that say together what none says alone."""
    return (
        *measures(a, b),
        differences,
        Prefix.similarity(a, b),
        JaroWinkler.similarity(sounds(a), sounds(b)),
    )
