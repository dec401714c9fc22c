"""Phrases that a translation system has got caught in: "able to be able to be able to be", "the head of the head"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import yaml

from mtfix.document import Document, Token
from mtfix.result import Edit, Issue

_LISTS = Path(__file__).parent.parent / "rules" / "_loops.yaml"
_LONGEST = 12  # tokens of a phrase
_REACH = 8  # words before a phrase among which the beginning of a clause counts
_LONG = 4  # words of a phrase that nobody writes again after "and" or a comma
_JOINTS = ("of", "and", ",")
_MEANT = 1000  # copies that no text has


class _View(NamedTuple):
    """How many tokens on the same word stands again, a word of letters and a number; many if there is none.

    No looped phrase is without a word of more than one letter, and none has a number.
    """

    again: int
    letters: int
    number: int


def loops(document: Document) -> Iterator[Issue | Edit]:
    """Yield all copies but the first of a phrase, in order, to be deleted.

    Inside quotation marks they are only reported, and so is a second copy that begins with a capital: it may be another
    heading, or the next cell of a table.
    """
    for sentence in document.sentences:
        tokens, words = sentence.tokens, sentence.lower
        if len({*pairwise(words)}) >= len(words) - 1:  # no loop without two words that stand there twice side by side
            continue
        views = _views(words)
        position = 0
        while position < len(words):
            first = last = position
            if views[position].again <= _LONGEST + 2 and words[position][0].isalnum():
                first, last = _repeated(words, position, views[position])
            if last > first and not _is_glued(tokens[first], tokens[first + 1]):
                yield _deletion(document, tokens, position, first, last)
            position = max(position, last) + 1


def _views(words: Sequence[str]) -> list[_View]:
    """Return what lies ahead of each token."""
    views: list[_View] = []
    places: dict[str, int] = {}
    never = letters = number = 2 * len(words) + _MEANT
    for position in range(len(words) - 1, -1, -1):
        word = words[position]
        if word[0].isdigit():
            number = position
        elif len(word) > 1 and word[0].isalpha():
            letters = position
        views.append(_View(places.get(word, never) - position, letters - position, number - position))
        places[word] = position
    return views[::-1]


def _is_glued(one: Token, other: Token) -> bool:
    """Whether these are pieces of one word."""
    return one.end == other.start and other.text[0].isalnum()


def _repeated(words: Sequence[str], start: int, view: _View) -> tuple[int, int]:
    """Return the last token of the phrase that begins here and the last of its copies: the same if there are none."""
    longest = min(_LONGEST, view.number, (len(words) - start) // 2)
    for size in range(max(1, view.again - 2), longest + 1):
        end = start + size
        if words[end] == words[start] and size > view.letters:
            phrase = words[start:end]
            if words[end : end + size] != phrase:
                continue
            fewest = _fewest(phrase, words[max(0, start - _REACH) : start])
            while fewest < _MEANT and words[end : end + size] == phrase:
                end += size
            if (end - start) // size >= fewest:
                if not phrase[-1][0].isalnum() and words[end : end + size - 1] == phrase[:-1]:
                    return start + size - 2, end + size - 2
                return start + size - 1, end - 1
        elif words[end] in _JOINTS:
            joint = 2 if words[end : end + 2] == (",", "and") else 1
            if _is_joined(words, start, size, joint):
                return end - 1, end + joint + size - 1
    return start, start


def _fewest(phrase: Sequence[str], before: Sequence[str]) -> int:
    """Return how many copies of a phrase after these words nobody writes on purpose."""
    lists = _lists()
    inner = [word for word in phrase if word[0].isalpha() and len(word) > 1]
    if len(phrase) == 1:
        if phrase[0] in lists["twice"]:
            return _MEANT
        return 6 if lists["stressed"].intersection(phrase) else 4
    if len(inner) == 1:
        return 6
    if not all(word[0].isalpha() for word in phrase):
        return 4 if lists["clause"].intersection(phrase) else 3
    return 3 if len(inner) == 2 or lists["clause"].intersection([*phrase, *before]) else 2


def _is_joined(words: Sequence[str], start: int, size: int, joint: int) -> bool:
    """Whether a phrase is joined to itself: "the head of the head", "a singer and a singer", "to go home, to go home".

    `joint`: the number of tokens between the two.
    """
    lists, middle = _lists(), start + size
    end = middle + joint + size
    phrase, after = words[start:middle], words[end] if end < len(words) else "."
    if words[middle + joint : end] != phrase or not all(word[0].isalpha() for word in phrase):
        return False
    by_article = size > 1 and phrase[0] in lists["article"]
    if words[middle] == "of":
        return by_article and phrase[0] not in ("a", "an") and not lists["superlative"].intersection(phrase)
    if lists["two"].intersection(words[max(0, start - 4) : start]):
        return False
    if after[0].isalnum() or size < _LONG:
        return by_article and words[middle] == "and" and (not after[0].isalnum() or after in lists["preposition"])
    return words[middle + joint - 1] == "and" or not lists["clause"].intersection(phrase)


def _deletion(document: Document, tokens: Sequence[Token], position: int, first: int, last: int) -> Issue | Edit:
    phrase = document.text[tokens[position].start : tokens[first].end]
    start, end = tokens[first].end, tokens[last].end
    if tokens[first + 1].text == "and" and _ends_list(tokens, position):  # which needs its "and": the first copy goes
        start, end = tokens[position - 2].end, tokens[first].end
    message = f"‘{phrase}’ is repeated: the translation system was caught in a loop."
    issue = Issue(start, end, document.text[start:end], "duplication", "major", 0.93, message, "loops", ("",))
    size, by_comma = first - position + 1, tokens[first + 1].text == ","
    may_be_meant = last - first == size + by_comma and tokens[first + 1 + by_comma].text[0].isupper()
    if may_be_meant or document.is_quoted(start, end) or document.is_protected(start, end):
        return issue
    return Edit(start, end, document.text[start:end], "", (issue,))


def _ends_list(tokens: Sequence[Token], position: int) -> bool:
    """Whether two things before this one begin like it, with commas between: "the dogs, the cows, the cats"."""
    commas = [i for i in range(max(0, position - _REACH), position) if tokens[i].text == ","]
    return commas[-1:] == [position - 1] and any(tokens[i + 1].text == tokens[position].text for i in commas[:-1])


@cache
def _lists() -> dict[str, frozenset[str]]:
    lists = yaml.safe_load(_LISTS.read_text(encoding="utf-8"))
    return {
        name: frozenset(lists[name])
        for name in ("stressed", "twice", "clause", "article", "superlative", "two", "preposition")
    }
