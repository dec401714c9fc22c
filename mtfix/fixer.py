"""The passes in order, loaded once.

text → Document → names → detectors (rules, fragments, consistency …) → regeneration → Repair
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from mtfix.detect import REPORTING, detectors
from mtfix.document import Document
from mtfix.guard import violation
from mtfix.names import NamesPass, load_names
from mtfix.options import STRENGTHS, Files, Options, OptionsError
from mtfix.protect import protect
from mtfix.result import CATEGORIES, Edit, Entity, Issue, Origins, Rejection, Repair, compose, replay
from mtfix.segment import segment

Finding = Issue | Edit | Rejection
Pass = Callable[[Document], Iterable[Finding]]
_ROUNDS = 8  # a repaired text goes through the passes again until nothing changes


class Fixer:
    """Finds and repairs; holds the rules and the model, so that they are loaded once. Safe to share by threads.

    Keywords are the fields of `Options`. Raises OptionsError (a ValueError) when one cannot be used, TypeError
    for an unknown one, ImportError naming the extra when a backend is not installed.
    """

    def __init__(self, **options: Any) -> None:
        self.options = Options(**options)
        _check(self.options)
        glossary = load_names(self.options.glossary, "glossary") if self.options.glossary else {}
        gazetteer = load_names(self.options.gazetteer, "gazetteer") if self.options.gazetteer else {}
        self._terms = tuple(term for term, variants in glossary.items() if not variants)
        self._names = None
        if self.options.names:
            self._names = NamesPass(glossary, gazetteer, self.options.source, self.options.known_names)
        found = detectors(self.options.source, _files(self.options.rules), self.options.strength)
        self._passes: list[tuple[str, Pass]] = [("detectors", detector) for detector in found]
        self._regenerator = None
        if self.options.regenerate:
            from mtfix.regenerate.load import load_regenerator

            self._regenerator = load_regenerator(self.options)
            self._passes.append(("model", self._regenerator))

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """Pickle the options and digests of the files they name; what is loaded raises InputError if these differ."""
        from mtfix.batch.identity import identity, load_same

        options = {field.name: getattr(self.options, field.name) for field in fields(Options)}
        return load_same, (Fixer, options, identity(options))

    def clean(self, text: str) -> str:
        """Return the repaired text."""
        return self.repair(text).text

    def check(self, text: str) -> list[Issue]:
        """Return what is found, in order, without changing anything."""
        return list(self.repair(text).issues)

    def pipe(self, texts: Iterable[str]) -> Iterator[Repair]:
        """Yield the repair of each text, in order, as they come."""
        return map(self.repair, texts)

    def token_scores(self, tokens: Sequence[str]) -> list[float]:
        """Return for each token of one sentence the probability that it is part of an error.

        Raises OptionsError when the fixer has no tagger.
        """
        score: Callable[[Sequence[str]], list[float]] | None = getattr(self._regenerator, "token_scores", None)
        if score is None:
            raise OptionsError("token_scores needs a span model: regenerate=True and a model that mtfix ships")
        return score(tokens)

    def repair(self, text: str) -> Repair:
        """Return the repaired text with its edits, issues, names, and the candidates that were turned down.

        Raises TypeError when `text` is not a string.
        """
        if not isinstance(text, str):
            raise TypeError(f"mtfix repairs a str, not {type(text).__name__}")
        work = _Work(text, self.options)
        entities: tuple[Entity, ...] = ()
        states: dict[str, tuple[Edit, ...]] = {}
        for number in range(_ROUNDS):
            states[work.text] = work.edits
            if self._names is not None:
                document = self._document(work)
                with work.stage("names"):
                    names, found = self._names(document)
                entities = entities if number else tuple(names)
                work.take(document, found, first=not number)
            for stage, step in self._passes:
                if number and step in REPORTING:
                    continue
                document = self._document(work)
                with work.stage(stage):
                    findings = list(step(document))
                work.take(document, findings, first=not number)
            if work.text in states:
                break
        work.settle(states)
        return Repair(text, work.edits, work.ordered_issues(), entities, tuple(work.rejected), work.seconds)

    def _document(self, work: _Work) -> Document:
        if work.document is None:
            with work.stage("segmentation"):
                work.document = segment(work.text, protect(work.text, self._terms))
        return work.document


class _Work:
    """One text on its way through the passes."""

    def __init__(self, original: str, options: Options) -> None:
        self.original = original
        self.text = original
        self.document: Document | None = None
        self.edits: tuple[Edit, ...] = ()
        self._origin = Origins(self.edits)
        self.rejected: list[Rejection] = []
        self.seconds: dict[str, float] = {}
        self._issues: dict[tuple[int, int, str], Issue] = {}
        self._options = options

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time that is spent inside for a stage."""
        began = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began

    def take(self, document: Document, findings: Iterable[Finding], first: bool) -> None:
        """Sort a pass's findings into issues, edits that pass the guard, and rejections.

        Issues and rejections are kept from the first round only; later rounds see the text half repaired.
        """
        accepted: list[Edit] = []
        for finding in sorted(findings, key=_place):
            if isinstance(finding, Rejection):
                if first:
                    self.rejected.append(Rejection(self._mapped(finding.edit), finding.reason))
                continue
            if isinstance(finding, Issue):
                issue = self._mapped_issue(finding)
                if first and self._wanted(issue):
                    self._report(issue)
                continue
            if not all(map(self._wanted, map(self._mapped_issue, finding.issues))):
                continue
            reason = violation(document, finding)
            if reason is None and accepted and finding.start < accepted[-1].end:
                reason = "overlaps another edit"
            if reason is None:
                accepted.append(finding)
            elif first:
                self.rejected.append(Rejection(self._mapped(finding), reason))
            is_guess = finding.issues[0].detector.startswith("model:")
            if reason is None or (first and not is_guess):
                for issue in finding.issues:
                    self._report(self._mapped_issue(issue))
        if accepted:
            mapped = [replace(e, issues=tuple(map(self._mapped_issue, e.issues))) for e in accepted]
            self.edits = compose(self.original, self.edits, mapped)
            self._origin = Origins(self.edits)
            self.text = replay(self.original, self.edits)
            self.document = None

    def settle(self, states: Mapping[str, tuple[Edit, ...]]) -> None:
        """Where the texts that a text went through come round in a circle, choose the same one wherever it began."""
        texts = list(states)
        if self.text in states:
            self.text = min(texts[texts.index(self.text) :])
            self.edits = states[self.text]

    def ordered_issues(self) -> tuple[Issue, ...]:
        """Return the issues in order of their place."""
        return tuple(sorted(self._issues.values(), key=lambda issue: (issue.start, issue.end, issue.detector)))

    def _wanted(self, issue: Issue) -> bool:
        categories = self._options.categories
        return issue.key not in self._options.ignore and (categories is None or issue.category in categories)

    def _report(self, issue: Issue) -> None:
        self._issues.setdefault((issue.start, issue.end, issue.detector), issue)

    def _mapped_issue(self, issue: Issue) -> Issue:
        start, end = self._origin(issue.start, issue.end)
        return replace(issue, start=start, end=end, text=self.original[start:end])

    def _mapped(self, edit: Edit) -> Edit:
        start, end = self._origin(edit.start, edit.end)
        issues = tuple(map(self._mapped_issue, edit.issues))
        return Edit(start, end, self.original[start:end], edit.replacement, issues)


def _place(finding: Finding) -> tuple[int, int]:
    where = finding.edit if isinstance(finding, Rejection) else finding
    return where.start, where.end


def _files(given: Files) -> list[Path]:
    return [Path(given)] if isinstance(given, (str, Path)) else [Path(path) for path in given]


def _check(options: Options) -> None:
    if options.strength not in STRENGTHS:
        raise OptionsError(f"strength {options.strength!r}: choose one of {', '.join(STRENGTHS)}")
    unknown = sorted((options.categories or frozenset()) - CATEGORIES.keys())
    if unknown:
        raise OptionsError(f"category {unknown[0]!r} is unknown: choose among {', '.join(CATEGORIES)}")
