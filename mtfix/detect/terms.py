"""Terms: one compound spelt with and without its hyphen, and two names of one thing, in the same text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from mtfix.document import Document, Token
from mtfix.result import Edit, Issue

_TERMS = Path(__file__).parent.parent / "rules" / "_terms.yaml"
_PREFIXED = re.compile(
    r"((?:counter|anti|multi|co|pre|post|non|semi|cyber|inter|intra|sub|super|ultra|over|under|micro|macro|bio|eco|"
    r"geo|neo|para|pseudo|socio|trans)-?)([a-z]{3,})"
)
#: Words that mean something else with a hyphen.
_OTHER_WORDS = frozenset(
    """preposition prepositions multiply correspondent correspondents overtime undertake overtake overlook oversee
    overcome underlying undergo undergoes""".split()
)


def terms(document: Document) -> Iterator[Issue | Edit]:
    """Yield, in order, the spellings and names that are fewer in this text than their other form.

    A compound written both "counter-terrorism" and "counterterrorism" gets its more frequent spelling, the first
    one if they are even; inside quotation marks it is only reported. Capitalized words, which may be names, do
    not count. Other compounds, such as "land-mine" beside "landmine" or "land mine", are reported; so is the less
    frequent one of two names of one thing.
    """
    found = [*_prefixed(document), *_compounds(document), *_synonyms(document)]
    yield from sorted(found, key=lambda finding: finding.start)


def _prefixed(document: Document) -> Iterator[Issue | Edit]:
    written: dict[str, list[Token]] = defaultdict(list)
    for token in _tokens(document):
        if _PREFIXED.fullmatch(token.text) and token.text.replace("-", "") not in _OTHER_WORDS:
            written[token.text.replace("-", "")].append(token)
    for tokens in written.values():
        kept = _most_frequent([token.text for token in tokens])
        for token in tokens:
            if token.text != kept:
                issue = _spelling(token, kept, 0.9)
                yield issue if document.is_quoted(*token[:2]) else Edit(*token, kept, (issue,))


def _compounds(document: Document) -> Iterator[Issue]:
    """Yield the first place of each spelling of a compound that is not the most frequent in this text."""
    words = [token for token in _tokens(document) if token.text.islower()]
    closed = {token.text for token in words if len(token.text) > 6}
    written: dict[str, list[Token]] = defaultdict(list)
    for token, following in pairwise([*words, Token(0, 0, "")]):
        text, both = token.text, token.text + following.text
        if text in closed:
            written[text].append(token)
        elif "-" in text and _is_compound(*text.partition("-")[::2]) and not _PREFIXED.fullmatch(text):
            written[text.replace("-", "")].append(token)
        apart = both in closed and _is_compound(text, following.text)
        if apart and document.text[token.end : following.start] == " ":
            written[both].append(Token(token.start, following.end, f"{text} {following.text}"))
    for tokens in written.values():
        if len({token.text for token in tokens}) > 1:
            unquoted = [token for token in tokens if not document.is_quoted(*token[:2])]
            kept = _most_frequent([token.text for token in unquoted]) if unquoted else ""
            for token in {token.text: token for token in reversed(unquoted)}.values():
                if token.text != kept:
                    yield _spelling(token, kept, 0.6)


def _is_compound(first: str, second: str) -> bool:
    """Whether two words can be one compound that is spelt in more than one way without change of sense."""
    lists = _lists()
    return (
        len(first) > 2
        and len(second) > 3
        and second.isalpha()
        and first.isalpha()
        and first not in lists["not_first"]
        and second not in lists["not_second"]
    )


def _tokens(document: Document) -> Iterator[Token]:
    for sentence in document.sentences:
        for token in sentence.tokens:
            if not (document.protected and document.is_protected(*token[:2])):
                yield token


def _spelling(token: Token, kept: str, confidence: float) -> Issue:
    message = f"Spelt ‘{token.text}’ here and ‘{kept}’ elsewhere in this text."
    return Issue(*token, "inconsistent-term", "minor", confidence, message, "terms:spelling", (kept,))


def _synonyms(document: Document) -> Iterator[Issue]:
    found: dict[int, list[tuple[str, int, int]]] = defaultdict(list)
    for sentence in document.sentences:
        for group, name, start, end in _named(sentence.tokens):
            found[group].append((name, start, end))
    for places in found.values():
        kept = _most_frequent([name for name, _, _ in places])
        for name, start, end in places:
            if name != kept:
                message = f"This may be what is called ‘{kept}’ elsewhere in this text: one name for one thing."
                yield Issue(
                    start,
                    end,
                    document.text[start:end],
                    "inconsistent-term",
                    "neutral",
                    0.5,
                    message,
                    "terms:name",
                    suspected=True,
                )


def _named(tokens: Sequence[Token]) -> Iterator[tuple[int, str, int, int]]:
    """Yield each name of the list that stands there: its group, itself, and its range."""
    words = [token.text.replace("-", "").removesuffix("s") for token in tokens]
    for i, word in enumerate(words):
        for name, group in _names_by_first_word().get(word, ()):
            parts = name.split()
            if words[i : i + len(parts)] == parts:
                yield group, name, tokens[i].start, tokens[i + len(parts) - 1].end


@cache
def _names_by_first_word() -> dict[str, list[tuple[str, int]]]:
    index: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for group, names in enumerate(_lists()["terms"]):
        for name in names:
            plain = name.replace("-", "")
            index[plain.split()[0]].append((plain, group))
    return index


@cache
def _lists() -> dict[str, Any]:
    lists: dict[str, Any] = yaml.safe_load(_TERMS.read_text(encoding="utf-8"))
    return lists


def _most_frequent(texts: Sequence[str]) -> str:
    """Return the most frequent text, of equally frequent ones the first."""
    return max(dict.fromkeys(texts), key=texts.count)
