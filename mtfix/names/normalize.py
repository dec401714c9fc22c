"""The names pass: mentions → clusters → canonical spelling → edits."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import dropwhile

from mtfix.document import Document, Token
from mtfix.names.canonical import Articles, Spelling, spellings
from mtfix.names.cluster import clusters
from mtfix.names.edits import Change, edit_of, edit_of_glossary
from mtfix.names.entities import entities
from mtfix.names.gazetteer import Gazetteer, Match
from mtfix.names.glossary import Glossary, Listed
from mtfix.names.known import find_known
from mtfix.names.lexicon import lexicon
from mtfix.names.mention import NameMention, find_mentions, ordinary_words
from mtfix.names.particles import Particles
from mtfix.names.profile import Person, person, profiles
from mtfix.names.romanization import fold, split_article
from mtfix.result import Edit, Entity, Issue

_ROUNDS = 5  # a choice can be the evidence for another; documents settle in two


class NamesPass:
    """Gives each name one spelling in a document.

    glossary: canonical → variants replaced by it everywhere. gazetteer: canonical → variants of known names,
    used on a unique match of a full name. source: the language that the text was translated from, as an ISO 639-1 code
    or "auto". shipped: whether names that the gazetteer doesn't list are looked up among those that mtfix ships.
    Instances hold no state of a document and can be shared by threads.
    """

    def __init__(
        self,
        glossary: Mapping[str, Sequence[str]] | None = None,
        gazetteer: Mapping[str, Sequence[str]] | None = None,
        source: str = "auto",
        shipped: bool = False,
    ) -> None:
        self._glossary = Glossary(glossary or {})
        self._gazetteer = Gazetteer(gazetteer or {}, source)
        self._source = source
        self._shipped = shipped

    def __call__(self, document: Document) -> tuple[list[Entity], list[Issue | Edit]]:
        """Return the names of a document, and edits and suggestions in order, none overlapping another."""
        listed = self._glossary.find(document)
        found: list[Issue | Edit] = [
            edit_of_glossary(place)
            for place in listed
            if place.new != place.text and not document.is_protected(place.start, place.end)
        ]
        given, covered = _with_glossary(find_mentions(document), listed)
        fixed = frozenset(place.start for place in listed)
        ordinary = ordinary_words(document)
        reasons: dict[int, Change] = {}
        settled = given
        for _ in range(_ROUNDS):
            respelt = self._round(settled, covered, fixed, ordinary, reasons)
            if respelt == settled:
                break
            settled = respelt
        counts = Counter(token.text.casefold() for mention in settled for token in mention.tokens)
        for before, after in zip(given, settled, strict=True):
            for old, new in zip(before.tokens, after.tokens, strict=True):
                if old.text != new.text:
                    found.append(edit_of(old, new.text, reasons[old.start], counts[new.text.casefold()]))
        found += self._suggestions(settled, covered)
        found.sort(key=lambda item: (item.start, item.end))
        written = [covered.get(number, mention) for number, mention in enumerate(given)]
        return entities(document.text, written, settled), found

    def _round(
        self,
        mentions: list[NameMention],
        covered: Mapping[int, NameMention],
        fixed: Collection[int],
        ordinary: frozenset[str],
        reasons: dict[int, Change],
    ) -> list[NameMention]:
        """Return the mentions as the document's own evidence spells them.

        covered: those that the glossary spells, by number, as written: so the document tells who else is meant. fixed:
        where the tokens start that stay as the glossary has them.
        """
        mentions, known = self._known(mentions, covered, fixed, reasons)
        written = [covered.get(number, mention) for number, mention in enumerate(mentions)]
        found = profiles(written)
        groups = clusters(written, found, ordinary, self._gazetteer.parts, self._source)
        chosen = spellings(groups, found, ordinary, known)
        lettered = [_with_letters(mention, chosen, fixed, reasons) for mention in mentions]
        particles = Particles(lettered)
        lettered = [_with_particles(mention, particles, fixed, reasons) for mention in lettered]
        articles = Articles(lettered)
        return [_with_articles(mention, articles, fixed, reasons) for mention in lettered]

    def _matches(self, mentions: Sequence[NameMention], covered: Collection[int]) -> Iterator[Match | None]:
        """Yield for each mention the known name that it seems to spell, None for those that the glossary spells.

        The user's names go before the shipped ones.
        """
        persons = frozenset(core for mention in mentions if len(mention.cores) > 1 for core in mention.cores)
        for number, mention in enumerate(mentions):
            match = None
            if number not in covered:
                match = self._gazetteer.find(mention) if self._gazetteer else None
                if match is None and self._shipped and mention not in self._gazetteer:
                    match = find_known(mention, persons)
            yield match

    def _known(
        self,
        mentions: list[NameMention],
        covered: Mapping[int, NameMention],
        fixed: Collection[int],
        reasons: dict[int, Change],
    ) -> tuple[list[NameMention], dict[str, Spelling]]:
        """Spell known full names as the gazetteer does; return also what surnames it and the glossary settle.

        The glossary settles a surname for all, the gazetteer for those who have it alone or after the same first name.
        """
        respelt: list[NameMention] = []
        surnames: dict[str, dict[str, Spelling]] = {}
        owners: dict[str, set[Person]] = defaultdict(lambda: {None})

        def settle(old: NameMention, new: NameMention, text: str, confidence: float, detector: str) -> None:
            text = split_article(text)[1]
            if len(text) > 1 and text.isupper():  # a heading in capitals doesn't say how it is spelt elsewhere
                return
            owners[text].add(person(new.cores, len(new.cores) - 1))
            for core in {*old.cores[-1:], *new.cores[-1:]}:
                surnames.setdefault(core, {}).setdefault(text, Spelling(text, confidence, detector))

        matches = list(self._matches(mentions, covered))
        for number, (mention, match) in enumerate(zip(mentions, matches, strict=True)):
            new = match.name.split() if match and match.is_strong else []
            if number in covered and mention.tokens[-1].start in fixed:
                settle(covered[number], mention, mention.tokens[-1].text, 1.0, "names:glossary")
            elif match and len(new) == len(mention.tokens):
                texts = [_keeping_article(old.text, text) for old, text in zip(mention.tokens, new, strict=True)]
                if mention.opening != "no" or mention.heading:
                    texts[0] = texts[0][0].upper() + texts[0][1:] if mention.text[0].isupper() else texts[0]
                for old, text in zip(mention.tokens, texts, strict=True):
                    if old.text != text:
                        reasons[old.start] = Change("names:gazetteer", match.score)
                before, mention = mention, mention.respelled(texts)
                if len(new) > 1:
                    settle(before, mention, texts[-1], 0.9, "names:gazetteer")
            elif len(mention.cores) > 1:
                surnames.setdefault(mention.cores[-1], {})[""] = Spelling("", 0.0, "")
            respelt.append(mention)
        known = {core: texts.popitem()[1] for core, texts in surnames.items() if len(texts) == 1 and "" not in texts}
        for core, spelling in known.items():
            if spelling.detector == "names:gazetteer":
                known[core] = replace(spelling, persons=frozenset(owners[spelling.text]))
        return respelt, known

    def _suggestions(self, mentions: Sequence[NameMention], covered: Collection[int]) -> Iterator[Issue]:
        """Yield issues for full names that are probably, not surely, known ones."""
        for mention, match in zip(mentions, self._matches(mentions, covered), strict=True):
            if match and not match.is_strong:
                message = f"‘{mention.text}’ may be ‘{match.name}’, which is in the table of known names."
                start, end = mention.tokens[0].start, mention.tokens[-1].end
                yield Issue(
                    start,
                    end,
                    mention.text,
                    "entity",
                    "minor",
                    match.score,
                    message,
                    "names:gazetteer",
                    (match.name,),
                    True,
                )


def _with_glossary(
    mentions: Iterable[NameMention], listed: Sequence[Listed]
) -> tuple[list[NameMention], dict[int, NameMention]]:
    """Return mentions with the spellings of the glossary, and those that it spells as they are written, by number.

    What it spells and is no name is no mention.
    """
    given: list[NameMention] = []
    covered: dict[int, NameMention] = {}
    starts, ends = [place.start for place in listed], [place.end for place in listed]
    used = -1
    for mention in mentions:
        first, last = mention.tokens[0].start, mention.tokens[-1].end
        inside = listed[bisect_right(ends, first) : bisect_left(starts, last)]
        if not inside:
            given.append(mention)
        elif inside[0].start > used and all(place.is_name for place in inside):
            covered[len(given)] = mention
            given.append(replace(mention, tokens=tuple(_listed_tokens(mention.tokens, inside))))
        used = inside[-1].start if inside else used
    return given, covered


def _listed_tokens(tokens: Sequence[Token], places: Sequence[Listed]) -> Iterator[Token]:
    """Yield the tokens of a mention, for those in a listed spelling the canonical ones, which all start with it."""
    titles = lexicon().titles
    done = -1
    for token in tokens:
        place = next((place for place in places if place.start < token.end and token.start < place.end), None)
        if place is None:
            yield token
        elif place.start > done:
            done = place.start
            *before, last = place.new.split()
            yield from (Token(done, done, text) for text in dropwhile(lambda text: text.lower() in titles, before))
            yield Token(done, place.end, last)


def _with_letters(
    mention: NameMention, chosen: Mapping[str, Spelling], fixed: Collection[int], reasons: dict[int, Change]
) -> NameMention:
    texts = []
    for slot, token in enumerate(mention.tokens):
        article, rest = split_article(token.text)
        spelling = None if token.start in fixed else chosen.get(fold(rest))
        if spelling and spelling.holds_for(mention, slot) and spelling.improves(rest):
            reasons[token.start] = Change(spelling.detector, spelling.confidence, spelling.explanation)
            rest = spelling.text
        texts.append(article + rest)
    return mention.respelled(texts)


def _with_particles(
    mention: NameMention, particles: Particles, fixed: Collection[int], reasons: dict[int, Change]
) -> NameMention:
    texts = []
    for old, new in zip(mention.tokens, particles.respell(mention).tokens, strict=True):
        changes = old.text != new.text and old.start not in fixed
        if changes:
            reasons.setdefault(old.start, Change("names:particle", 0.9))
        texts.append(new.text if changes else old.text)
    return mention.respelled(texts)


def _with_articles(
    mention: NameMention, articles: Articles, fixed: Collection[int], reasons: dict[int, Change]
) -> NameMention:
    texts = []
    for slot, token in enumerate(mention.tokens):
        text = token.text if token.start in fixed else articles.respell(mention, slot) + split_article(token.text)[1]
        if text != token.text:
            reasons.setdefault(token.start, Change("names:article", 0.9))
        texts.append(text)
    return mention.respelled(texts)


def _keeping_article(old: str, new: str) -> str:
    """Return the new spelling with the article of the old one, if both have one."""
    article, _ = split_article(old)
    known, known_rest = split_article(new)
    return article + known_rest if article and known and fold(article) == fold(known) else new
