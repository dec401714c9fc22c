"""Document → mentions: capitalized runs with their particles, without titles and possessives."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

from mtfix.document import Block, Document, Sentence, Span, Token
from mtfix.names.lexicon import Lexicon, lexicon
from mtfix.names.romanization import fold, skeleton, split_article

#: Whether a token stands where English demands a capital: "maybe" after a quotation mark, colon, dash.
Opening = Literal["yes", "maybe", "no"]

#: How "father of" and "mother of" are spelt, and one spelling for each.
PARENTS = {"abu": "abu", "abou": "abu", "um": "umm", "umm": "umm", "oum": "umm"}
_POSSESSIVE = re.compile(r"(?<=\w)['’][sS]?$")
_CONTRACTION = re.compile(r"['’](?:m|re|ve|ll|d|t)$", re.IGNORECASE)
_STARTS_RUN = frozenset("abou abu al bin bint el ibn oum um umm van von".split())
_CONNECTORS = frozenset(("of", "for", "the", "and"))  # inside names of organizations
_GROUPS = frozenset(("people's", "women's", "men's", "children's"))
_LONGEST = 20  # words of a run of names; what is longer is a list or noise
_SHORTEST_IN_CAPITALS = 4  # letters of a name in capitals; shorter ones are acronyms
_SHOUTED = re.compile(r"[^\W\d_a-z]{3}")
_SENTENCE_END = re.compile(r"(\b\w*|)[.!?…][\"'”’»)\]]*$")


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
        return tuple(core for core in folded if len(core) > 1 and core not in particles and core not in _CONNECTORS)

    @property
    def is_organization(self) -> bool:
        """Whether it is a name like "Ministry of Health"."""
        return any(token.text in _CONNECTORS for token in self.tokens)

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


class Setting(NamedTuple):
    """A sentence, whether its first word must have a capital, whether it is a heading, and where that word stands."""

    sentence: Sentence
    opens: Opening
    heading: bool
    first: int

    def opening(self, position: int) -> Opening:
        """Return whether the token at a position must have a capital."""
        if position <= self.first:
            return self.opens
        before = self.sentence.tokens[position - 1].text
        return "no" if before[0].isalnum() or before in ",;.&/'’" else "maybe"


def find_mentions(document: Document, taken: Iterable[Span] = ()) -> list[NameMention]:
    """Return the names of a document in order; none overlaps a protected or a taken span."""
    lex = lexicon()
    places = list(settings(document))
    inside = _capitalized_inside(places)
    closed = bytearray(len(document.text))
    for span in (*document.protected, *taken):
        closed[span.start : span.end] = b"\1" * len(closed[span.start : span.end])
    hyphenated = _hyphenated(document)
    found = [
        mention
        for setting in places
        for run in (_with_spaced_articles(run, hyphenated) for run in _runs(setting.sentence, lex))
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
        run: list[tuple[int, Token]] = []
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


def settings(document: Document) -> Iterator[Setting]:
    """Yield every sentence with what its place says of capitals."""
    lex = lexicon()
    for block in document.blocks:
        for sentence in block.sentences:
            words = (position for position, token in enumerate(sentence.tokens) if token.text[0].isalnum())
            first = next(words, len(sentence.tokens))
            yield Setting(sentence, _opens(document, block, sentence, lex), block.kind == "heading", first)


def ordinary_words(document: Document) -> frozenset[str]:
    """Return the words that the document itself writes in lower case."""
    return frozenset(text for text in document.places if text.islower())


def strip_possessive(token: Token) -> Token:
    """Return the token without 's or a final apostrophe."""
    match = _POSSESSIVE.search(token.text)
    if match is None:
        return token
    return Token(token.start, token.start + match.start(), token.text[: match.start()])


def _capitalized_inside(places: Iterable[Setting]) -> frozenset[str]:
    """Return the words (in lower case) that stand capitalized inside a sentence, headings aside."""
    return frozenset(
        strip_possessive(token).text.lower()
        for setting in places
        for position, token in enumerate(setting.sentence.tokens)
        if token.text[0].isupper() and not setting.heading and setting.opening(position) == "no"
    )


