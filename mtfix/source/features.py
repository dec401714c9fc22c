"""What a text is reduced to before its source language is guessed: function words in a row, habits, shapes of names.

Words with a content are replaced by their ending, names and numbers by their kind, so that the topic can't be learned:
the texts to learn from differ in topic from language to language. That function words tell the sources of translations
apart was shown by van Halteren (2008) and by Koppel and Ordan (2011).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

import yaml

from mtfix.document import tokenize
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
    counts: Counter[str] = Counter()
    total = 0
    for line in text.splitlines():
        sentence: list[str] = []
        for token in tokenize(line):
            mask, shapes = _masked(token.text[:_LONGEST], not sentence)
            if mask and (sentence or mask not in _NUMBERING):
                sentence.append(mask)
            if shapes:
                counts.update(shapes)
            if token.text in ".!?":
                total += _count(sentence, counts)
                sentence = []
        total += _count(sentence, counts)
    return counts, total


def _count(sentence: Sequence[str], counts: Counter[str]) -> int:
    """Add the features of a sentence but for the shapes of its names; return the number of its tokens."""
    if sentence:
        row = ["^", *sentence]
        counts.update(row)
        counts.update(map(" ".join, pairwise(row)))
        counts.update(map(" ".join, zip(row, row[1:], row[2:], strict=False)))
        counts[f"length {sum(len(sentence) >= step for step in _STEPS)}"] += 1
    return len(sentence)


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
