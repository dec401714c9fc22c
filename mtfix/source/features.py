"""What a text is reduced to before its source language is guessed: function words in a row, habits, shapes of names.

Words with a content are replaced by their ending, names and numbers by their kind, so that the topic can't be learned:
the texts to learn from differ in topic from language to language. That function words tell the sources of translations
apart was shown by van Halteren (2008) and by Koppel and Ordan (2011).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from functools import lru_cache
from importlib.resources import files
from itertools import chain, pairwise
from typing import NamedTuple

import yaml

from mtfix.document import words
from mtfix.names.lexicon import lexicon

_ENDINGS = ("ing", "ed", "ly", "tion", "ity", "ment", "s")
_QUOTES, _DASHES, _MARKS = "\"'“”„«»‘’`´", "-–—−‐‑", ".,;:!?()[]/%$"
_LONGEST = 64  # letters of a word that are looked at
_NUMBERING = frozenset(("NUMBER", ".", "-", ")"))  # what numbers a paragraph says nothing
_STEPS = (6, 12, 18, 25, 35, 50)  # tokens, at which a sentence counts as longer


class _Words(NamedTuple):
    function: frozenset[str]
    calendar: dict[str, str]
    shapes: dict[str, re.Pattern[str]]


def features(text: str) -> tuple[Counter[str], int]:
    """Return how often each feature of a text occurs, and the number of its tokens."""
    row: list[str] = []  # all sentences, each with its beginning, "^"
    others: list[str] = []
    lengths: list[int] = []
    for line in text.splitlines():
        sentence: list[str] = []
        for token in (*words(line), ""):
            mask, shapes = _masked(token[:_LONGEST], not sentence) if token else ("", ())
            if mask and (sentence or mask not in _NUMBERING):
                sentence.append(mask)
            others += shapes
            if token in ".!?" and sentence:  # or the line ends
                row += ["^", *sentence]
                lengths.append(len(sentence))
                sentence = []
    counts = Counter(row)
    for parts, number in Counter(chain(pairwise(row), zip(row, row[1:], row[2:], strict=False))).items():
        if "^" not in parts[1:]:
            counts[" ".join(parts)] = number
    counts.update(others)
    counts.update(f"length {bisect_right(_STEPS, length)}" for length in lengths)
    return counts, sum(lengths)


@lru_cache(maxsize=65536)
def _masked(token: str, opens: bool) -> tuple[str, tuple[str, ...]]:
    """Return what stands for a token, if anything, and the shapes that it has if it is a name of no country."""
    if not token[0].isalnum():
        return _mark(token), ()
    if token[0].isdigit():
        return ("YEAR" if len(token) == 4 else "NUMBER") if token.isdigit() else "NUMBER+", ()
    word, words = token.lower().replace("’", "'"), _words()
    if word in words.calendar and token[0].isupper():
        return words.calendar[word], ()
    if word in words.function:
        return word, ()
    stem = word.removesuffix("'s")
    possessive = "'s" if stem != word else ""
    ordinary = lexicon().is_ordinary(stem)
    if token[0].isupper() and not (opens and ordinary):
        if token.isupper() and len(token) > 1:
            return "ABBREVIATION" + possessive, ()
        if ordinary:
            return "TITLE" + possessive, ()
        shapes = () if lexicon().is_place(stem) else words.shapes.items()
        return "NAME" + possessive, tuple(f"shape {name}" for name, shape in shapes if shape.search(stem))
    if "-" in stem:
        return "WORD-WORD" + possessive, ()
    ending = next((e for e in _ENDINGS if stem.endswith(e) and len(stem) > len(e) + 2), "")
    return f"WORD{ending}{possessive}", ()


def _mark(token: str) -> str:
    """Return one quotation mark and one dash for all of them, and nothing for marks that a corpus brings along."""
    if token in _QUOTES:
        return '"'
    if token in _DASHES:
        return "-"
    return token if token in _MARKS else ""


@lru_cache(maxsize=1)
def _words() -> _Words:
    """Return the lists of lexicon.yaml, read on first use."""
    data = yaml.safe_load((files(__package__) / "lexicon.yaml").read_text(encoding="utf-8"))
    return _Words(
        frozenset(data["words"].split()),
        {word: kind.upper() for kind, words in data["calendar"].items() for word in words.split()},
        {name: re.compile(shape) for name, shape in data["shapes"].items()},
    )
