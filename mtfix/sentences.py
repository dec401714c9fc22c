"""A line → sentences, by pysbd (Sadvilkar and Neumann, 2020) without the work that it does in vain."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pysbd
from pysbd.lang.english import English
from pysbd.utils import TextSpan

_ONE_SENTENCE = re.compile(r"[\w ,;’-]*[.!?]?")  # what no splitter would split
#: A day with a dot, which other languages put before a month ("on 3. May"): no sentence ends there.
_DAY = re.compile(r"\b(?:on|since|until|till|from|to|by|of|after|before|at|for|[A-Z]\w+day,?) (?:the )?\d{1,2}\. $")
_MONTH = re.compile(r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b")


def split(line: str) -> list[str]:
    """Split a line into sentences; one sentence where pysbd fails on odd characters or would lose some."""
    if line and _ONE_SENTENCE.fullmatch(line):
        return [line]
    try:
        parts: list[str] = _Segmenter().segment(line)
    except (ValueError, IndexError, re.error):
        return [line]
    if "".join(parts) != line:
        return [line]
    joined: list[str] = []
    for part in parts:
        if joined and _DAY.search(joined[-1]) and _MONTH.match(part):
            joined[-1] += part
        else:
            joined.append(part)
    return joined


class _Abbreviations(English.AbbreviationReplacer):  # type: ignore[misc]
    """Looks only for abbreviations that stand before a point in the text."""

    lang: Any

    def search_for_abbreviations_in_string(self, text: str) -> str:
        """Return the text with the points of abbreviations marked."""
        lowered, language, known = text.lower(), self.lang, self.lang.Abbreviation
        self.lang = SimpleNamespace(
            Abbreviation=SimpleNamespace(
                ABBREVIATIONS=[short for short in known.ABBREVIATIONS if f"{short.strip()}." in lowered],
                PREPOSITIVE_ABBREVIATIONS=known.PREPOSITIVE_ABBREVIATIONS,
                NUMBER_ABBREVIATIONS=known.NUMBER_ABBREVIATIONS,
            )
        )
        marked: str = super().search_for_abbreviations_in_string(text)
        self.lang = language
        return marked


class _English(English):  # type: ignore[misc]
    AbbreviationReplacer = _Abbreviations


class _Segmenter(pysbd.Segmenter):  # type: ignore[misc]
    """pysbd's, which compiles a regular expression for each sentence to find it again: half of its time."""

    def __init__(self) -> None:
        super().__init__(language="en", clean=False)
        self.language_module = _English

    def sentences_with_char_spans(self, sentences: list[str]) -> list[TextSpan]:
        """Return the places of the sentences, each with the white space after it, as pysbd does."""
        text: str = self.original_text
        spans: list[TextSpan] = []
        last = 0
        for sentence in filter(None, sentences):
            start = end = text.find(sentence)
            while start >= 0:
                end = start + len(sentence)
                end += len(text[end:]) - len(text[end:].lstrip())
                if end > last:
                    spans.append(TextSpan(text[start:end], start, end))
                    last = end
                    break
                start = text.find(sentence, end)
        return spans
