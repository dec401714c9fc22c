"""The spelling that a name gets: of its letters, and of its Arabic article."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from mtfix.names.cluster import Cluster, Profile
from mtfix.names.lexicon import lexicon
from mtfix.names.mention import NameMention
from mtfix.names.romanization import fold, split_article, unaccented

_MARKS = str.maketrans("’‘`ʼ‐‑", "''''--")
_LOWER_SHARE = 0.25  # of the articles of persons, for a document to have lower-case articles as its rule


@dataclass(frozen=True)
class Spelling:
    """The letters chosen for a core, without article, how sure the choice is, and what speaks for it."""

    text: str
    confidence: float
    detector: str
    explanation: str = ""


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
        members = [found[core] for core in (group.cores if not group.settled else [group.hub])]
        given = [known[core] for core in group.cores if core in known]
        confidence = min(link.score for link in group.links.values())
        for core in group.cores:
            explanation = group.links[core].explanation if core in group.links else ""
            own = Spelling(_majority(members), confidence, "names:cluster", explanation)
            chosen[core] = given[0] if given else own
    for core, profile in found.items():
        if core in known:
            chosen.setdefault(core, known[core])
        elif core not in chosen and _varies_in_marks(profile, ordinary):
            chosen[core] = Spelling(_majority([profile]), 0.9, "names:cluster")
    return chosen


def _majority(members: Sequence[Profile]) -> str:
    votes = [(text, count, member) for member in members for text, count in member.spellings.items()]
    votes.sort(key=lambda v: (-v[1], -max(map(len, v[2].full), default=0), v[2].first))
    return votes[0][0]


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

    inside: articles inside sentences, as written, hyphen included. owners: lower-case article → the first
    names that it stands after. bare_with, bare_without: mentions of the name alone. without: whether it also
    has no article in a longer name.
    """

    inside: Counter[str] = field(default_factory=Counter)
    owners: dict[str, set[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(set))
    first: str = ""
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
        lower = sum(count for use in persons for form, count in use.inside.items() if form[0].islower())
        upper = sum(count for use in persons for form, count in use.inside.items() if form[0].isupper())
        names = sum(any(form[0].islower() for form in use.inside) for use in persons)
        self._lower_is_rule = names >= 2 and lower >= _LOWER_SHARE * (lower + upper)

    def _count(self, mention: NameMention) -> None:
        cores = mention.cores
        for slot, token in enumerate(mention.tokens):
            article, rest = split_article(token.text)
            use = self._uses[fold(rest)]
            alone = len(mention.tokens) == 1
            if not article:
                use.without |= not alone
                use.bare_without += alone
                continue
            use.bare_with += alone
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
        form = self._form(use) if len(use.owners) > 1 and _one_owner(use) else article
        if mention.heading or place == "maybe":
            return form.capitalize() if article[0].isupper() else form.lower()
        if place == "yes":
            return form.capitalize()
        lower = form.lower() in use.inside or (use.person and self._lower_is_rule)
        return form.lower() if lower else form

    def count(self, core: str) -> int:
        """Return how often the name has an article."""
        use = self._uses[core]
        return sum(use.inside.values())

    @staticmethod
    def _lacks_article(use: ArticleUse) -> bool:
        return use.person and not use.without and use.bare_with > use.bare_without

    @staticmethod
    def _form(use: ArticleUse) -> str:
        """Return the article most used inside sentences, in lower case if it ever is; at a tie the first."""
        counts: Counter[str] = Counter()
        for written, count in use.inside.items():
            counts[written.lower()] += count
        best = max(counts, key=lambda form: (counts[form], form == use.first), default=use.first)
        return best if best in use.inside or not use.inside else best.capitalize()


def _is_first_name(before: Sequence[str]) -> bool:
    lex = lexicon()
    return bool(before) and not any(lex.is_ordinary(core) or lex.is_place(core) for core in before)


def _one_owner(use: ArticleUse) -> bool:
    """Whether articles that differ in letters can be those of one person: no two first names."""
    return len({before for owners in use.owners.values() for before in owners if before}) < 2
