"""Spellings of name tokens → pairs that are one name, and look-alikes that are not.

The data are a table with the columns lang, source_token, spelling, count. A pair of spellings of one source token is
positive. A pair is negative if the spellings begin alike and overlap much, but belong to source tokens that share no
spelling and are not themselves written alike (simplified and traditional, with and without hamza).
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import random
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from anyascii import anyascii
from rapidfuzz.distance import Indel, JaroWinkler

from mtfix.names.alignment import is_vowel, units
from mtfix.names.romanization import fold

LANGUAGES = {"ar": "ar", "he": "he", "ja-kana": "ja", "ko": "ko", "ru": "ru", "zh": "zh"}
_SHORTEST = 3
_OVERLAP = 0.7  # Jaro-Winkler similarity of look-alikes
_PLAUSIBLE = 0.5  # letters in common, of all, from which a spelling can be one of its source token
_CONSONANTS = 0.65  # or consonants in common
_SURE = 0.65  # letters in common, if it was seen but once
_TOP = 0.3  # letters that the most counted spelling and its source token have in common, if they belong together
_TRIES = 400
_RHYMES = 200  # look-alikes for one pair that differs in how it begins alone

Source = tuple[str, str]  # language, token
Spellings = dict[Source, list[str]]


class Pair(NamedTuple):
    """Two folded spellings and whether they are one name."""

    language: str
    a: str
    b: str
    same: bool


def read_counts(path: Path) -> dict[Source, dict[str, int]]:
    """Return how often each folded spelling of a source token was counted."""
    counts: dict[Source, dict[str, int]] = defaultdict(dict)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            spelling = fold(row["spelling"])
            if row["lang"] in LANGUAGES and len(spelling) >= _SHORTEST:
                counts[LANGUAGES[row["lang"]], row["source_token"]][spelling] = int(row["count"])
    return counts


def read_spellings(path: Path) -> tuple[Spellings, Spellings]:
    """Return the folded spellings of each source token: those seen twice, and those that were seen once.

    Wrong alignments are left out: a spelling must have half its letters in common with the source token in ASCII or
    with its most counted spelling (more, if it was seen once), or the same consonants, and at most twice its length.
    """
    often: Spellings = {}
    once: Spellings = {}
    for source, found in read_counts(path).items():
        plain = _ascii(source[1])
        top = max(found, key=lambda spelling: (found[spelling], spelling))
        models = (plain, top) if Indel.normalized_similarity(plain, top) >= _TOP else (plain,)
        possible = [spelling for spelling in found if len(spelling) <= 2 * len(plain) + 1]
        near = {s: max(Indel.normalized_similarity(model, s) for model in models) for s in possible}
        often[source] = sorted(
            s for s in possible if found[s] > 1 and (near[s] >= _PLAUSIBLE or _in_consonants(plain, s) >= _CONSONANTS)
        )
        once[source] = sorted(s for s in possible if found[s] == 1 and len(s) > _SHORTEST and near[s] >= _SURE)
    return {s: v for s, v in often.items() if v}, {s: v for s, v in once.items() if v}


@cache
def _ascii(token: str) -> str:
    return fold(anyascii(token))


def _in_consonants(plain: str, spelling: str) -> float:
    a, b = ("".join(c for c in name if not is_vowel(c)) for name in (plain, spelling))
    return Indel.normalized_similarity(a, b) if len(b) > 1 else 0.0


def split(spellings: Spellings) -> tuple[set[Source], set[Source]]:
    """Return the source tokens to learn from and the held-out third.

    Tokens that share a spelling, or are written alike in ASCII, fall into one part.
    """
    parents = {source: source for source in spellings}

    def root(source: Source) -> Source:
        while parents[source] != source:
            parents[source] = parents[parents[source]]
            source = parents[source]
        return source

    owners: dict[tuple[str, str, str], Source] = {}
    for source, found in sorted(spellings.items()):
        for form in (("=", source[0], _ascii(source[1])), *(("", source[0], spelling) for spelling in found)):
            a, b = sorted((root(owners.setdefault(form, source)), root(source)))
            parents[b] = a
    held_out = {s for s in spellings if hashlib.sha256("\t".join(root(s)).encode()).digest()[0] % 3 == 0}
    return spellings.keys() - held_out, held_out


def make_pairs(spellings: Spellings, limit: int, rng: random.Random, rhymes: int = 0, strangers: int = 0) -> list[Pair]:
    """Return at most `limit` positive pairs of each language, as many look-alikes, and pairs of two names.

    rhymes: so many of names that differ in how they begin alone (Khalid, Walid). strangers: so many of any two.
    """
    result: list[Pair] = []
    for language in sorted({language for language, _ in spellings}):
        own = {token: found for (lang, token), found in sorted(spellings.items()) if lang == language}
        positive = sorted({pair for found in own.values() for pair in combinations(found, 2)})
        if len(positive) > limit:
            positive = rng.sample(positive, limit)
        result += [Pair(language, a, b, True) for a, b in positive]
        result += [Pair(language, a, b, False) for a, b in _look_alikes(own, limit, rng)]
        result += [Pair(language, a, b, False) for a, b in _rhymes(own, rhymes, rng)]
        tokens = sorted(own)
        for _ in range(strangers if len(tokens) > 1 else 0):
            one, other = rng.sample(tokens, 2)
            a, b = rng.choice(own[one]), rng.choice(own[other])
            if a not in own[other] and b not in own[one]:
                result.append(Pair(language, a, b, False))
    return result


def _look_alikes(own: Mapping[str, list[str]], limit: int, rng: random.Random) -> list[tuple[str, str]]:
    def alike(a: str, b: str) -> bool:
        return JaroWinkler.similarity(a, b) >= _OVERLAP

    return _of_two_names(own, lambda spelling: spelling[0], alike, limit, rng)


def _rhymes(own: Mapping[str, list[str]], limit: int, rng: random.Random) -> list[tuple[str, str]]:
    def alike(a: str, b: str) -> bool:
        return a[0] != b[0]

    return _of_two_names(own, lambda spelling: "".join(units(spelling)[1:]), alike, limit, rng)


def _of_two_names(
    own: Mapping[str, list[str]],
    block: Callable[[str], str],
    alike: Callable[[str, str], bool],
    limit: int,
    rng: random.Random,
) -> list[tuple[str, str]]:
    """Return pairs of alike spellings of one block whose source tokens share no spelling."""
    forms: dict[str, set[str]] = defaultdict(set)  # spelling → its source tokens in ASCII
    spelled: dict[str, set[str]] = defaultdict(set)  # and the way back
    for token, found in own.items():
        for spelling in found:
            forms[spelling].add(_ascii(token))
            spelled[_ascii(token)].add(spelling)
    in_block: dict[str, list[str]] = defaultdict(list)
    for spelling in sorted(forms):
        in_block[block(spelling)].append(spelling)
    blocks = [spellings for spellings in in_block.values() if len(spellings) > 1]
    sizes = [len(spellings) for spellings in blocks]

    def others(spelling: str) -> set[str]:
        return {other for form in forms[spelling] for other in spelled[form]}

    pairs: set[tuple[str, str]] = set()
    for spellings in rng.choices(blocks, sizes, k=limit * _TRIES) if blocks else ():
        if len(pairs) == limit:
            break
        a, b = sorted(rng.sample(spellings, 2))
        if alike(a, b) and others(a).isdisjoint(others(b)):
            pairs.add((a, b))
    return sorted(pairs)


def training_and_held_out(path: Path, limit: int, test_limit: int, seed: int = 0) -> tuple[list[Pair], list[Pair]]:
    """Return pairs to learn from and held-out pairs of source tokens that are not among the first.

    Spellings seen once are learned from but not tested on. No pair is in both, in any language.
    """
    often, once = read_spellings(path)
    learned, held_out = split(often)
    test = make_pairs({source: often[source] for source in held_out}, test_limit, random.Random(seed))
    closed = {(source[0], form) for source in held_out for form in (_ascii(source[1]), *often[source])}
    known = {source: often[source] for source in learned}
    for source, found in once.items():
        if (source[0], _ascii(source[1])) not in closed:
            new = [spelling for spelling in found if (source[0], spelling) not in closed]
            if new:
                known[source] = sorted({*known.get(source, ()), *new})
    tested = _bare(test)
    learned_pairs = make_pairs(known, limit, random.Random(seed + 1), limit // _RHYMES, limit // 2)
    return [pair for pair in learned_pairs if (pair.a, pair.b) not in tested], test


def _bare(pairs: Iterable[Pair]) -> Collection[tuple[str, str]]:
    return {(pair.a, pair.b) for pair in pairs}
