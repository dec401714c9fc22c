"""The spelling that a name gets: of its letters, and of its Arabic article."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from mtfix.names.cluster import Cluster
from mtfix.names.lexicon import lexicon
from mtfix.names.mention import NameMention
from mtfix.names.profile import Person, Profile, person
from mtfix.names.romanization import fold, split_article, unaccented

_MARKS = str.maketrans("’‘`ʼ‐‑", "''''--")
_LOWER_SHARE = 0.25  # of the articles of persons, for a document to have lower-case articles as its rule
_SPACED = ("al", "el")


@dataclass(frozen=True)
class Spelling:
    """The letters chosen for a core, without article, how sure the choice is, and what speaks for it.

    persons: in whose names the core has them; None for all.
    """

    text: str
    confidence: float
    detector: str
    explanation: str = ""
    persons: frozenset[Person] | None = None

    def holds_for(self, mention: NameMention, slot: int) -> bool:
        """Whether the name that a token is part of is one of these."""
        if self.persons is None:
            return True
        core = fold(split_article(mention.tokens[slot].text)[1])
        return core in mention.cores and person(mention.cores, mention.cores.index(core)) in self.persons

    def improves(self, text: str) -> bool:
        """Whether another spelling should be replaced by this one; case is left, and accents are not taken away."""
        if unaccented(text) != unaccented(self.text):
            return True
        return text.casefold() != self.text.casefold() and _accents(text) < _accents(self.text)


def spellings(
    groups: Sequence[Cluster],
    found: Mapping[str, Profile],
    ordinary: Collection[str],
    known: Mapping[str, Spelling],
) -> dict[str, Spelling]:
    """Return the spelling of every core that has several, or that the gazetteer knows.

    The gazetteer decides, then the majority, then the spelling in the fullest form, then the first.
    """
    chosen: dict[str, Spelling] = {}
    for group in groups:
        members = [found[core] for core in group.cores]
        given = [known[core] for core in group.cores if core in known]
        confidence = min(link.score for link in group.links.values())
        persons = frozenset() if group.settled else _shared(members)
        text = _majority(members[:1] if group.settled else members, persons)
        for core, member in zip(group.cores, members, strict=True):
            explanation = group.links[core].explanation if core in group.links else ""
            bound = persons if _has_others(member, persons) else None
            own = Spelling(text, confidence, "names:cluster", explanation, bound)
            chosen[core] = given[0] if given else own
    for core, profile in found.items():
        if core in known:
            chosen.setdefault(core, known[core])
        elif core not in chosen and _varies_in_marks(profile, ordinary):
            chosen[core] = Spelling(_majority([profile], frozenset()), 0.9, "names:cluster")
    return chosen


def _shared(members: Sequence[Profile]) -> frozenset[Person]:
    """Return the persons in whose names several of the spellings stand."""
    counts = Counter(whose for member in members for whose in member.uses if whose)
    return frozenset(whose for whose, count in counts.items() if count > 1)


def _has_others(member: Profile, persons: Collection[Person]) -> bool:
    """Whether a spelling also stands in names of others than the persons that share it, if there are such persons."""
    return bool(persons) and any(whose and whose not in persons for whose in member.uses)


def _majority(members: Sequence[Profile], persons: Collection[Person]) -> str:
    """Return the most used spelling, in the names of the persons only where others have it too.

    Spellings that differ in accents alone (or in ae for ä) count together; of these the accented one wins a tie.
    """
    alike: Counter[str] = Counter()
    votes = []
    for member in members:
        others = _has_others(member, persons)
        for text, total in member.spellings.items():
            own = sum(uses[text] for whose, uses in member.uses.items() if not others or whose in persons)
            alike[_bare(text)] += own
            votes.append((own, total, member, text))
    longest = {member.core: max(map(len, member.full), default=0) for member in members}

    def rank(vote: tuple[int, int, Profile, str]) -> tuple[int, ...]:
        own, total, member, text = vote
        return -alike[_bare(text)], -own, -_accents(text), -total, -longest[member.core], member.first

    votes.sort(key=rank)
    return votes[0][3]


def _accents(text: str) -> int:
    return sum(not letter.isascii() for letter in text.translate(_MARKS))


def _bare(text: str) -> str:
    return re.sub("([aou])e", r"\1", unaccented(text))


def _varies_in_marks(profile: Profile, ordinary: Collection[str]) -> bool:
    """Whether a name is written with and without an apostrophe or a hyphen.

    Differences in case or accents alone are left to the writer.
    """
    plain = {unaccented(text.translate(_MARKS)) for text in profile.spellings}
    if len(plain) < 2:
        return False
    lex = lexicon()
    parts = {part for text in plain for part in text.split("-")}
    if any(lex.is_ordinary(part) or lex.is_place(part) or part in ordinary for part in {*parts, profile.core}):
        return False
    return len(profile.core) >= 4 and len({full[-1] for full in profile.full}) < 2


@dataclass
class ArticleUse:
    """How a document writes the article of one name.

    inside: articles inside sentences, as written, with a hyphen. small: those that are small, wherever they stand.
    owners: lower-case article → the first names that it stands after. bare_with, bare_without: mentions of the name
    alone. without: whether it also has no article in a longer name.
    """

    inside: Counter[str] = field(default_factory=Counter)
    owners: dict[str, set[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(set))
    first: str = ""
    small: set[str] = field(default_factory=set)
    bare_with: int = 0
    bare_without: int = 0
    without: bool = False
    person: bool = False


class Articles:
    """Decides on the articles of a document: al- inside a sentence, Al- at its start, one form for a name."""

    def __init__(self, mentions: Sequence[NameMention]) -> None:
        self._uses: dict[str, ArticleUse] = defaultdict(ArticleUse)
        for mention in mentions:
            self._count(mention)
        persons = [use for use in self._uses.values() if use.person]
        inside = sum((use.inside for use in persons), Counter[str]())
        # Each article by itself: who writes al- small may write El- large.
        self._small_by_rule = {
            form for form in inside if form[0].islower() and inside[form] >= _LOWER_SHARE * _either(inside, form)
        }

    def _count(self, mention: NameMention) -> None:
        cores = mention.cores
        for slot, token in enumerate(mention.tokens):
            article, rest = split_article(token.text)
            use = self._uses[fold(rest)]
            alone = len(mention.tokens) == 1
            if not article:
                spaced = slot > 0 and mention.tokens[slot - 1].text.lower() in _SPACED
                use.without |= not alone and not spaced
                use.bare_without += alone
                continue
            article = f"{article[:-1]}-"
            use.bare_with += alone
            if article[0].islower():
                use.small.add(article)
            use.first = use.first or article.lower()
            before = cores[: cores.index(fold(rest))] if fold(rest) in cores else ()
            use.owners[article.lower()].add(before)
            use.person |= (slot > 0 and _is_first_name(before)) or (alone and mention.titled)
            if not mention.heading and (slot or mention.opening == "no"):
                use.inside[article] += 1

    def respell(self, mention: NameMention, slot: int) -> str:
        """Return the article (with hyphen, or "") that the token at a slot of a mention should have."""
        article, rest = split_article(mention.tokens[slot].text)
        use = self._uses[fold(rest)]
        place = "no" if slot else mention.opening
        if not article:
            if len(mention.tokens) == 1 and not mention.heading and self._lacks_article(use):
                form = self._form(use)
                return form if place == "no" else form.capitalize()
            return ""
        hyphened = f"{article[:-1]}-"
        form = self._form(use) if len(use.owners) > 1 and _one_owner(use) else hyphened
        if mention.heading or place == "maybe":
            return form.capitalize() if article[0].isupper() else form.lower()
        if place == "yes":
            return form.capitalize()
        if not use.person:
            return form.lower() if _mostly_small(use.inside) else form
        small = use.small if _one_owner(use) else use.small & {form.lower()}
        return form.lower() if small or form.lower() in self._small_by_rule else form

    def count(self, core: str) -> int:
        """Return how often the name has an article."""
        use = self._uses[core]
        return sum(use.inside.values())

    @staticmethod
    def _lacks_article(use: ArticleUse) -> bool:
        return use.person and not use.without and use.bare_with > use.bare_without

    @staticmethod
    def _form(use: ArticleUse) -> str:
        """Return the article most used inside sentences, in lower case if any of the name is; at a tie the first."""
        counts: Counter[str] = Counter()
        for written, count in use.inside.items():
            counts[written.lower()] += count
        best = max(counts, key=lambda form: (counts[form], form == use.first), default=use.first)
        return best if use.small or not use.inside else best.capitalize()


def _either(inside: Counter[str], form: str) -> int:
    return inside[form] + inside[form.capitalize()]


def _mostly_small(inside: Mapping[str, int]) -> bool:
    """Whether at least half of the articles inside sentences are small: "Al-Jazeera" may be a house's style."""
    small = sum(count for form, count in inside.items() if form[0].islower())
    return small > 0 and 2 * small >= sum(inside.values())


def _is_first_name(before: Sequence[str]) -> bool:
    lex = lexicon()
    return bool(before) and not any(lex.is_ordinary(core) or lex.is_place(core) for core in before)


def _one_owner(use: ArticleUse) -> bool:
    """Whether articles that differ in letters can be those of one person: no two first names."""
    return len({before for owners in use.owners.values() for before in owners if before}) < 2
