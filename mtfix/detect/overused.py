"""Overuse: reporting verbs and connectives that come so thick as human news never has them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

import yaml

from mtfix.document import Document, Sentence
from mtfix.result import Issue

_KINDS = Path(__file__).parent.parent / "rules" / "_overused.yaml"


class Kind(NamedTuple):
    """Phrases of one kind; the fields are documented in `mtfix/rules/_overused.yaml`."""

    id: str
    message: str
    phrases: tuple[tuple[str, ...], ...]
    opening: bool
    per_thousand: float
    fewest: int
    good: tuple[str, ...]
    bad: tuple[str, ...]


def overused(document: Document) -> Iterator[Issue]:
    """Yield, in order, the first place of each kind of phrase that is denser here than human writers have it.

    Quotations do not count: what people say is not the translator's.
    """
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for sentence in document.sentences:
        for name, start, end in _phrases(sentence):
            if not (document.is_quoted(start, end) or document.is_protected(start, end)):
                found[name].append((start, end))
    words = sum(len(places) for text, places in document.places.items() if text[0].isalnum())
    for kind in sorted((kind for kind in kinds() if kind.id in found), key=lambda kind: found[kind.id][0]):
        places = found[kind.id]
        if len(places) >= max(kind.fewest, kind.per_thousand * words / 1000):
            (start, end), message = places[0], f"{kind.message} It is one of {len(places)} in {words} words."
            text = document.text[start:end]
            yield Issue(start, end, text, "unidiomatic", "neutral", 0.7, message, f"overused:{kind.id}")


def _phrases(sentence: Sentence) -> Iterator[tuple[str, int, int]]:
    """Yield each phrase of the lists that stands there: its kind and its range; the longest at each place."""
    tokens, words, index = sentence.tokens, sentence.lower, _index()
    opening = next((i for i, word in enumerate(words) if word[0].isalnum()), 0)
    for i, word in enumerate(words):
        for phrase, kind in index.get(word, ()):
            if (i == opening or not kind.opening) and words[i : i + len(phrase)] == phrase:
                yield kind.id, tokens[i].start, tokens[i + len(phrase) - 1].end
                break


@cache
def _index() -> dict[str, list[tuple[tuple[str, ...], Kind]]]:
    """Return first word → phrases with their kind, the longest first."""
    index: dict[str, list[tuple[tuple[str, ...], Kind]]] = defaultdict(list)
    for kind in kinds():
        for phrase in sorted(kind.phrases, key=len, reverse=True):
            index[phrase[0]].append((phrase, kind))
    return index


@cache
def kinds() -> tuple[Kind, ...]:
    """Return the kinds of `mtfix/rules/_overused.yaml`, read on first use."""
    entries = yaml.safe_load(_KINDS.read_text(encoding="utf-8"))["kinds"]
    return tuple(
        Kind(
            entry["id"],
            entry["message"],
            tuple(phrase for written in entry["words"].split(",") for phrase in _expanded(written)),
            entry.get("opening", False),
            entry["per_thousand"],
            entry["fewest"],
            tuple(entry["good"]),
            tuple(entry["bad"]),
        )
        for entry in entries
    )


def _expanded(phrase: str) -> Iterator[tuple[str, ...]]:
    return product(*(word.split("|") for word in phrase.split()))
