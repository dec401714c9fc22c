"""What speaks against two spellings' being one name, whatever the document says for it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from rapidfuzz.distance import Indel

from mtfix.names.alignment import is_vowel
from mtfix.names.lexicon import Lexicon
from mtfix.names.pinyin import is_pinyin, readings
from mtfix.names.profile import Place, Profile
from mtfix.names.romanization import skeleton

_FEMININE = re.compile("(?:a[iyj]a|ska)$")  # of surnames that are adjectives: Petrovskaya, the wife of Petrovsky
_BESIDE = 12  # characters between two names
_SHORTEST = 4  # letters of a spelling that may be merged with another
_LETTERS = 0.6  # in common, of all, but for long ones
_LONG, _LETTERS_IF_LONG = 5, 0.5  # letters of a spelling, and what two such with the same consonants have in common


def is_vetoed(core: str, ordinary: Collection[str], lex: Lexicon) -> bool:
    """Whether a core is never merged with another: too short, a word (also of the document: `ordinary`), a place."""
    return len(core) < _SHORTEST or lex.is_ordinary(core) or lex.is_place(core) or core in ordinary


def never_together(a: Profile, b: Profile, full_names: Mapping[str, set[tuple[str, ...]]]) -> bool:
    """Whether no name has both as tokens, and no sentence both in full or both bare, as it would two people.

    One person may stand so in a sentence, but not side by side: in full with the same first name, and bare if only one
    of the spellings is introduced and they begin alike.
    """
    with_a, with_b = full_names.get(a.core), full_names.get(b.core)
    if with_a and with_b and not with_a.isdisjoint(with_b):
        return False
    one_first_name = not a.full.isdisjoint(b.full)
    one_introduced = a.is_surname != b.is_surname and a.core[0] == b.core[0]
    for sentence, is_last in a.in_full.keys() & b.in_full.keys():
        places, others = a.in_full[sentence, is_last], b.in_full[sentence, is_last]
        if not (one_first_name and is_last) or _side_by_side(places, others):
            return False
    return not any(
        not one_introduced or _side_by_side(a.bare[sentence], b.bare[sentence])
        for sentence in a.bare.keys() & b.bare.keys()
    )


def _side_by_side(places: Iterable[Place], others: Iterable[Place]) -> bool:
    """Whether a word or two are all that stands between two names somewhere."""
    return any(
        abs(other - end) <= _BESIDE or abs(start - other_end) <= _BESIDE
        for start, end in places
        for other, other_end in others
    )


def pinyin_of(core: str, chinese: Iterable[tuple[str, ...]]) -> frozenset[str]:
    """Return what a core can be in pinyin by the Chinese full names that it stands in."""
    return frozenset(reading for full in chinese for reading in readings(full)[full.index(core)])


def differ_in_pinyin(a: str, b: str, chinese: Mapping[str, frozenset[str]]) -> bool:
    """Whether two spellings are two names since every letter of pinyin tells names apart.

    chinese: what each core can be in pinyin (see `pinyin_of`).
    """
    one, other = chinese.get(a), chinese.get(b)
    if one and other:
        return one.isdisjoint(other)
    return bool(one or other) and is_pinyin(a) and is_pinyin(b)


def may_be_one(a: Profile, b: Profile, known: Mapping[str, Collection[str]]) -> bool:
    """Whether nothing in two spellings speaks against their being one name."""
    return not (
        (a.core[0] != b.core[0] and skeleton(a.core) != skeleton(b.core))
        or _differ_in_letters(a.core, b.core)
        or differ_in_ending(a.core, b.core)
        or _differ_in_start(a.core, b.core)
        or (a.core in known and b.core in known and not set(known[a.core]) & set(known[b.core]))
    )


def _differ_in_letters(a: str, b: str) -> bool:
    long = min(len(a), len(b)) >= _LONG and skeleton(a) == skeleton(b)
    return Indel.normalized_similarity(a, b) < (_LETTERS_IF_LONG if long else _LETTERS)


def differ_in_ending(a: str, b: str) -> bool:
    """Whether two names differ as a man's and a woman's, a people and its land, one and many do."""
    if len(a) != len(b) and (a.startswith(b) or b.startswith(a)):
        longer, shorter = (a, b) if len(a) > len(b) else (b, a)
        return longer[len(shorter) :] not in ("h", "e", "z", shorter[-1])
    if {a[-3:], b[-3:]} == {"man", "men"} or bool(_FEMININE.search(a)) != bool(_FEMININE.search(b)):
        return True
    ends = {a[-1:], b[-1:]}
    return len(ends) > 1 and (ends <= {"a", "o"} or ("s" in ends and not ends & {"z", "x", "c"}) or _in_a_alone(a, b))


def _differ_in_start(a: str, b: str) -> bool:
    """Whether one name begins with a vowel and the other does not, or one is the other with more before it.

    A y before the same vowel is the same start (Yevgeny, Evgeny).
    """
    if abs(len(a) - len(b)) > 1 and (a.endswith(b) or b.endswith(a)):
        return True
    one, other = (name.lstrip("y")[:1] or "y" for name in (a, b))
    return is_vowel(one) != is_vowel(other) or (is_vowel(one) and (a[0] == "y") != (b[0] == "y") and one != other)


def _in_a_alone(a: str, b: str) -> bool:
    """Whether one name ends in a (but for a silent h) and the other not in a vowel or h."""
    open_a, open_b = (name.rstrip("h")[-1:] == "a" for name in (a, b))
    other = b if open_a else a
    return open_a != open_b and not (is_vowel(other[-1:] or "a") or other.endswith("h"))
