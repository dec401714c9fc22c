"""The checks that a candidate edit must pass: no change may lose or bring in a fact.

Sentence embeddings cannot do this (a dropped "not" hardly moves them), so each check is explicit.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

from mtfix.document import Document, tokenize
from mtfix.result import Edit

Check = Callable[[str, str], bool]

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_NUMBER_WORDS = frozenset(
    "zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands "
    "million millions billion billions trillion dozen dozens half twice once double triple third fourth fifth "
    "percent".split()
)
_DATES = frozenset(
    "january february march april june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday today yesterday tomorrow jan feb mar apr jun jul aug sep sept oct nov dec "
    "year month week day hour minute second century decade".split()
)
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nor|neither|nothing|nobody|nowhere|without|cannot|hardly|barely|unable|lack\w*|"
    r"fail\w*|refus\w*|den(?:y|ies|ied)|except|unless|despite|against)\b|n['’]t\b",
    re.I,
)
_QUOTES = re.compile(r"[\"“”„«»()\[\]]")
_MARKUP = re.compile(r"[<>{}\\|`*_#$%&=~^@]|https?:")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LONGEST = (1.6, 2)  # tokens of a replacement: this share of the original's and so many more
_SHORTEST = (0.4, -1)


def violation(document: Document, edit: Edit) -> str | None:
    """Return why this edit must not be applied, or None.

    Every pass must leave protected text, numbers, dates, negation and markup alone; names are for the names
    pass only, quotation marks for names and rules; the regenerator's candidates must also keep the length and
    not stutter.
    """
    if document.is_protected(edit.start, edit.end):
        return "touches text that is protected"
    detector = edit.issues[0].detector if edit.issues else "model"
    kind = detector.split(":")[0]
    for name, check in _CHECKS[kind if kind in _CHECKS else "model"]:
        if not check(edit.text, edit.replacement):
            return f"changes {name}"
    if kind == "model":
        if document.is_quoted(edit.start, edit.end):
            return "changes words inside quotation marks"
        if _stutters(document, edit):
            return "repeats words"
    return None


def _numbers(before: str, after: str) -> bool:
    return Counter(_NUMBER.findall(before)) == Counter(_NUMBER.findall(after)) and _listed(before, after, _NUMBER_WORDS)


def _digits(before: str, after: str) -> bool:
    """Whether only the marks between digits differ: 3.000 and 3,000."""
    return re.sub(r"\D", "", before) == re.sub(r"\D", "", after)


def _dates(before: str, after: str) -> bool:
    return _listed(_singular(before), _singular(after), _DATES)


def _rule_numbers(before: str, after: str) -> bool:
    """Rules put number words into the plural or singular on purpose ("thousand of", "3 millions")."""
    return _numbers(_singular(before), _singular(after))


def _rule_dates(before: str, after: str) -> bool:
    """Rules drop units on purpose ("age of 90 years old"); months and weekdays must stay."""
    return _dates(" ".join(_capitalized(before)), " ".join(_capitalized(after)))


def _negation(before: str, after: str) -> bool:
    return Counter(map(str.lower, _NEGATION.findall(before))) == Counter(map(str.lower, _NEGATION.findall(after)))


def _quotations(before: str, after: str) -> bool:
    return Counter(_QUOTES.findall(before)) == Counter(_QUOTES.findall(after))


def _markup(before: str, after: str) -> bool:
    return Counter(_MARKUP.findall(before)) == Counter(_MARKUP.findall(after))


def _names(before: str, after: str) -> bool:
    """Capitalized words must be the same, but for the case of the first and of small words."""
    old = Counter(w.lower() for w in _capitalized(before))
    new = Counter(w.lower() for w in _capitalized(after))
    known_before = {w.lower() for w in _WORD.findall(before)}
    known_after = {w.lower() for w in _WORD.findall(after)}
    return all(w in known_after for w in old) and all(w in known_before for w in new)


def _length(before: str, after: str) -> bool:
    old, new = len(tokenize(before)), len(tokenize(after))
    return _SHORTEST[0] * old + _SHORTEST[1] <= new <= _LONGEST[0] * old + _LONGEST[1]


def _capitalized(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if word[0].isupper() and word != "I"]


def _singular(text: str) -> str:
    return re.sub(r"s\b", "", text)


def _listed(before: str, after: str, words: frozenset[str]) -> bool:
    def count(text: str) -> Counter[str]:
        return Counter(w for word in _WORD.findall(text) for w in word.lower().split("-") if w in words)

    return count(before) == count(after)


def _stutters(document: Document, edit: Edit) -> bool:
    """Whether the edit makes a doubled word or a doubled pair of words, or a word that repeats a part of itself."""
    left = [t.text.lower() for t in tokenize(document.text[max(0, edit.start - 60) : edit.start])][-4:]
    right = [t.text.lower() for t in tokenize(document.text[edit.end : edit.end + 60])][:4]

    def doubles(middle: str) -> int:
        words = left + [t.text.lower() for t in tokenize(middle)] + right
        pairs = list(pairwise(words))
        single = sum(a == b and a.isalpha() for a, b in pairs)
        return single + sum(p == q and p[0].isalpha() for p, q in zip(pairs, pairs[2:], strict=False))

    old = {w.lower() for w in _WORD.findall(edit.text)}
    fresh = [w.lower() for w in _WORD.findall(edit.replacement) if w.lower() not in old]
    return doubles(edit.replacement) > doubles(edit.text) or any(re.search(r"(\w{3,})\1", w) for w in fresh)


_ALWAYS: tuple[tuple[str, Check], ...] = (
    ("a number", _numbers),
    ("a date", _dates),
    ("a negation", _negation),
    ("markup", _markup),
)
_CHECKS: dict[str, tuple[tuple[str, Check], ...]] = {
    "names": _ALWAYS,
    "rules": (("a number", _rule_numbers), ("a date", _rule_dates), ("a negation", _negation), ("markup", _markup)),
    "numerals": (("a number", _digits), ("a negation", _negation), ("markup", _markup)),
    "loops": (),  # what is deleted stands there still, once
    "fragments": _ALWAYS,
    "terms": _ALWAYS,
    "model": (*_ALWAYS, ("a quotation", _quotations), ("a name", _names), ("the length too much", _length)),
}
