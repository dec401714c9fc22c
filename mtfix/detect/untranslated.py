"""Untranslated: words of another script or another language left in the English."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from mtfix.document import Document, Token
from mtfix.names.lexicon import lexicon
from mtfix.result import Issue

_FOREIGN = Path(__file__).parent.parent / "rules" / "_foreign.yaml"
_LETTERS = r"\u0370-\u1cff\u2c00-\u2dff\u3040-\ua7ff\ua840-\uab2f\uac00-\ud7ff\uf900-\ufaff\ufb1d-\ufdff\ufe70-\ufefe"
_OTHER_SCRIPT = re.compile(rf"[{_LETTERS}]{{2,}}(?:[^\w\n]{{0,3}}[{_LETTERS}]+)*")
_LATIN_WORD = re.compile(r"[a-z\u00df-\u00f6\u00f8-\u024f\u1e00-\u1eff]{2,}")
_BRACKETS = re.compile(r"\([^()\n]*\)|\[[^\[\]\n]*\]")
#: Not in English, nor in the French words, nor the macrons and ñ of the Māori, Japanese and Spanish words in it.
_FOREIGN_LETTER = re.compile(r"[^\W\d_a-zéèêàâçïëœæāēīōūñ]")
_MOST_FOREIGN = 0.5  # share of other scripts above which a text is no English with words left in


class _Lists(NamedTuple):
    function_words: dict[str, frozenset[str]]
    all_function_words: frozenset[str]
    loans: frozenset[str]


def untranslated(document: Document) -> Iterator[Issue]:
    """Yield, in order, runs of another script, and words in lower case that are another language's.

    Quotations, brackets, protected spans and what is explained in brackets after it are left alone: there the original
    may be meant.
    """
    yield from sorted([*_other_scripts(document), *_other_languages(document)], key=lambda issue: issue.start)


def _other_scripts(document: Document) -> Iterator[Issue]:
    found = list(_OTHER_SCRIPT.finditer(document.text))
    if sum(match.end() - match.start() for match in found) > _MOST_FOREIGN * len(document.text):
        return
    for match in found:
        if not _meant(document, *match.span()):
            yield _issue(document, *match.span(), "script", 0.9, "Left in the script of another language.")


def _other_languages(document: Document) -> Iterator[Issue]:
    unknown = {text for text in document.places if _is_unknown(text)}
    for sentence in document.sentences if unknown else ():
        for run in _runs(sentence.tokens, unknown):
            if _is_foreign([token.text for token in run]) and not _meant(document, run[0].start, run[-1].end):
                message = "Words that look like another language, left untranslated."
                yield _issue(document, run[0].start, run[-1].end, "words", 0.7, message)


def _runs(tokens: Sequence[Token], unknown: Collection[str]) -> Iterator[list[Token]]:
    """Yield the longest runs of words in lower case that English does not know."""
    run: list[Token] = []
    for token in tokens:
        if token.text in unknown:
            run.append(token)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _is_unknown(text: str) -> bool:
    lists = _lists()
    return (
        text.islower()
        and _LATIN_WORD.fullmatch(text) is not None
        and text not in lists.loans
        and (text in lists.all_function_words or not (text.isascii() and lexicon().is_ordinary(text)))
    )


def _is_foreign(words: Sequence[str]) -> bool:
    """Whether a run holds two function words of one language and one word more, or a letter that English lacks."""
    if any(map(_FOREIGN_LETTER.search, words)):
        return True
    return len(words) > 2 and any(len(known.intersection(words)) > 1 for known in _lists().function_words.values())


def _meant(document: Document, start: int, end: int) -> bool:
    line = document.text.rfind("\n", 0, start) + 1
    stop = document.text.find("\n", end)
    brackets = _BRACKETS.finditer(document.text, line, stop if stop >= 0 else len(document.text))
    return (
        document.text.startswith(" (", end)
        or document.is_quoted(start, end)
        or document.is_protected(start, end)
        or any(bracket.start() < start and end <= bracket.end() for bracket in brackets)
    )


def _issue(document: Document, start: int, end: int, kind: str, confidence: float, message: str) -> Issue:
    text = document.text[start:end]
    return Issue(start, end, text, "untranslated", "minor", confidence, message, f"untranslated:{kind}")


@cache
def _lists() -> _Lists:
    lists = yaml.safe_load(_FOREIGN.read_text(encoding="utf-8"))
    function_words = {language: frozenset(words.split()) for language, words in lists["function_words"].items()}
    return _Lists(function_words, frozenset().union(*function_words.values()), frozenset(lists["loans"].split()))
