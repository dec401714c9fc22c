"""Finding the listed spellings of a glossary in a text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from mtfix.document import Document, Token, tokenize
from mtfix.names.romanization import fold, split_article
from mtfix.names.runs import strip_possessive
from mtfix.names.setting import Setting, settings

_ARTICLES = ("al", "el")
_HYPHENS = "-‐‑"
_BEFORE = re.compile(rf"[^\W\d_]+[{_HYPHENS}](?=[^\W\d_])")  # pro-, anti-, ex-
_AFTER = re.compile(rf"(?<=\w)[{_HYPHENS}][^\W\d_]+$")  # -led, -based
_SHORTEST_IN_CAPITALS = 4  # letters of a name that may also stand in capitals; shorter ones are acronyms


class Word(NamedTuple):
    """A token, or an article with the token after it: where it and its core stand, the article in lower case, the core.

    position: of its first token in the sentence.
    """

    start: int
    core: int
    end: int
    article: str
    text: str
    position: int

    @property
    def key(self) -> str:
        """What two words share that are listed as one: the core in its case, the article in any."""
        return f"{self.article}-{self.text}" if self.article else self.text


def words(tokens: Sequence[Token]) -> list[Word]:
    """Return tokens with each Arabic article joined to its name, however it is written (al-X, Al X, al- X)."""
    found: list[Word] = []
    position = 0
    while position < len(tokens):
        token, first = tokens[position], position
        article, core = split_article(token.text)
        if not article and token.text.lower() in _ARTICLES:
            following = position + 1
            if following < len(tokens) and tokens[following] == (token.end, token.end + 1, tokens[following].text):
                following += tokens[following].text in _HYPHENS
            if following < len(tokens) and tokens[following].text[0].isupper():
                article, position = token.text + "-", following
                core = tokens[following].text
        last = tokens[position]
        found.append(Word(token.start, last.end - len(core), last.end, article[:-1].lower(), core, first))
        position += 1
    return found


def key(spelling: str) -> tuple[str, ...]:
    """Return what two spellings share that a glossary can't tell from each other."""
    return tuple(word.key for word in words(tuple(tokenize(spelling))))


class GlossaryMatch(NamedTuple):
    """A listed spelling in a sentence: where it stands, how many words it has, its canonical spelling.

    core: where what is replaced begins; an article before it stays. is_effective: whether its entry says more than that
    this spelling is right.
    """

    start: int
    core: int
    end: int
    length: int
    canonical: str
    is_effective: bool


class Listed(NamedTuple):
    """A place where a document has a spelling of an entry that says more than that it is right.

    new: the canonical spelling, with the capital that the place demands.
    """

    start: int
    end: int
    text: str
    new: str
    canonical: str

    @property
    def is_name(self) -> bool:
        """Whether it is a name, and no other term."""
        return self.canonical[0].isupper() or bool(split_article(self.canonical)[0])


