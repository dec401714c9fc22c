"""Detectors: each takes a document and yields issues and edits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from mtfix.detect.doubled import doubled
from mtfix.detect.fragments import fragments
from mtfix.detect.likely import LikelyRules
from mtfix.detect.loops import loops
from mtfix.detect.numerals import numerals
from mtfix.detect.overused import overused
from mtfix.detect.phrasebook import phrasebooks
from mtfix.detect.rules import RuleDetector
from mtfix.detect.spelling import spelling
from mtfix.detect.styles import styles
from mtfix.detect.tense import tense
from mtfix.detect.terms import terms
from mtfix.detect.untranslated import untranslated
from mtfix.document import Document
from mtfix.options import Strength
from mtfix.result import Edit, Issue

Detector = Callable[[Document], Iterable[Issue | Edit]]


#: Those that only report.
REPORTING: Final = (spelling, styles, tense, overused, untranslated)


def detectors(
    source: str = "auto", own_rules: Sequence[Path] = (), strength: Strength = "conservative"
) -> list[Detector]:
    """Return all that find something without a model, names aside, in their order, those that only report at the end.

    source: the language whose phrasebooks are used, "auto" for those that a guess of it leaves. own_rules: files of
    rules to use beside them. Raises OptionsError when one of these cannot be used.

    The marks inside numbers are changed by "thorough" alone: post-editors leave most of them, and numbers are facts.
    """
    rules = RuleDetector([*phrasebooks(source), *own_rules])

    def numbers(document: Document) -> Iterable[Issue | Edit]:
        return numerals(document, marks=strength == "thorough")

    sentences: list[Detector] = [LikelyRules(rules) if source == "auto" else rules, numbers, loops, doubled, fragments]
    return [*sentences, terms, *REPORTING]


__all__ = ["REPORTING", "Detector", "RuleDetector", "detectors", "fragments", "phrasebooks"]
