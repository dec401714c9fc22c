"""The rule detector: finds what the phrasebooks describe and yields issues and edits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import NamedTuple

from mtfix.detect.pattern import Match
from mtfix.detect.phrasebook import Rule, read_phrasebook
from mtfix.detect.replacement import with_article
from mtfix.detect.tokenclass import Words
from mtfix.document import Document, Sentence
from mtfix.options import OptionsError
from mtfix.result import Edit, Issue

_FEWEST_DENSE = 3  # matches in a document before a rule with a density speaks


class _Finding(NamedTuple):
    rule: Rule
    start: int
    end: int
    repairs: bool
    replacements: tuple[str, ...]


class RuleDetector:
    """Finds matches of the rules in the given phrasebooks.

    Calling it with a document yields, in order and without overlap, an Edit (with its Issue) for a match that
    is repaired and an Issue for one that is only reported. Raises OptionsError when a book cannot be used.
    """

    def __init__(self, books: Sequence[Path]) -> None:
        self._take({book: read_phrasebook(book) for book in books})

    def without(self, books: Collection[Path]) -> RuleDetector:
        """Return a detector with the rules of the other books; none is read again."""
        other = copy(self)
        other._take({book: rules for book, rules in self._books.items() if book not in books})
        return other

    def _take(self, books: Mapping[Path, Sequence[Rule]]) -> None:
        self._books = books
        self.rules: tuple[Rule, ...] = tuple(rule for rules in books.values() for rule in rules)
        _check_ids(self.rules)
        self._index: dict[str, list[tuple[int, int, int]]] = {}
        for number, rule in enumerate(self.rules):
            anchor = rule.pattern.anchor
            if anchor:
                for word in anchor.words:
                    self._index.setdefault(word, []).append((number, anchor.first, anchor.last))

    def __call__(self, document: Document) -> Iterator[Issue | Edit]:
        """Yield issues and edits in the order of the text."""
        findings = [
            finding
            for block in document.blocks
            for sentence in block.sentences
            for finding in self._in_sentence(document, sentence, block.kind)
        ]
        counts = Counter(finding.rule.id for finding in findings)
        length = sum(len(sentence.tokens) for sentence in document.sentences)
        for finding in findings:
            density = finding.rule.density
            if not density or counts[finding.rule.id] >= max(_FEWEST_DENSE, density * length / 1000):
                yield _as_result(document, finding)

    def _in_sentence(self, document: Document, sentence: Sentence, kind: str) -> list[_Finding]:
        words = Words(document.text, sentence.tokens, sentence.lower)
        found = [
            finding
            for rule, start in self._candidates(words, kind)
            if (match := rule.pattern.match(words, start)) and _fits(rule, words, match)
            if (finding := _finding(document, words, rule, match))
        ]
        found.sort(key=lambda finding: (not finding.repairs, finding.start, -finding.end))
        chosen: list[_Finding] = []
        for finding in found:
            if all(other.end <= finding.start or finding.end <= other.start for other in chosen):
                chosen.append(finding)
        return sorted(chosen, key=lambda finding: finding.start)

    def _candidates(self, words: Words, kind: str) -> Iterator[tuple[Rule, int]]:
        """Yield each rule with the token positions where a match may start."""
        present = frozenset(words.lower)
        possible: dict[int, bool] = {}
        seen: set[tuple[int, int]] = set()
        for position, word in enumerate(words.lower):
            for number, first, last in self._index.get(word, ()):
                rule = self.rules[number]
                if number not in possible:
                    possible[number] = (not rule.where or kind in rule.where) and rule.pattern.may_match(present)
                if not possible[number]:
                    continue
                if first == last:
                    if position >= first:
                        yield rule, position - first
                    continue
                for start in range(max(0, position - last), position - first + 1):
                    if (number, start) not in seen:
                        seen.add((number, start))
                        yield rule, start


def _check_ids(rules: Sequence[Rule]) -> None:
    first: dict[str, Rule] = {}
    for rule in rules:
        other = first.setdefault(rule.id, rule)
        if other is not rule:
            raise OptionsError(
                f"{rule.book}, line {rule.line}: {other.book.name} has a rule {rule.id!r} too; choose another id."
            )


def _fits(rule: Rule, words: Words, match: Match) -> bool:
    for name, pattern in rule.contexts.items():
        if name.endswith("before"):
            found = pattern.matches_before(words, match.start)
        else:
            found = pattern.match(words, match.end) is not None
        if found == name.startswith("not_"):
            return False
    return match.end > match.start


def _finding(document: Document, words: Words, rule: Rule, match: Match) -> _Finding | None:
    start, end = words.tokens[match.start].start, words.tokens[match.end - 1].end
    templates = rule.replacements or rule.suggestions
    article, filled = with_article(words, match.start, [t.fill(words, match) for t in templates])
    start = article.start if article else start
    quoted = document.is_quoted(start, end)
    if document.is_protected(start, end) or (quoted and rule.quotes == "skip"):
        return None
    repairs = bool(rule.replacements) and not (quoted and rule.quotes == "report")
    if repairs and filled[0] == document.text[start:end]:
        return None
    return _Finding(rule, start, end, repairs, tuple(dict.fromkeys(filled)))


def _as_result(document: Document, finding: _Finding) -> Issue | Edit:
    rule, text = finding.rule, document.text[finding.start : finding.end]
    issue = Issue(
        finding.start,
        finding.end,
        text,
        rule.category,
        rule.severity,
        rule.confidence,
        rule.message,
        f"rules:{rule.id}",
        finding.replacements,
        rule.suspected,
    )
    if not finding.repairs:
        return issue
    return Edit(finding.start, finding.end, text, finding.replacements[0], (issue,))
