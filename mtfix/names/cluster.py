"""Mentions → clusters of token spellings that are one name in this document.

String similarity only proposes; the document decides. Two spellings are one name when they stand in the same slot of
full names that otherwise agree, or when one is only ever bare and the other was introduced in full or with a title:
how alike they must be depends on which. A wrong merge is worse than ten missed ones.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from mtfix.names.evidence import IN_FULL, evidence
from mtfix.names.lexicon import lexicon
from mtfix.names.mention import NameMention
from mtfix.names.pinyin import one_in_pinyin, readings
from mtfix.names.profile import Profile
from mtfix.names.romanization import skeleton
from mtfix.names.similarity import similarity
from mtfix.names.veto import differ_in_pinyin, is_vetoed, may_be_one, never_together, pinyin_of

_BLOCK_LIMIT = 40  # spellings with one key; more is not a block of names


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
    if not all(never_together(found[old], found[new], full_names) for old, new in in_pinyin.items()):
        in_pinyin = {}
    chinese = {core: pinyin_of(core, filter(readings, fulls)) for core, fulls in full_names.items()}
    names = [core for core in found if core not in in_pinyin and not is_vetoed(core, ordinary, lex)]
    blocks: dict[str, list[str]] = defaultdict(list)
    for core in names:
        for block_key in _keys(core):
            blocks[block_key].append(core)
    links: dict[tuple[str, str], Link] = {}
    for a, b in {pair for block in blocks.values() if len(block) <= _BLOCK_LIMIT for pair in combinations(block, 2)}:
        if not never_together(found[a], found[b], full_names):
            continue
        if differ_in_pinyin(a, b, chinese) or not may_be_one(found[a], found[b], known or {}):
            continue
        score = similarity(a, b, source)
        if score < IN_FULL:  # the least that is ever needed
            continue
        needed, explanation = evidence(found[a], found[b], full_names, lex)
        if score >= needed:
            links[a, b] = Link(score, explanation)
    same = Link(1.0, "In pinyin they are the same.")
    settled = [Cluster(new, {old: same}, settled=True) for old, new in in_pinyin.items()]
    return settled + _stars(dict(sorted(links.items())), found)


def _keys(core: str) -> set[str]:
    """Return keys of which two spellings worth comparing share one: their consonants, but for one."""
    consonants = skeleton(core)
    if len(consonants) < 3:
        return {consonants}
    return {consonants, *(consonants[:i] + consonants[i + 1 :] for i in range(len(consonants)))}


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
