"""Two spellings → what tells whether they are one name: named features of their differences, and measures.

Each difference counts by itself, by where it stands and by the source language: an "e" for an "i" says little, but in
Hebrew less than in Japanese; a final "h" says nothing after a vowel. How features add up is for similarity.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TypeAlias

from rapidfuzz.distance import Indel, JaroWinkler, Prefix

from mtfix.names.alignment import Difference, differences, kind
from mtfix.names.romanization import skeleton, sounds

#: The source languages with features of their own.
LANGUAGES = ("ar", "he", "ja", "ko", "ru", "zh")
_MANY = 5  # differences of a pair, from which it does not matter what they are


#: The number of letters, what kinds of difference there are, and whether two spellings agree in sounds, in their
#: skeleton, in the first and in the last letter.
Shape: TypeAlias = tuple[int, str, bool, bool, bool, bool]


def features(a: str, b: str, language: str = "") -> dict[str, float]:
    """Return the features of two folded tokens by name, those of a language too; the same for (b, a)."""
    parts = differences(a, b)
    found: Counter[str] = Counter(of_shape(shape(a, b, list(map(kinds, parts)))))
    for part in parts:
        found.update(f"{what}|{context}" for what, contexts in of_difference(part) for context in contexts)
    general = {**found, **dict(zip(MEASURES, inputs(a, b, len(parts)), strict=False))}
    return general | ({f"{language} {name}": value for name, value in general.items()} if language else {})


def kinds(part: Difference) -> str:
    """Return what stands for what: a vowel V, a consonant C or nothing -."""
    return kind(part[0]) + kind(part[1])


def of_difference(part: Difference) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the features of a difference: what it is, and its contexts. They are named "what|context"."""
    a, b, before, after = part
    left, right = kind(before), kind(after)
    around = f"{left}_{right}"
    return (
        (f"{a}/{b}", ("", around, f"{left}_", f"_{right}", f"<{before}", f">{after}")),
        (kinds(part), ("", around)),
    )


def shape(a: str, b: str, found: Sequence[str]) -> Shape:
    """Return the shape of two folded tokens with differences of these kinds."""
    return (
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


#: The first of `inputs`, which are features too.
MEASURES = ("letters", "start", "sound", "longer")
#: How many numbers tell of a pair: the sum of its features' weights, and `inputs`.
INPUTS = 1 + len(MEASURES) + 3


def inputs(a: str, b: str, count: int) -> tuple[float, ...]:
    """Return how alike two folded tokens with `count` differences are: numbers that tell more together than alone.

    How alike in letters, at the start and in sounds, and how much longer one is; then the number of differences, how
    many letters are the same at the start, and how alike the sounds are there.
    """
    heard_a, heard_b = sounds(a), sounds(b)
    return (
        Indel.normalized_similarity(a, b),
        JaroWinkler.similarity(a, b),
        Indel.normalized_similarity(heard_a, heard_b),
        float(abs(len(a) - len(b))),
        count,
        Prefix.similarity(a, b),
        JaroWinkler.similarity(heard_a, heard_b),
    )
