"""Ordinary words that stand twice by mistake: "the house house"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

import yaml

from mtfix.document import Document, Token
from mtfix.names.lexicon import lexicon
from mtfix.result import Edit, Issue

_LISTS = Path(__file__).parent.parent / "rules" / "_doubled.yaml"
_REACH = 8  # words before the first, among which the beginning of a clause counts


def doubled(document: Document) -> Iterator[Issue | Edit]:
    """Yield the second of two equal words, in order, to be deleted; inside quotation marks it is only reported.

    Both are written small (but at the start of a sentence), side by side with a space between them. Three in a row are
    meant, but for words like "the".
    """
    for sentence in document.sentences:
        for position, (first, second) in enumerate(pairwise(sentence.lower)):
            if first == second and _by_mistake(document, sentence.tokens, position):
                yield _deletion(document, *sentence.tokens[position : position + 2])


def _by_mistake(document: Document, tokens: Sequence[Token], position: int) -> bool:
    first, second = tokens[position : position + 2]
    word = second.text
    opens = position == 0 and word in _lists()["loops"]  # "The the" at the start of a sentence
    if first.text not in ((word, word.capitalize()) if opens else (word,)):
        return False
    if not _is_ordinary(word) or document.text[first.end : second.start] != " ":
        return False
    if word not in _lists()["loops"]:
        beside = (*tokens[max(0, position - 1) : position], *tokens[position + 2 : position + 3])
        if any(token.text == word for token in beside):
            return False
        if any(token.text.lower() in _lists()["clause"] for token in tokens[max(0, position - _REACH) : position]):
            return False
    return not document.is_protected(first.start, second.end)


@lru_cache(maxsize=4096)
def _is_ordinary(word: str) -> bool:
    """Whether a word is English, written small, and never twice on purpose."""
    return (
        (len(word) > 1 or word == "a")
        and word.islower()
        and word not in _lists()["twice"]
        and lexicon().is_ordinary(word)
    )


def _deletion(document: Document, first: Token, second: Token) -> Issue | Edit:
    text = document.text[first.end : second.end]
    message = f"‘{first.text}’ stands there twice."
    issue = Issue(first.end, second.end, text, "duplication", "minor", 0.9, message, "doubled", ("",))
    if document.is_quoted(first.start, second.end):
        return issue
    return Edit(first.end, second.end, text, "", (issue,))


@cache
def _lists() -> dict[str, frozenset[str]]:
    lists = yaml.safe_load(_LISTS.read_text(encoding="utf-8"))
    return {name: frozenset(lists[name]) for name in ("twice", "loops", "clause")}
