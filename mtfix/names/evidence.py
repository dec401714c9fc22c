"""What a document says for two spellings' being one name, and how alike they must then be.

Two spellings are one name when they stand in the same slot of full names that otherwise agree, or when one is only ever
bare and the other was introduced in full or with a title.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import NamedTuple

from rapidfuzz.distance import Indel

from mtfix.names.alignment import vowels
from mtfix.names.lexicon import Lexicon
from mtfix.names.profile import Profile, is_bare
from mtfix.names.romanization import skeleton, sounds
from mtfix.names.similarity import similarity
from mtfix.names.veto import differ_in_ending

_SHORTEST_BARE = 5  # letters of a spelling that sounds otherwise, to be merged if the document introduces neither
_PAIR_LIMIT = 400  # pairs of full names to compare for two spellings
#: How alike two spellings must be, by what the document says.
IN_FULL = 0.5  # the rest of the full name agrees
_FIRST_IN_FULL = 0.85  # so too, but the rest is the surname, which brothers share
_INTRODUCED = 0.8  # one is bare only, after the other was introduced in full or with a title
_OTHER_CONSONANTS = 0.93  # in both cases, if consonants differ, but not the first letter
_OTHER_INITIAL = 0.975  # in both cases, if the first letters differ
_ONE_VOWEL = 0.9  # so too, but the one vowel differs
_IN_ONE_SENTENCE = 0.93  # in any case, if both are bare in one sentence
_OTHER_LETTERS, _MANY_LETTERS = 0.98, 0.6  # in any case, if fewer letters are in common, of all
_IN_HEADING = 0.55  # one is bare and only in headings, which are about who the text introduces and names again
_BARE = 0.92  # one is bare only, and comes first or the other was not introduced
_FIRST_ALONE = 0.96  # one is bare only, after the other stood in one full name, but not last


class Evidence(NamedTuple):
    """How alike two spellings must be to be one name (over 1: never), and what the document says for it."""

    needed: float
    explanation: str = ""


_NEVER = Evidence(math.inf)


def evidence(a: Profile, b: Profile, full_names: Mapping[str, set[tuple[str, ...]]], lex: Lexicon) -> Evidence:
    """Return how alike two spellings must be to be one name, given how the document uses them, and why."""
    if lex.are_renowned(a.core, b.core):
        return _NEVER
    needed, explanation = _of_uses(a, b, full_names, lex)
    if not a.bare.keys().isdisjoint(b.bare):
        needed = max(needed, _IN_ONE_SENTENCE)
    if Indel.normalized_similarity(a.core, b.core) < _MANY_LETTERS:
        needed = max(needed, _OTHER_LETTERS)
    return Evidence(needed, explanation)


def _of_uses(a: Profile, b: Profile, full_names: Mapping[str, set[tuple[str, ...]]], lex: Lexicon) -> Evidence:
    with_a, with_b = full_names.get(a.core, set()), full_names.get(b.core, set())
    if with_a and with_b:
        return _of_full_names(a, with_a, b, with_b, lex)
    introduced, bare = (a, b) if with_a or (not with_b and a.first < b.first) else (b, a)
    alike = skeleton(a.core) == skeleton(b.core)
    same_aloud = sounds(a.core) == sounds(b.core) and not a.meets(b)
    in_full = introduced.full or (same_aloud and (with_a or with_b))
    if not in_full and lex.are_distinct(a.core, b.core):
        return _NEVER
    if not introduced.is_surname and not same_aloud:
        if not alike or min(len(a.core), len(b.core)) < _SHORTEST_BARE:
            return _NEVER
        if (with_a or with_b) and (introduced.first > bare.first or len(with_a | with_b) > 1):
            return _NEVER
    how = "in full" if with_a or with_b else "with a title"
    introduction = f"‘{_usual(introduced)}’ is introduced {how}, ‘{_usual(bare)}’ is not."
    if a.kunya and b.kunya and alike and (with_a or with_b):
        return Evidence(_INTRODUCED, introduction)
    if not introduced.is_surname and (with_a or with_b):
        return Evidence(_FIRST_ALONE, introduction)
    if a.core[0] != b.core[0]:
        return Evidence(_OTHER_INITIAL, introduction) if alike and introduced.is_surname else _NEVER
    if not alike:
        return Evidence(_OTHER_CONSONANTS, introduction)
    if _is_one_syllable(a.core) and _is_one_syllable(b.core) and vowels(a.core) != vowels(b.core):
        return Evidence(_ONE_VOWEL, introduction) if introduced.is_surname else _NEVER
    if bare.heading and introduced.full and introduced.spellings.total() > 1 and len(bare.core) >= _SHORTEST_BARE:
        return Evidence(_IN_HEADING, introduction)
    if introduced.is_surname and introduced.first < bare.first:
        return Evidence(_INTRODUCED, introduction)
    return Evidence(_BARE, introduction if introduced.is_surname else "They sound the same.")


def _of_full_names(
    a: Profile, with_a: set[tuple[str, ...]], b: Profile, with_b: set[tuple[str, ...]], lex: Lexicon
) -> Evidence:
    """Return the same for two spellings that both stand in full names: what else is in these must agree."""
    if len(with_a) * len(with_b) > _PAIR_LIMIT:
        return _NEVER
    a_is_rarer = a.spellings.total() <= b.spellings.total()
    rarer, core = (with_a, a.core) if a_is_rarer else (with_b, b.core)
    agreed: list[tuple[str, ...]] = []  # names with a that agree with one with b
    for rare in rarer:
        if is_bare(rare, core, lex):
            continue
        pairs = [(rare, other) for other in with_b] if a_is_rarer else [(other, rare) for other in with_a]
        found = [one for one, other in pairs if _agree(one, a.core, other, b.core, lex)]
        if not found:
            return _NEVER
        agreed += found
    if not agreed:
        return _NEVER
    explanation = "The rest of the full name is the same."
    if a.core[0] != b.core[0]:
        return Evidence(_OTHER_INITIAL, explanation) if skeleton(a.core) == skeleton(b.core) else _NEVER
    if skeleton(a.core) != skeleton(b.core):
        return Evidence(_OTHER_CONSONANTS, explanation)
    is_first = any(one[0] == a.core for one in agreed)
    return Evidence(_FIRST_IN_FULL if is_first else IN_FULL, explanation)


def _usual(profile: Profile) -> str:
    return profile.spellings.most_common(1)[0][0]


def _is_one_syllable(core: str) -> bool:
    return len(vowels(core)) < 2


def _agree(one: tuple[str, ...], a: str, other: tuple[str, ...], b: str, lex: Lexicon) -> bool:
    """Whether two full names are one name but for the tokens a and b: what stands before and after agrees.

    An ordinary word (a rank, a part of an organization) is no evidence, and ends the name. The surname of one is not
    the second name of the other: one may have more names before, but not after.
    """
    i, j = one.index(a), other.index(b)
    before = list(zip(_proper(one[:i][::-1], lex), _proper(other[:j][::-1], lex), strict=False))
    after, others = _proper(one[i + 1 :], lex), _proper(other[j + 1 :], lex)
    pairs = [*before, *zip(after, others, strict=False)]
    return bool(pairs) and len(after) == len(others) and all(_same_slot(x, y) for x, y in pairs)


def _proper(cores: Sequence[str], lex: Lexicon) -> list[str]:
    """Return the cores up to the first that is an ordinary word."""
    return list(takewhile(lambda core: not lex.is_ordinary(core), cores))


def _same_slot(x: str, y: str) -> bool:
    """Whether two tokens of full names are one name beyond doubt."""
    return x == y or (not differ_in_ending(x, y) and similarity(x, y) >= _FIRST_IN_FULL)
