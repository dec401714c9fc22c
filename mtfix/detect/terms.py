"""Terms: one compound spelt with and without its hyphen, and two names of one thing, in the same text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import yaml

from mtfix.document import Document, Token
from mtfix.result import Edit, Issue

_PAIRS = Path(__file__).parent.parent / "rules" / "_terms.yaml"
_COMPOUND = re.compile(
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
    not count. Of two names of one thing the less frequent one is reported.
    """
    yield from sorted([*_spellings(document), *_synonyms(document)], key=lambda finding: finding.start)


def _spellings(document: Document) -> Iterator[Issue | Edit]:
    written: dict[str, list[Token]] = defaultdict(list)
    for sentence in document.sentences:
        for token in sentence.tokens:
            if (
                _COMPOUND.fullmatch(token.text)
                and token.text.replace("-", "") not in _OTHER_WORDS
                and not document.is_protected(token.start, token.end)
            ):
                written[token.text.replace("-", "")].append(token)
    for tokens in written.values():
        kept = _most_frequent([token.text for token in tokens])
        for token in tokens:
            if token.text != kept:
                yield _spelling(document, token, kept)


def _spelling(document: Document, token: Token, kept: str) -> Issue | Edit:
    message = f"Spelt ‘{token.text}’ here and ‘{kept}’ elsewhere in this text."
    issue = Issue(*token, "inconsistent-term", "minor", 0.9, message, "terms:spelling", (kept,))
    if document.is_quoted(token.start, token.end):
        return issue
    return Edit(*token, kept, (issue,))


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
    for group, names in enumerate(yaml.safe_load(_PAIRS.read_text(encoding="utf-8"))["terms"]):
        for name in names:
            plain = name.replace("-", "")
            index[plain.split()[0]].append((plain, group))
    return index


def _most_frequent(texts: Sequence[str]) -> str:
    """Return the most frequent text, of equally frequent ones the first."""
    return max(dict.fromkeys(texts), key=texts.count)
