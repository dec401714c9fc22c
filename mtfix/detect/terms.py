"""Terms: one compound spelt with and without its hyphen, and two names of one thing, in the same text."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import cache
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
_LONGEST = 40  # letters of a compound
_SHORTEST = (3, 4)  # letters of its parts
#: Words that mean something else with a hyphen.
_OTHER_WORDS = frozenset(
    """preposition prepositions multiply correspondent correspondents overtime undertake overtake overlook oversee
    overcome underlying undergo undergoes""".split()
)


def terms(document: Document) -> Iterator[Issue | Edit]:
    """Yield, in order, the spellings and names that are fewer in this text than their other form.

    A compound written both "counter-terrorism" and "counterterrorism" gets its more frequent spelling, the first
    one if they are even; inside quotation marks it is only reported. Capitalized words, which may be names, do
    not count. Other compounds, such as "land mine" beside "landmine", are reported; so is the less frequent one of
    two names of one thing.
    """
    found = [*_prefixed(document), *_compounds(document), *_synonyms(document)]
    yield from sorted(found, key=lambda finding: finding.start)


def _prefixed(document: Document) -> Iterator[Issue | Edit]:
    written: dict[str, list[str]] = defaultdict(list)
    for text in document.places:
        if _PREFIXED.fullmatch(text) and text.replace("-", "") not in _OTHER_WORDS:
            written[text.replace("-", "")].append(text)
    for texts in written.values():
        tokens = sorted(token for text in texts for token in _unprotected(document, text)) if len(texts) > 1 else []
        kept = _most_frequent(tokens)
        for token in tokens:
            if token.text != kept:
                issue = _spelling(token, kept, 0.9)
                yield issue if document.is_quoted(*token[:2]) else Edit(*token, kept, (issue,))


def _compounds(document: Document) -> Iterator[Issue]:
    """Yield the first place of each spelling of a compound that is not the most frequent in this text."""
    words = [text for text in document.places if text.islower() and len(text) <= _LONGEST]
    for text in words:
        apart = [
            token
            for cut in range(_SHORTEST[0], len(text) - _SHORTEST[1] + 1)
            if text[:cut] in document.places and text[cut:] in document.places and _is_compound(text[:cut], text[cut:])
            for token in _side_by_side(document, text[:cut], text[cut:])
        ]
        together = _unprotected(document, text) if apart else []
        if together:
            unquoted = [token for token in sorted([*together, *apart]) if not document.is_quoted(*token[:2])]
            kept = _most_frequent(unquoted)
            for token in {token.text: token for token in reversed(unquoted)}.values():
                if token.text != kept:
                    yield _spelling(token, kept, 0.6)


def _side_by_side(document: Document, first: str, second: str) -> Iterator[Token]:
    """Yield the places of two words with a space between them."""
    ends = {token.start: token.end for token in _unprotected(document, second)}
    for token in _unprotected(document, first):
        if token.end + 1 in ends and document.text[token.end] == " ":
            yield Token(token.start, ends[token.end + 1], f"{first} {second}")


def _is_compound(first: str, second: str) -> bool:
    """Whether two words can be one compound that is spelt in more than one way without change of sense."""
    lists = _lists()
    return (
        first.islower()
        and second.islower()
        and first.isalpha()
        and second.isalpha()
        and first not in lists["not_first"]
        and second not in lists["not_second"]
    )


def _unprotected(document: Document, text: str) -> list[Token]:
    return [token for token in document.places[text] if not document.is_protected(*token[:2])]


def _spelling(token: Token, kept: str, confidence: float) -> Issue:
    message = f"Spelt ‘{token.text}’ here and ‘{kept}’ elsewhere in this text."
    return Issue(*token, "inconsistent-term", "minor", confidence, message, "terms:spelling", (kept,))


def _synonyms(document: Document) -> Iterator[Issue]:
    found: dict[int, list[Token]] = defaultdict(list)
    begins = {text for text in document.places if _plain(text) in _names_by_first_word()}
    for sentence in document.sentences if begins else ():
        for group, place in _named(sentence.tokens, begins):
            found[group].append(place)
    for names in found.values():
        kept = _most_frequent(names)
        for start, end, name in names:
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


def _named(tokens: Sequence[Token], begins: Collection[str]) -> Iterator[tuple[int, Token]]:
    """Yield each name of the list that stands there, with its group; `begins`: the tokens that one may begin with."""
    for i, token in enumerate(tokens):
        if token.text in begins:
            for name, group in _names_by_first_word()[_plain(token.text)]:
                parts = name.split()
                if [_plain(token.text) for token in tokens[i : i + len(parts)]] == parts:
                    yield group, Token(token.start, tokens[i + len(parts) - 1].end, name)


def _plain(text: str) -> str:
    """Return a token without hyphens and plural -s."""
    return text.replace("-", "").removesuffix("s")


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


def _most_frequent(tokens: Sequence[Token]) -> str:
    """Return the most frequent text, of equally frequent ones the first; "" of none."""
    return max(Counter(token.text for token in tokens).items(), key=lambda item: item[1], default=("", 0))[0]
