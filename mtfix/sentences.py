"""A line → sentences, by pysbd (Sadvilkar and Neumann, 2020) without the work that it does in vain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from pysbd.lang.english import English
from pysbd.lists_item_replacer import ListItemReplacer
from pysbd.processor import Processor
from pysbd.utils import Text

_ONE_SENTENCE = re.compile(r"[\w ,;’-]*[.!?]?")  # what no splitter would split
#: What may be the number or letter of a list item, or one of the two signs that pysbd writes for them.
_LIST_ITEM = re.compile(r"[)♨☝]|(?<!\S)[a-z]\.|\d\.\s")
#: A day with a dot, which other languages put before a month ("on 3. May"): no sentence ends there.
_DAY = re.compile(r"\b(?:on|since|until|till|from|to|by|of|after|before|at|for|[A-Z]\w+day,?) (?:the )?\d{1,2}\. $")
_MONTH = re.compile(r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b")


@lru_cache(maxsize=4096)  # a text comes again after each pass that changes it, with most of its lines the same
def split(line: str) -> tuple[str, ...]:
    """Split a line into sentences; one sentence where pysbd fails on odd characters or would lose some."""
    if line and _ONE_SENTENCE.fullmatch(line):
        return (line,)
    try:
        sentences = _Processor(line, _English).process()
    except (ValueError, IndexError, re.error):
        return (line,)
    joined: list[str] = []
    for part in _parts(line, sentences):
        if joined and _DAY.search(joined[-1]) and _MONTH.match(part):
            joined[-1] += part
        else:
            joined.append(part)
    return tuple(joined)


def _parts(line: str, sentences: Iterable[str]) -> list[str]:
    """Return the sentences, each with the white space after it; one where they are not all of the line."""
    parts: list[str] = []
    end = 0
    for sentence in filter(None, sentences):
        start, end = end, end + len(sentence)
        if line[start:end] != sentence:
            return [line]
        while line[end : end + 1].isspace():
            end += 1
        parts.append(line[start:end])
    return parts if end == len(line) else [line]


class _Abbreviations(English.AbbreviationReplacer):  # type: ignore[misc]
    """Looks only for abbreviations that stand before a point in the text."""

    lang: Any

    def search_for_abbreviations_in_string(self, text: str) -> str:
        """Return the text with the points of abbreviations marked."""
        words = (word for word in text.lower().split() if "." in word)
        before_points = {word[:place] for word in words for place, letter in enumerate(word) if letter == "."}
        language, known = self.lang, self.lang.Abbreviation
        self.lang = SimpleNamespace(
            Abbreviation=SimpleNamespace(
                ABBREVIATIONS=[short for short in known.ABBREVIATIONS if short.strip() in before_points],
                PREPOSITIVE_ABBREVIATIONS=known.PREPOSITIVE_ABBREVIATIONS,
                NUMBER_ABBREVIATIONS=known.NUMBER_ABBREVIATIONS,
            )
        )
        self._marked: set[tuple[str, ...]] = set()
        marked: str = super().search_for_abbreviations_in_string(text)
        self.lang = language
        return marked

    def scan_for_replacements(self, text: str, found: str, number: int, following: Sequence[str]) -> str:
        """Return the text with the points of one abbreviation marked, wherever it stands: once is enough."""
        case = (found, *following[number : number + 1])
        if case in self._marked:
            return text
        self._marked.add(case)
        marked: str = super().scan_for_replacements(text, found, number, following)
        return marked


#: What pysbd writes for marks that end no sentence, with the marks; in no pattern is a sign of regular expressions.
_STAND_INS = [
    (rule.pattern, rule.replacement) for rule in (*English.SubSymbolsRules.All, *English.ReinsertEllipsisRules.All)
]


class _English(English):  # type: ignore[misc]
    AbbreviationReplacer = _Abbreviations
    SubSymbolsRules = ReinsertEllipsisRules = SimpleNamespace(All=())


class _Processor(Processor):  # type: ignore[misc]
    """Looks for list items only where something may be one, and puts the marks back by plain replacement."""

    text: str
    lang: Any

    def process(self) -> list[str]:
        """Return the sentences."""
        self.text = self.text.replace("\n", "\r")
        if _LIST_ITEM.search(self.text):
            self.text = ListItemReplacer(self.text).add_line_break()
        self.replace_abbreviations()
        self.replace_numbers()
        self.replace_continuous_punctuation()
        self.replace_periods_before_numeric_references()
        abbreviations = self.lang.Abbreviation.WithMultiplePeriodsAndEmailRule
        self.text = Text(self.text).apply(abbreviations, self.lang.GeoLocationRule, self.lang.FileFormatRule)
        sentences: list[str] = self.split_into_segments()
        return sentences

    def post_process_segments(self, txt: str) -> str | list[str]:
        """Return a sentence with its marks, or several if it ends inside quotation marks."""
        for stand_in, mark in _STAND_INS:
            txt = txt.replace(stand_in, mark)
        sentences: str | list[str] = super().post_process_segments(txt)
        return sentences
