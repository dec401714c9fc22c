"""Spelling: American and British forms in the same text."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from mtfix.detect.styles import Place, minority
from mtfix.document import Document
from mtfix.result import Issue

_SPELLING = Path(__file__).parent.parent / "rules" / "_spelling.yaml"
_MESSAGES = {
    "variety": "American and British spellings are mixed in this text.",
    "ize": "Verbs are spelt with -ize and with -ise in this text.",
}
_FEWEST = 2  # words of the more frequent spelling


class _Form(NamedTuple):
    kind: str
    style: str
    other_style: str
    other: str


def spelling(document: Document) -> Iterator[Issue]:
    """Yield the first word that is spelt unlike the majority: American or British, and -ize or -ise.

    Words that may be names, protected spans and quotations do not count.
    """
    places: dict[str, dict[str, list[Place]]] = {kind: {} for kind in _MESSAGES}
    forms = _forms()
    for token in sorted(token for text in document.places.keys() & forms for token in document.places[text]):
        if not (document.is_quoted(*token[:2]) or document.is_protected(*token[:2])):
            form = forms[token.text]
            place = Place(token.start, token.end, {form.other_style: form.other})
            places[form.kind].setdefault(form.style, []).append(place)
    for kind, message in _MESSAGES.items():
        issue = minority(document, places[kind], message, f"spelling:{kind}", _FEWEST)
        if issue:
            yield issue


@cache
def _forms() -> dict[str, _Form]:
    lists = yaml.safe_load(_SPELLING.read_text(encoding="utf-8"))
    pairs = [("variety", "American", "British", *pair.split()) for pair in lists["pairs"]]
    for stem in lists["ize"].split():
        for ending in lists["ize_endings"]:
            pairs.append(("ize", "-ize", "-ise", stem + ending, stem + "is" + ending[2:]))
    forms = {}
    for kind, first, second, one, two in pairs:
        forms[one] = _Form(kind, first, second, two)
        forms[two] = _Form(kind, second, first, one)
    return forms
