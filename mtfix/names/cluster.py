"""Mentions → clusters of token spellings that are one name in this document.

String similarity only proposes; the document decides. Two spellings are one name when they stand in the same
slot of an otherwise equal full name, or when one of them is only ever a bare surname and the other, close in
sound, was introduced before with a first name or a title. A wrong merge is worse than ten missed ones.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from mtfix.names.lexicon import Lexicon, lexicon
from mtfix.names.mention import NameMention
from mtfix.names.romanization import VOWELS, distance, fold, skeleton, sounds, split_article
from mtfix.names.similarity import similarity

_SHORTEST = 5  # letters of a spelling that may be merged with another
_BLOCK_LIMIT = 40  # spellings with one skeleton; more is not a block of names
_PAIR_LIMIT = 400  # pairs of full names to compare for two spellings
_FULL_NAME_SCORE = 0.35  # where the rest of the full name agrees
_BARE_SCORE = 0.5
_BARE_DISTANCE = 0.3  # one consonant or two vowels of the same class; no vowel of another class


@dataclass
class Profile:
    """How one folded name token (a core) is used in a document.

    spellings: as written, without article. full: the first names it follows. elsewhere: whether it also
    stands before other name tokens. sentences: those it occurs in, in order.
    """

    core: str
    spellings: Counter[str] = field(default_factory=Counter)
    full: set[tuple[str, ...]] = field(default_factory=set)
    bare: int = 0
    titled: bool = False
    elsewhere: bool = False
    sentences: dict[int, None] = field(default_factory=dict)
    first: int = -1

    @property
    def is_surname(self) -> bool:
        """Whether the document introduces it with a first name or a title."""
        return bool(self.full) or self.titled


@dataclass(frozen=True)
class Cluster:
    """Cores that are one name token in this document, and how sure the least sure link between them is."""

    cores: tuple[str, ...]
    confidence: float


def profiles(mentions: Sequence[NameMention]) -> dict[str, Profile]:
    """Return the profile of every core, in order of first mention."""
    found: dict[str, Profile] = {}
    for mention in mentions:
        cores = mention.cores
        spelt = {fold(rest): rest for token in mention.tokens for rest in [split_article(token.text)[1]]}
        for slot, core in enumerate(cores):
            profile = found.setdefault(core, Profile(core, first=mention.tokens[0].start))
            profile.spellings[spelt[core]] += 1
            profile.sentences[mention.sentence] = None
            if slot < len(cores) - 1 or mention.cut:
                profile.elsewhere = True
            elif slot:
                profile.full.add(cores[:-1])
            else:
                profile.bare += 1
                profile.titled |= mention.titled
    return found


def clusters(
    mentions: Sequence[NameMention],
    found: Mapping[str, Profile],
    ordinary: Collection[str] = (),
    known: Mapping[str, Collection[str]] | None = None,
) -> list[Cluster]:
    """Return the clusters of two or more cores.

    ordinary: words that the document writes in lower case. known: the names of the gazetteer that a core is
    part of; two cores that are parts of different names there are never merged.
    """
    lex = lexicon()
    names = [core for core in found if not _is_vetoed(core, ordinary, lex)]
    blocks: dict[str, list[str]] = defaultdict(list)
    for core in names:
        blocks[skeleton(core)].append(core)
    full_names: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for mention in mentions:
        if len(mention.cores) > 1:
            for core in mention.cores:
                full_names[core].add(mention.cores)
    links: dict[tuple[str, str], float] = {}
    for block in blocks.values():
        if len(block) <= _BLOCK_LIMIT:
            for a, b in combinations(block, 2):
                if _may_be_one(found[a], found[b], known or {}, lex):
                    score = similarity(a, b)
                    if _in_full_name(a, b, score, full_names, lex) or _as_bare(found[a], found[b], score):
                        links[a, b] = score
    return _components(links)


def _is_vetoed(core: str, ordinary: Collection[str], lex: Lexicon) -> bool:
    return len(core) < _SHORTEST or lex.is_ordinary(core) or lex.is_place(core) or core in ordinary


def _may_be_one(a: Profile, b: Profile, known: Mapping[str, Collection[str]], lex: Lexicon) -> bool:
    """Whether nothing speaks against two spellings being one name."""
    return not (
        lex.are_distinct(a.core, b.core)
        or differ_in_ending(a.core, b.core)
        or a.sentences.keys() & b.sentences.keys()
        or (a.core in known and b.core in known and not set(known[a.core]) & set(known[b.core]))
    )


def differ_in_ending(a: str, b: str) -> bool:
    """Whether two names differ as a man's and a woman's, a people and its land, one and many do.

    Endings may differ only in -i/-y/-ee, in a silent h, or in a doubled letter.
    """
    if abs(len(a) - len(b)) and (a.startswith(b) or b.startswith(a)):
        longer, shorter = (a, b) if len(a) > len(b) else (b, a)
        return longer[len(shorter) :] not in ("h", shorter[-1])
    sound_a, sound_b = sounds(a), sounds(b)
    return sound_a[-1:] != sound_b[-1:] and bool({sound_a[-1:], sound_b[-1:]} & (VOWELS | {"s"}))


def _in_full_name(a: str, b: str, score: float, full_names: Mapping[str, set[tuple[str, ...]]], lex: Lexicon) -> bool:
    """Whether a and b fill the same slot of full names that otherwise agree, and no full name disagrees."""
    with_a, with_b = full_names.get(a, set()), full_names.get(b, set())
    if score < _FULL_NAME_SCORE or not 0 < len(with_a) * len(with_b) <= _PAIR_LIMIT:
        return False

    def agree(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
        slot = one.index(a)
        # Brothers share a surname: first names must be nearer than surnames.
        return (
            len(one) == len(other)
            and slot == other.index(b)
            and (slot > 0 or score >= _BARE_SCORE)
            and all(_same_slot(x, y, lex) for i, (x, y) in enumerate(zip(one, other, strict=True)) if i != slot)
        )

    return all(any(agree(one, other) for other in with_b) for one in with_a) and all(
        any(agree(one, other) for one in with_a) for other in with_b
    )


def _same_slot(x: str, y: str, lex: Lexicon) -> bool:
    """Whether two tokens of full names are one name beyond doubt, and not an ordinary word or a place."""
    if x == y:
        return not (lex.is_ordinary(x) or lex.is_place(x))
    return (
        min(len(x), len(y)) >= _SHORTEST
        and skeleton(x) == skeleton(y)
        and not (lex.are_distinct(x, y) or differ_in_ending(x, y) or lex.is_ordinary(x) or lex.is_ordinary(y))
        and similarity(x, y) >= _BARE_SCORE
    )


def _as_bare(a: Profile, b: Profile, score: float) -> bool:
    """Whether one is a surname introduced in full and the other its later, bare spelling."""
    if score < _BARE_SCORE or distance(a.core, b.core) > _BARE_DISTANCE:
        return False
    introduced, bare = (a, b) if a.is_surname and a.first < b.first else (b, a)
    return introduced.is_surname and introduced.first < bare.first and not bare.full and not bare.elsewhere


def _components(links: Mapping[tuple[str, str], float]) -> list[Cluster]:
    """Join linked cores; a component in which two cores are not linked is ambiguous and left out."""
    neighbours: dict[str, set[str]] = defaultdict(set)
    for a, b in links:
        neighbours[a].add(b)
        neighbours[b].add(a)
    result: list[Cluster] = []
    seen: set[str] = set()
    for core in neighbours:
        if core in seen:
            continue
        component, waiting = [], [core]
        seen.add(core)
        while waiting:
            current = waiting.pop()
            component.append(current)
            new = sorted(neighbours[current] - seen)
            seen.update(new)
            waiting += new
        if all(len(neighbours[member]) == len(component) - 1 for member in component):
            scores = [score for pair, score in links.items() if pair[0] in component]
            result.append(Cluster(tuple(sorted(component)), min(scores)))
    return result