def _opens(document: Document, block: Block, sentence: Sentence, lex: Lexicon) -> Opening:
    """Return "maybe" where a sentence may have been cut in two: after an abbreviation or an open line."""
    if sentence is not block.sentences[0]:
        previous = document.sentences[sentence.index - 1].text
    elif block is document.blocks[0]:
        return "yes"
    else:
        previous = document.text[max(0, block.start - 40) : block.start]
        if previous[len(previous.rstrip()) :].count("\n") > 1:
            return "yes"
        previous = previous.rstrip()
    end = _SENTENCE_END.search(previous)
    abbreviation = end and previous.endswith(".") and (len(end[1]) == 1 or end[1].lower() in lex.titles)
    return "yes" if end and not abbreviation else "maybe"


@lru_cache(maxsize=65536)
def _is_name_word(text: str) -> bool:
    """Whether a token is written like a part of a name; acronyms and codes are not."""
    core = split_article(text)[1]
    if not core[0].isupper() or any(c.isdigit() or c == "_" for c in core):
        return False
    return not any(len(part) > 1 and part.isupper() for part in re.split(r"[-‐‑]", core))


def _runs(sentence: Sentence, lex: Lexicon) -> Iterator[list[tuple[int, Token]]]:
    """Yield runs of adjacent name words and the particles between them, each with its position."""
    run: list[tuple[int, Token]] = []
    pending: list[tuple[int, Token]] = []
    dot_before = False

    def adjacent(token: Token) -> bool:
        end = (pending or run)[-1][1].end
        gap = sentence.text[end - sentence.start : token.start - sentence.start].strip()
        return gap in ("", "." * dot_before)

    for position, token in enumerate(sentence.tokens):
        text = token.text
        follows = bool(run or pending) and adjacent(token)
        if text == "." and follows and run and not pending and _abbreviates(run[-1][1].text, lex):
            dot_before = True
            continue
        if (run or pending) and not follows:
            if run:
                yield run
            run, pending = [], []
        dot_before = False
        is_particle = text in lex.particles and (run or pending or text in _STARTS_RUN)
        if is_particle or (text in _CONNECTORS and run and _may_connect(text, run, pending, lex)):
            pending.append((position, token))
        elif run and token.start < run[-1][1].end:  # the apostrophe of "Workers' Party"
            continue
        elif _is_name_word(text) and not (len(text) == 1 and not _is_initial(sentence, position)):
            name = _of_group(sentence, position, lex) or _without_suffix(strip_possessive(token), lex)
            if pending and not _connects(pending, name, lex):
                yield run
                run, pending = [], []
            run += [*pending, (position, name)]
            pending = []
            if name.end < token.end:
                yield run
                run = []
        else:
            if run:
                yield run
            run, pending = [], []
    if run:
        yield run


def _may_connect(text: str, run: list[tuple[int, Token]], pending: list[tuple[int, Token]], lex: Lexicon) -> bool:
    """Whether a small word can be part of the name of an organization: "Office for the Care of Books and Maps"."""
    if text == "the":
        return bool(pending) and pending[-1][1].text in ("of", "for")
    if pending or not any(token.text.lower() in lex.organizations for _, token in run):
        return False
    return text != "and" or (
        lex.is_ordinary(run[-1][1].text.lower()) and any(token.text in ("of", "for") for _, token in run)
    )


def _connects(pending: list[tuple[int, Token]], name: Token, lex: Lexicon) -> bool:
    """Whether the name of an organization goes on: after "and" and "for" with a word that isn't another name."""
    word = name.text.lower()
    return pending[0][1].text not in ("and", "for") or (lex.is_ordinary(word) and word not in lex.organizations)


