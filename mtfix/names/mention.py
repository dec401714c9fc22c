"""Document → mentions: capitalized runs with their particles, without titles and possessives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from mtfix.document import Document, Sentence, Span, Token
from mtfix.names.lexicon import Lexicon, lexicon
from mtfix.names.romanization import fold, skeleton, split_article
from mtfix.names.runs import CONNECTORS, Run, hyphenated_names, runs, strip_possessive, with_spaced_articles
from mtfix.names.setting import Opening, Setting, settings

#: How "father of" and "mother of" are spelt, and one spelling for each.
PARENTS = {"abu": "abu", "abou": "abu", "um": "umm", "umm": "umm", "oum": "umm"}
_CONTRACTION = re.compile(r"['’](?:m|re|ve|ll|d|t)$", re.IGNORECASE)
_LONGEST = 20  # words of a run of names; what is longer is a list or noise
_SHORTEST_IN_CAPITALS = 4  # letters of a name in capitals; shorter ones are acronyms
_SHOUTED = re.compile(r"[^\W\d_a-z]{3}")


@dataclass(frozen=True)
class NameMention:
    """A name where it stands: its tokens (original offsets, text as now spelt) and its setting."""

    tokens: tuple[Token, ...]
    opening: Opening
    titled: bool
    cut: bool  # whether it is no person's full name: an organization's, or beside an acronym or a word in capitals
    heading: bool
    sentence: int
    located: bool = False  # whether a word that places stand after is written before it (in, near)

    @cached_property
    def cores(self) -> tuple[str, ...]:
        """The folded tokens without articles, particles and initials: what tells one name from another."""
        particles = lexicon().particles
        folded = (fold(split_article(token.text)[1]) for token in self.tokens)
        return tuple(core for core in folded if len(core) > 1 and core not in particles and core not in CONNECTORS)

    @property
    def is_organization(self) -> bool:
        """Whether it is a name like "Ministry of Health"."""
        return any(token.text in CONNECTORS for token in self.tokens)

    @property
    def sons(self) -> frozenset[str]:
        """The cores that stand after "Abu" or "Umm"."""
        pairs = pairwise(self.tokens)
        return frozenset(fold(token.text) for before, token in pairs if before.text.lower() in PARENTS)

    @property
    def text(self) -> str:
        """The name as it is now spelt, with single spaces."""
        return " ".join(token.text for token in self.tokens)

    def respelled(self, texts: Sequence[str]) -> NameMention:
        """Return the mention with other spellings of its tokens, in capitals if it is; itself, if they are its own."""
        texts = [
            text.upper() if len(token.text) > 1 and token.text.isupper() else text
            for token, text in zip(self.tokens, texts, strict=True)
        ]
        if all(token.text == text for token, text in zip(self.tokens, texts, strict=True)):
            return self
        tokens = tuple(token._replace(text=text) for token, text in zip(self.tokens, texts, strict=True))
        return replace(self, tokens=tokens)


def find_mentions(document: Document, taken: Iterable[Span] = ()) -> list[NameMention]:
    """Return the names of a document in order; none overlaps a protected or a taken span."""
    lex = lexicon()
    places = list(settings(document))
    inside = _capitalized_inside(places)
    closed = bytearray(len(document.text))
    for span in (*document.protected, *taken):
        closed[span.start : span.end] = b"\1" * len(closed[span.start : span.end])
    hyphenated = hyphenated_names(document)
    found = [
        mention
        for setting in places
        for run in (with_spaced_articles(run, hyphenated) for run in runs(setting.sentence, lex))
        if len(run) <= _LONGEST
        for mention in _names(run, setting, inside, lex)
    ]
    found += _in_capitals(places, found, lex)
    found.sort(key=lambda mention: mention.tokens[0].start)
    return [mention for mention in found if closed.find(1, mention.tokens[0].start, mention.tokens[-1].end) < 0]


def _in_capitals(places: Sequence[Setting], found: Sequence[NameMention], lex: Lexicon) -> Iterator[NameMention]:
    """Yield the names in capitals of headings and of lines in capitals: words that sound like names found elsewhere.

    In a heading that isn't in capitals itself, such a word may be an acronym: it has to be one of these names.
    """
    names = {core for mention in found for core in mention.cores if len(core) >= _SHORTEST_IN_CAPITALS}
    sounds = {skeleton(core) for core in names}
    pairs = {tuple(map(skeleton, pair)) for mention in found for pair in pairwise(mention.cores)}
    for setting in places if names else ():
        sentence = setting.sentence
        if not _SHOUTED.search(sentence.text):
            continue
        words = [token for token in sentence.tokens if token.text[0].isalpha()]
        loud = 2 * sum(len(token.text) > 1 and token.text.isupper() for token in words) > len(words) > 1
        run: Run = []
        runs = []
        for position, token in enumerate(map(strip_possessive, sentence.tokens)):
            core = fold(split_article(token.text)[1])
            if not token.text.isupper() or len(core) < _SHORTEST_IN_CAPITALS or lex.is_ordinary(core):
                continue
            if core in names or (loud and skeleton(core) in sounds):
                last = run[-1] if run else None
                if last and last[0] + 1 == position and (skeleton(fold(last[1].text)), skeleton(core)) in pairs:
                    run.append((position, token))
                else:
                    run = [(position, token)]
                    runs.append(run)
        if loud or setting.heading:
            for run in runs:
                tokens = tuple(token for _, token in run)
                yield NameMention(tokens, setting.opening(run[0][0]), False, True, True, sentence.index)


def ordinary_words(document: Document) -> frozenset[str]:
    """Return the words that the document itself writes in lower case."""
    return frozenset(text for text in document.places if text.islower())


def _capitalized_inside(places: Iterable[Setting]) -> frozenset[str]:
    """Return the words (in lower case) that stand capitalized inside a sentence, headings aside."""
    return frozenset(
        strip_possessive(token).text.lower()
        for setting in places
        for position, token in enumerate(setting.sentence.tokens)
        if token.text[0].isupper() and not setting.heading and setting.opening(position) == "no"
    )


def _names(run: Run, setting: Setting, inside: frozenset[str], lex: Lexicon) -> Iterator[NameMention]:
    """Yield the names of a run: without what only opens the sentence, titles, and in headings other words."""
    sentence = setting.sentence
    while run and _only_opens(run, setting, inside, lex):
        run = run[1:]
    organization = any(token.text in CONNECTORS for _, token in run)
    before = sentence.tokens[run[0][0] - 1].text.lower() if run and run[0][0] else ""
    titled = before in lex.titles
    titles = [i for i, (_, token) in enumerate(run) if token.text.lower() in lex.titles and not organization]
    while titles and titles[-1] == len(run) - 1 and len(titles) < len(run):
        titles.pop()
    if titles:
        if not all(_precedes_title(token.text.lower(), lex) for _, token in run[: titles[-1]]):
            yield from _names(run[: titles[0]], setting, inside, lex)  # "Fatah" of "Fatah Colonel Samir"
        run, titled = run[titles[-1] + 1 :], True
    while run and run[-1][1].text.lower() in lex.suffixes:
        run = run[:-1]
    parts = _split(run, lex) if setting.heading else [run]
    for part in parts:
        if any(token.text not in lex.particles for _, token in part):
            tokens = tuple(token for _, token in part)
            opens = setting.opening(part[0][0])
            cut = organization or _is_cut(sentence, part)
            first = part[0][0]
            located = first > 0 and sentence.tokens[first - 1].text.lower() in lex.locatives
            yield NameMention(tokens, opens, titled, cut, setting.heading, sentence.index, located)
            titled = False


def _only_opens(run: Run, setting: Setting, inside: frozenset[str], lex: Lexicon) -> bool:
    """Whether the first word of a run is no part of its name: its capital only opens the sentence."""
    position, token = run[0]
    if len(token.text) == 1:  # an initial
        return False
    word = _CONTRACTION.sub("", token.text).lower()
    if word in lex.first_names and word not in inside and len(run) > 1:
        return not _goes_on_as_name(word, run[1][1].text, setting.sentence, lex)
    if word in lex.organizations and len(run) > 1 and run[1][1].text in CONNECTORS:
        return False
    if word in lex.openers or word in lex.calendar:
        return True
    capital_by_place = setting.opening(position) != "no"
    return capital_by_place and lex.is_ordinary(word) and word not in lex.titles and word not in inside


def _goes_on_as_name(first: str, text: str, sentence: Sentence, lex: Lexicon) -> bool:
    """Whether a first name that is also a word has a name after it, and is no verb of a question."""
    word = text.lower()
    if word in lex.openers or word in lex.calendar or word in lex.titles or lex.is_place(word):
        return False
    return first not in lex.openers or not (sentence.text.rstrip("\"'”’)").endswith("?") or lex.is_ordinary(word))


def _is_cut(sentence: Sentence, part: Run) -> bool:
    first, last = part[0][0], part[-1][0]
    beside = [*sentence.tokens[max(0, first - 1) : first], *sentence.tokens[last + 1 : last + 2]]
    return any(len(token.text) > 1 and token.text.isupper() for token in beside)


def _precedes_title(word: str, lex: Lexicon) -> bool:
    return lex.is_ordinary(word) or lex.is_place(word)


def _split(run: Run, lex: Lexicon) -> list[Run]:
    """Cut a run of a heading at ordinary words, which have capitals there too."""
    parts: list[Run] = [[]]
    for item in run:
        if lex.is_ordinary(item[1].text.lower()):
            parts.append([])
        else:
            parts[-1].append(item)
    return [part for part in parts if part]
