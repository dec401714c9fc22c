"""Two spellings → where they differ: which written unit stands for which, and beside what.

A unit is a letter or letters that romanizations use for one sound ("kh", "ou", "tch", "ll"). The alignment is the
cheapest one by rough costs (Wagner and Fischer 1974); what a difference means is learned (see similarity.py).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeAlias

_VOWELS = frozenset("aeiouy")
_DOUBLED = "|".join(2 * letter for letter in "bcdfghjklmnpqrstvwxz")
_UNIT = re.compile(
    "eau|a[aehiuwy]?|e[aehiuwy]?|i[aeijouy]?|o[ehiouwy]?|u[ehiuy]?|y[aeiou]?"
    "|tsch|dzh|sch|tch|[sckgtdzpwr]h|[sc]z|t[sz]|dj|c[kq]|qu|ng|g[nu]|mb|wr|kn"
    f"|{_DOUBLED}|.",
    re.DOTALL,
)
#: Costs of the alignment: units that one name lacks, and pairs of units.
_WEAK, _STRONG = 5, 10  # a vowel or h, another consonant
_ALIKE, _CONSONANTS, _UNLIKE = 3, 8, 11  # vowels or one first letter, other consonants, a vowel and a consonant


#: Units that stand for each other in two spellings ("" for none; the first is less), and the units they stand between:
#: "^" and "$" at the ends of the name, "?" beside another difference.
Difference: TypeAlias = tuple[str, str, str, str]


@lru_cache(maxsize=65536)
def units(name: str) -> tuple[str, ...]:
    """Return the written units of a folded name."""
    return tuple(_UNIT.findall(name))


def vowels(name: str) -> tuple[str, ...]:
    """Return the units of a folded name that are vowels, without a silent e at its end."""
    found = [unit for unit in units(name) if is_vowel(unit)]
    return tuple(found[:-1] if len(found) > 1 and name.endswith("e") and found[-1] == "e" else found)


def is_vowel(unit: str) -> bool:
    """Whether a unit begins with a vowel letter, y among them."""
    return unit[0] in _VOWELS


@lru_cache(maxsize=4096)
def kind(unit: str) -> str:
    """Return V for a vowel, C for a consonant, - for none; an end of the name or another difference as it is."""
    if unit in ("", "^", "$", "?"):
        return unit or "-"
    return "V" if is_vowel(unit) else "C"


def differences(a: str, b: str) -> list[Difference]:
    """Return the differences of two folded names in order; the same for (b, a)."""
    first, second = units(a), units(b)
    if second < first:
        first, second = second, first
    start, end, shorter = 0, 0, min(len(first), len(second))
    while start < shorter and first[start] == second[start]:
        start += 1
    while end < shorter - start and first[-1 - end] == second[-1 - end]:
        end += 1
    before = first[start - 1] if start else "^"
    after = first[len(first) - end] if end else "$"
    one, other = first[start : len(first) - end], second[start : len(second) - end]
    if len(one) == len(other) == 1 and kind(one[0]) == kind(other[0]):
        return [(one[0], other[0], before, after)]
    steps = _align(one, other)
    found = []
    for position, (x, y) in enumerate(steps, 1):
        if x == y:
            before = x
            continue
        right = after
        if position < len(steps):
            next_x, next_y = steps[position]
            right = next_x if next_x == next_y else "?"
        found.append((x, y, before, right))
        before = "?"
    return found


@lru_cache(maxsize=65536)
def _align(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return the steps of the cheapest alignment: pairs of units in order, "" where one has none."""
    others = [_trait(unit) for unit in second]
    costs = [0]
    for *_, gap in others:
        costs.append(costs[-1] + gap)
    moves: list[list[int]] = []
    for one, vowel, letter, gap in map(_trait, first):
        above = iter(costs)
        diagonal = next(above)
        best = diagonal + gap
        row, moved = [best], []
        for (other, other_vowel, other_letter, other_gap), up in zip(others, above, strict=True):
            left = best + other_gap
            best, diagonal, move = diagonal, up, 0
            if one != other:
                best += _UNLIKE if vowel != other_vowel else _ALIKE if vowel or letter == other_letter else _CONSONANTS
            if up + gap < best:
                best, move = up + gap, 1
            if left < best:
                best, move = left, 2
            row.append(best)
            moved.append(move)
        costs = row
        moves.append(moved)
    steps = []
    i, j = len(first), len(second)
    while i or j:
        move = 2 if not i else 1 if not j else moves[i - 1][j - 1]
        i, j = i - (move != 2), j - (move != 1)
        one, other = (first[i] if move != 2 else "", second[j] if move != 1 else "")
        steps.append((one, other) if one <= other else (other, one))
    return tuple(steps[::-1])


@lru_cache(maxsize=4096)
def _trait(unit: str) -> tuple[str, bool, str, int]:
    """Return a unit, whether it is a vowel, its first letter, and what it costs to have it in one name alone."""
    vowel = is_vowel(unit)
    return unit, vowel, unit[0], _WEAK if vowel or unit == "h" else _STRONG