class Glossary:
    """Finds the variants of a glossary: whole words, with or without a possessive, in the listed case or in capitals.

    A name is also found with another form of its article (el-X for al-X), and in "pro-Name" and "Name-led".
    """

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
        # Canonical spellings are looked up too, so that a variant inside one is left alone.
        self._effective = {name for name, variants in names.items() if any(key(v) != key(name) for v in variants)}
        self._exact: dict[tuple[str, ...], str] = {}
        self._cores: dict[tuple[str, ...], str | None] = {}
        self._capitals: dict[tuple[str, ...], str] = {}
        self._lengths: dict[str, set[int]] = defaultdict(set)
        for name, variants in names.items():
            for spelling in (*variants, name) if variants else ():
                self._add(name, words(tuple(tokenize(spelling))))

    def _add(self, name: str, listed: list[Word]) -> None:
        if not listed:
            return
        cores = tuple(word.text for word in listed)
        self._exact[tuple(word.key for word in listed)] = name
        self._lengths[cores[0]].add(len(cores))
        if name not in self._effective:
            return
        if self._cores.setdefault(cores, name) != name:
            self._cores[cores] = None
        letters = "".join(cores)
        if letters != letters.lower() and len(letters) >= _SHORTEST_IN_CAPITALS:
            self._capitals.setdefault(tuple(word._replace(text=word.text.upper()).key for word in listed), name)
            self._lengths[cores[0].upper()].add(len(cores))

    def __bool__(self) -> bool:
        return bool(self._exact)

    def find(self, document: Document) -> list[Listed]:
        """Return the listed spellings of a document in order; none overlaps another.

        A surname alone belongs to the person whom the document names in full, when an entry has that full name.
        """
        found: list[tuple[GlossaryMatch, Setting, int]] = []
        surnames: dict[str, set[str]] = defaultdict(set)
        for setting in settings(document) if self else ():
            sentence = words(setting.sentence.tokens)
            number = 0
            while number < len(sentence):
                position = sentence[number].position
                any_capital = setting.heading or setting.opening(position) != "no"
                match = self._match(sentence, number, any_capital)
                if match:
                    match, position = _with_words_before(match, sentence, number)
                    found.append((match, setting, position))
                    if match.length > 1:
                        surname = _surname(match.canonical)
                        for last in (sentence[number + match.length - 1].text, surname):
                            surnames[fold(last)].add(surname)
                number += match.length if match else 1
        return [
            _placed(document, *place)
            for place in found
            if place[0].is_effective and _agrees(document.text, place[0], surnames)
        ]

    def _match(self, sentence: Sequence[Word], number: int, any_capital: bool) -> GlossaryMatch | None:
        """Return the longest listed spelling that starts at a word.

        any_capital: the place may have given its first letter a capital.
        """
        for first in _starts(sentence[number], any_capital):
            for run in self._runs(first, sentence, number):
                found = self._look_up(run)
                if found:
                    return found
        return None

    def _runs(self, first: Word, sentence: Sequence[Word], number: int) -> Iterator[list[Word]]:
        """Yield the words that a listed spelling may have there, the most first."""
        for length in sorted(self._lengths.get(first.text, ()), reverse=True):
            if 1 < length <= len(sentence) - number:
                *middle, last = sentence[number + 1 : number + length]
                for end in _ends(last):
                    yield [first, *middle, end]
        for end in _ends(first):
            if 1 in self._lengths.get(end.text, ()):
                yield [end]

    def _look_up(self, run: list[Word]) -> GlossaryMatch | None:
        exact = tuple(word.key for word in run)
        core, canonical = run[0].start, self._exact.get(exact)
        effective = canonical in self._effective
        if canonical is None and any(word.article for word in run):
            cores = tuple(word.text for word in run)
            canonical = self._cores.get(cores)
            if canonical and not words(tuple(tokenize(canonical)))[0].article:
                core = run[0].core
            effective = canonical != " ".join(cores)
        if canonical is None and "".join(word.text for word in run).isupper() and exact in self._capitals:
            canonical, effective = self._capitals[exact].upper(), True
        return GlossaryMatch(run[0].start, core, run[-1].end, len(run), canonical, effective) if canonical else None


def _agrees(text: str, match: GlossaryMatch, surnames: Mapping[str, set[str]]) -> bool:
    """Whether no full name of an entry has another canonical spelling of a surname that stands alone."""
    if match.length > 1:
        return True
    owners = surnames.get(fold(split_article(text[match.start : match.end])[1]))
    return owners is None or _surname(match.canonical) in owners


def _with_words_before(match: GlossaryMatch, sentence: Sequence[Word], number: int) -> tuple[GlossaryMatch, int]:
    """Return a match with the words before it that its canonical spelling has too, and its first token.

    So "Karim Dalway" becomes "Karim Delvani", if "Dalway" is listed as a spelling of that.
    """
    canonical = words(tuple(tokenize(match.canonical)))
    for count in range(min(len(canonical) - 1, number), 0, -1):
        before = sentence[number - count : number]
        if match.length < len(canonical) and [w.key for w in before] == [w.key for w in canonical[:count]]:
            start, length = before[0].start, match.length + count
            return match._replace(start=start, core=start, length=length), before[0].position
    return match, sentence[number].position


def _surname(name: str) -> str:
    return words(tuple(tokenize(name)))[-1].text


def _placed(document: Document, match: GlossaryMatch, setting: Setting, position: int) -> Listed:
    start, end, canonical = match.start, match.end, match.canonical
    text = document.text[start:end]
    place = setting.opening(position)
    capital = place == "yes" or (text[0].isupper() and (setting.heading or place == "maybe"))
    kept = text[: match.core - start]
    new = kept + (canonical[0].upper() + canonical[1:] if capital and not kept else canonical)
    return Listed(start, end, text, new, canonical)


def _starts(word: Word, any_capital: bool) -> Iterator[Word]:
    """Yield a word as the first of a listed spelling: itself, with a small letter, and what follows "pro-"."""
    yield word
    if any_capital and not word.article:
        yield word._replace(text=word.text[0].lower() + word.text[1:])
    before = None if word.article else _BEFORE.match(word.text)
    if before:
        start = word.core + before.end()
        article, core = split_article(word.text[before.end() :])
        if core[0].isupper():
            yield word._replace(start=start, core=start + len(article), article=article[:-1].lower(), text=core)


def _ends(word: Word) -> Iterator[Word]:
    """Yield a word as the last of a listed spelling: itself, without a possessive, and what stands before "-led"."""
    yield word
    token = Token(word.core, word.end, word.text)
    shorter = strip_possessive(token)
    if shorter is not token:
        yield word._replace(end=shorter.end, text=shorter.text)
    after = _AFTER.search(shorter.text)
    if after and after.group()[1:].islower() and word.text[0].isupper():
        yield word._replace(end=word.core + after.start(), text=shorter.text[: after.start()])
