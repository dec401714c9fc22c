"""A rule on its own examples: what it finds in them, and what they become."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mtfix.detect.phrasebook import Rule
from mtfix.detect.rules import RuleDetector
from mtfix.result import Edit, Issue, replay
from mtfix.segment import segment


class Failure(NamedTuple):
    """An example that a rule does not keep to, and how."""

    rule: Rule
    text: str
    reason: str


def failures(detector: RuleDetector, rule: Rule) -> Iterator[Failure]:
    """Yield the examples of a rule that come out wrong, in order, when all the detector's rules are at work."""
    for example in rule.good:
        found = fires(detector, rule, example.text)
        if not found:
            yield Failure(rule, example.text, "the rule does not fire on a good example")
        elif any(issue.text in issue.suggestions for each in found for issue in _issues(each)):
            yield Failure(rule, example.text, "a suggestion is what stands there already")
        elif example.repaired is not None:
            repaired = repair(detector, example.text)
            if repaired != example.repaired:
                yield Failure(rule, example.text, f"it becomes “{repaired}”, not “{example.repaired}”")
            elif repair(detector, repaired) != repaired:
                yield Failure(rule, example.text, f"repaired, it changes again: “{repair(detector, repaired)}”")
    for text in rule.bad:
        if fires(detector, rule, text):
            yield Failure(rule, text, "the rule fires on a bad example, which it is to leave alone")
        elif repair(detector, text) != text:
            yield Failure(rule, text, f"another rule makes a bad example “{repair(detector, text)}”")


def fires(detector: RuleDetector, rule: Rule, text: str) -> list[Issue | Edit]:
    """Return what a rule finds in a text."""
    return [found for found in detector(segment(text)) if any(i.detector == f"rules:{rule.id}" for i in _issues(found))]


def repair(detector: RuleDetector, text: str) -> str:
    """Return a text with the rules' repairs."""
    return replay(text, [found for found in detector(segment(text)) if isinstance(found, Edit)])


def _issues(found: Issue | Edit) -> tuple[Issue, ...]:
    return found.issues if isinstance(found, Edit) else (found,)
