"""The rules of the phrasebooks that a text may need, by the guess of its source language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mtfix.detect.phrasebook import phrasebooks_of
from mtfix.detect.rules import RuleDetector
from mtfix.document import Document
from mtfix.result import Edit, Issue
from mtfix.source.guess import unlikely


class LikelyRules:
    """A rule detector without the phrasebooks of those languages that a document was hardly translated from."""

    def __init__(self, rules: RuleDetector) -> None:
        self._rules = rules
        self._without: dict[tuple[Path, ...], RuleDetector] = {}

    def __call__(self, document: Document) -> Iterator[Issue | Edit]:
        """Yield issues and edits in the order of the text."""
        books = tuple(phrasebooks_of(unlikely(document.text)))
        if books not in self._without:
            self._without[books] = self._rules.without(books)
        return self._without[books](document)