def _of_group(sentence: Sentence, position: int, lex: Lexicon) -> Token | None:
    """Return "Workers'" of "Workers' Party" and "People's" of "People's Front", with the apostrophe; else None."""
    token, *after = sentence.tokens[position : position + 3]
    word = token.text.lower().replace("’", "'")
    if after and word.endswith("s") and lex.is_ordinary(word) and after[0].text in ("'", "’"):
        if after[0].start == token.end:
            token, after = Token(token.start, after[0].end, token.text + after[0].text), after[1:]
    elif word not in _GROUPS:
        return None
    follows = after and after[0].start == token.end + 1 and after[0].text[0].isupper()
    return token if follows and lex.is_ordinary(after[0].text.lower()) and token.text[-1] in "'’s" else None


def _hyphenated(document: Document) -> frozenset[str]:
    """Return the folded names that the document writes with a small article and a hyphen ("al-Name")."""
    parts = (split_article(strip_possessive(tokens[0]).text) for tokens in document.places.values())
    return frozenset(fold(rest) for article, rest in parts if article[:1].islower())


def _with_spaced_articles(run: list[tuple[int, Token]], hyphenated: Collection[str]) -> list[tuple[int, Token]]:
    """Make one token of "Al Name" where the document also writes "al-Name"; "Al Gore" stays two."""
    joined: list[tuple[int, Token]] = []
    for position, token in run:
        before = joined[-1][1] if joined else None
        spaced = before and before.text.lower() in ("al", "el") and before.end + 1 == token.start
        if before and spaced and token.text[0].isupper() and fold(token.text) in hyphenated:
            joined[-1] = (joined[-1][0], Token(before.start, token.end, f"{before.text} {token.text}"))
        else:
            joined.append((position, token))
    return joined


def _abbreviates(text: str, lex: Lexicon) -> bool:
    return len(text) == 1 or text.lower() in lex.titles or text.lower() in lex.suffixes or text == "St"


def _is_initial(sentence: Sentence, position: int) -> bool:
    return position + 1 < len(sentence.tokens) and sentence.tokens[position + 1].text == "."


def _without_suffix(token: Token, lex: Lexicon) -> Token:
    """Return "Name" of "Name-led"; "Jong-un" is whole."""
    head, hyphen, tail = token.text.rpartition("-")
    is_word = tail in lex.compounds or (tail.endswith("ed") and tail in lex.words)
    if hyphen and is_word and not split_article(token.text)[0]:
        return Token(token.start, token.start + len(head), head)
    return token


def _names(
    run: list[tuple[int, Token]], setting: Setting, inside: frozenset[str], lex: Lexicon
) -> Iterator[NameMention]:
    """Yield the names of a run: without what only opens the sentence, titles, and in headings other words."""
    sentence = setting.sentence
    while run and _only_opens(run, setting, inside, lex):
        run = run[1:]
    organization = any(token.text in _CONNECTORS for _, token in run)
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


def _only_opens(run: list[tuple[int, Token]], setting: Setting, inside: frozenset[str], lex: Lexicon) -> bool:
    """Whether the first word of a run is no part of its name: its capital only opens the sentence."""
    position, token = run[0]
    if len(token.text) == 1:  # an initial
        return False
    word = _CONTRACTION.sub("", token.text).lower()
    if word in lex.first_names and word not in inside and len(run) > 1:
        return not _goes_on_as_name(word, run[1][1].text, setting.sentence, lex)
    if word in lex.organizations and len(run) > 1 and run[1][1].text in _CONNECTORS:
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


def _is_cut(sentence: Sentence, part: list[tuple[int, Token]]) -> bool:
    first, last = part[0][0], part[-1][0]
    beside = [*sentence.tokens[max(0, first - 1) : first], *sentence.tokens[last + 1 : last + 2]]
    return any(len(token.text) > 1 and token.text.isupper() for token in beside)


def _precedes_title(word: str, lex: Lexicon) -> bool:
    return lex.is_ordinary(word) or lex.is_place(word)


def _split(run: list[tuple[int, Token]], lex: Lexicon) -> list[list[tuple[int, Token]]]:
    """Cut a run of a heading at ordinary words, which have capitals there too."""
    parts: list[list[tuple[int, Token]]] = [[]]
    for item in run:
        if lex.is_ordinary(item[1].text.lower()):
            parts.append([])
        else:
            parts[-1].append(item)
    return [part for part in parts if part]
