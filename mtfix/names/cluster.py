"""Mentions → clusters of token spellings that are one name in this document.

String similarity only proposes; the document decides. Two spellings are one name when they stand in the same slot of
full names that otherwise agree, or when one is only ever bare and the other was introduced in full or with a title:
how alike they must be depends on which. A wrong merge is worse than ten missed ones.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, takewhile
from typing import NamedTuple

from rapidfuzz.distance import Indel

from mtfix.names.alignment import is_vowel, vowels
from mtfix.names.lexicon import Lexicon, lexicon
from mtfix.names.mention import NameMention
from mtfix.names.pinyin import is_pinyin, one_in_pinyin, readings
from mtfix.names.romanization import fold, skeleton, split_article
from mtfix.names.similarity import similarity

_FEMININE = re.compile("(?:a[iyj]a|ska)$")  # of surnames that are adjectives: Petrovskaya, the wife of Petrovsky
_SHORTEST = 4  # letters of a spelling that may be merged with another
_SHORTEST_BARE = 5  # so too, if the document introduces neither
_BLOCK_LIMIT = 40  # spellings with one key; more is not a block of names
_PAIR_LIMIT = 400  # pairs of full names to compare for two spellings
#: How alike two spellings must be, by what the document says.
_IN_FULL = 0.5  # the rest of the full name agrees
_FIRST_IN_FULL = 0.85  # so too, but the rest is the surname, which brothers share
_INTRODUCED = 0.8  # one is bare only, after the other was introduced in full or with a title
_LETTERS = 0.6  # in common, of all, in any case
_OTHER_CONSONANTS = 0.93  # in both cases, if consonants differ, but not the first letter
_OTHER_INITIAL = 0.95  # in both cases, if the first letters differ
_ONE_VOWEL = 0.9  # so too, but the one vowel differs
_IN_HEADING = 0.55  # one is bare and only in headings, which are about who the text introduces and names again
_BARE = 0.92  # one is bare only, and comes first or the other was not introduced
_FIRST_ALONE = 0.96  # one is bare only, after the other stood in one full name, but not last


#: In whose name a core stands: whether it is the last of it, and the other end of it; None if no name is beside it.
Person = tuple[bool, str] | None


def person(cores: Sequence[str], slot: int) -> Person:
    """Return in whose name the core at a slot stands: a first name goes with the last, the last with the first."""
    if len(cores) < 2:
        return None
    is_last = slot == len(cores) - 1
    other = cores[0 if is_last else -1]
    return None if lexicon().is_ordinary(other) else (is_last, other)


@dataclass
class Profile:
    """How one folded name token (a core) is used in a document.

    spellings: as written, without article. uses: the same by whose name it is part of. full: the first names it
    follows. titled: whether it follows a title when it stands alone. in_full: the sentences in which it stands in a
    longer name, and whether as its last token. bare: those in which it is alone. first: the rank of its first mention,
    those in headings last. kunya: whether it always stands after "Abu" or "Umm". heading: whether it only stands in
    headings.
    """

    core: str
    spellings: Counter[str] = field(default_factory=Counter)
    full: set[tuple[str, ...]] = field(default_factory=set)
    titled: bool = False
    in_full: set[tuple[int, bool]] = field(default_factory=set)
    bare: set[int] = field(default_factory=set)
    first: int = -1
    uses: dict[Person, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    kunya: bool = True
    heading: bool = True

    @property
    def is_surname(self) -> bool:
        """Whether the document introduces it with a first name or a title."""
        return bool(self.full) or self.titled


class Evidence(NamedTuple):
    """How alike two spellings must be to be one name (over 1: never), and what the document says for it."""

    needed: float
    explanation: str = ""


_NEVER = Evidence(math.inf)


class Link(NamedTuple):
    """How alike two spellings of one name are, and what the document says for it."""

    score: float
    explanation: str


@dataclass(frozen=True)
class Cluster:
    """Cores that are one name token in this document: the most used, and the links of the others to it.

    settled: whether the spelling of the hub is to be that of all.
    """

    hub: str
    links: Mapping[str, Link]
    settled: bool = False

    @property
    def cores(self) -> tuple[str, ...]:
        """All of them, the most used first."""
        return (self.hub, *self.links)


def profiles(mentions: Sequence[NameMention]) -> dict[str, Profile]:
    """Return the profile of every core, in order of first mention; headings count last, as they introduce nobody."""
    found: dict[str, Profile] = {}
    lex = lexicon()
    for mention in sorted(mentions, key=lambda mention: mention.heading):
        cores = mention.cores
        spelt = {fold(rest): rest for token in mention.tokens for rest in [split_article(token.text)[1]]}
        sons = mention.sons
        for slot, core in enumerate(cores):
            if core not in found:
                found[core] = Profile(core, first=len(found))
            profile = found[core]
            text = spelt[core].title() if len(core) > 1 and spelt[core].isupper() else spelt[core]
            profile.spellings[text] += 1
            profile.uses[person(cores, slot)][text] += 1
            profile.kunya &= core in sons
            profile.heading &= mention.heading
            if _is_bare(cores, core, lex):
                profile.bare.add(mention.sentence)
            else:
                profile.in_full.add((mention.sentence, slot == len(cores) - 1))
            if slot == len(cores) - 1 and not mention.cut:
                if slot:
                    profile.full.add(cores[:-1])
                profile.titled |= mention.titled and not slot
    return found


def clusters(
    mentions: Sequence[NameMention],
    found: Mapping[str, Profile],
    ordinary: Collection[str] = (),
    known: Mapping[str, Collection[str]] | None = None,
    source: str = "auto",
) -> list[Cluster]:
    """Return the clusters of two or more cores.

    ordinary: words that the document writes in lower case. source: the language that the names were romanized from.
    known: the names of the gazetteer that a core is part of; two cores that are parts of different names there are
    never merged.
    """
    lex = lexicon()
    full_names: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for mention in mentions:
        if len(mention.cores) > 1:
            for core in mention.cores:
                full_names[core].add(mention.cores)
    in_pinyin = one_in_pinyin(Counter(mention.cores for mention in mentions if len(mention.cores) > 1))
    if not all(_stand_apart(found[old], found[new], full_names) for old, new in in_pinyin.items()):
        in_pinyin = {}
    chinese = {core: _in_pinyin(core, filter(readings, fulls)) for core, fulls in full_names.items()}
    names = [core for core in found if core not in in_pinyin and not _is_vetoed(core, ordinary, lex)]
    blocks: dict[str, list[str]] = defaultdict(list)
    for core in names:
        for block_key in _keys(core):
            blocks[block_key].append(core)
    links: dict[tuple[str, str], Link] = {}
    for a, b in {pair for block in blocks.values() if len(block) <= _BLOCK_LIMIT for pair in combinations(block, 2)}:
        if not _stand_apart(found[a], found[b], full_names):
            continue
        if _differ_in_pinyin(a, b, chinese) or not _may_be_one(found[a], found[b], known or {}):
            continue
        score = similarity(a, b, source)
        if score < _IN_FULL:  # the least that is ever needed
            continue
        evidence = _evidence(found[a], found[b], full_names, lex)
        if score >= evidence.needed:
            links[a, b] = Link(score, evidence.explanation)
    same = Link(1.0, "In pinyin they are the same.")
    settled = [Cluster(new, {old: same}, settled=True) for old, new in in_pinyin.items()]
    return settled + _stars(dict(sorted(links.items())), found)


def _keys(core: str) -> set[str]:
    """Return keys of which two spellings worth comparing share one: their consonants, but for one."""
    consonants = skeleton(core)
    if len(consonants) < 3:
        return {consonants}
    return {consonants, *(consonants[:i] + consonants[i + 1 :] for i in range(len(consonants)))}


def _is_vetoed(core: str, ordinary: Collection[str], lex: Lexicon) -> bool:
    return len(core) < _SHORTEST or lex.is_ordinary(core) or lex.is_place(core) or core in ordinary


def _stand_apart(a: Profile, b: Profile, full_names: Mapping[str, set[tuple[str, ...]]]) -> bool:
    """Whether no name has both as tokens, and no sentence both in full or both bare, as it would two people."""
    with_a, with_b = full_names.get(a.core), full_names.get(b.core)
    if with_a and with_b and not with_a.isdisjoint(with_b):
        return False
    return a.in_full.isdisjoint(b.in_full) and a.bare.isdisjoint(b.bare)


def _in_pinyin(core: str, chinese: Iterable[tuple[str, ...]]) -> frozenset[str]:
    return frozenset(reading for full in chinese for reading in readings(full)[full.index(core)])


def _differ_in_pinyin(a: str, b: str, chinese: Mapping[str, frozenset[str]]) -> bool:
    """Whether two spellings are two names since every letter of pinyin tells names apart.

    chinese: what each core can be in pinyin by the Chinese names that it stands in.
    """
    one, other = chinese.get(a), chinese.get(b)
    if one and other:
        return one.isdisjoint(other)
    return bool(one or other) and is_pinyin(a) and is_pinyin(b)


def _may_be_one(a: Profile, b: Profile, known: Mapping[str, Collection[str]]) -> bool:
    """Whether nothing in two spellings speaks against their being one name."""
    return not (
        (a.core[0] != b.core[0] and skeleton(a.core) != skeleton(b.core))
        or Indel.normalized_similarity(a.core, b.core) < _LETTERS
        or differ_in_ending(a.core, b.core)
        or _differ_in_start(a.core, b.core)
        or (a.core in known and b.core in known and not set(known[a.core]) & set(known[b.core]))
    )


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


def _evidence(a: Profile, b: Profile, full_names: Mapping[str, set[tuple[str, ...]]], lex: Lexicon) -> Evidence:
    """Return how alike two spellings must be to be one name, given how the document uses them, and why."""
    with_a, with_b = full_names.get(a.core, set()), full_names.get(b.core, set())
    if with_a and with_b:
        return _of_full_names(a, with_a, b, with_b, lex)
    introduced, bare = (a, b) if with_a or (not with_b and a.first < b.first) else (b, a)
    if not introduced.full and lex.are_distinct(a.core, b.core):
        return _NEVER
    alike = skeleton(a.core) == skeleton(b.core)
    if not introduced.is_surname:
        if min(len(a.core), len(b.core)) < _SHORTEST_BARE or not alike:
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
        if _is_bare(rare, core, lex):
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
    return Evidence(_FIRST_IN_FULL if is_first else _IN_FULL, explanation)


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


def _is_bare(full: tuple[str, ...], core: str, lex: Lexicon) -> bool:
    """Whether only ordinary words stand beside a core in what looks like a full name ("Global Service Karl")."""
    slot = full.index(core)
    return all(map(lex.is_ordinary, (*full[:slot][-1:], *full[slot + 1 :][:1])))


def _same_slot(x: str, y: str) -> bool:
    """Whether two tokens of full names are one name beyond doubt."""
    return x == y or (not differ_in_ending(x, y) and similarity(x, y) >= _FIRST_IN_FULL)


def _stars(links: Mapping[tuple[str, str], Link], found: Mapping[str, Profile]) -> list[Cluster]:
    """Join to each name, the most used first, what is linked to it and to no name before.

    Two that have full names and are not linked to each other are two people: then it is either's, and none is joined.
    """
    neighbours: dict[str, dict[str, Link]] = defaultdict(dict)
    for (a, b), link in links.items():
        neighbours[a][b] = neighbours[b][a] = link
    result: list[Cluster] = []
    taken: set[str] = set()
    for hub in sorted(neighbours, key=lambda core: (-found[core].spellings.total(), found[core].first)):
        if hub not in taken:
            members = {core: link for core, link in neighbours[hub].items() if core not in taken}
            taken |= {hub, *members}
            people = [core for core in (hub, *members) if found[core].full]
            if members and all(b in neighbours[a] for a, b in combinations(people, 2)):
                result.append(Cluster(hub, members))
    return result
