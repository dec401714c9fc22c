"""What is done to one row, in whatever process an engine does it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from mtfix.batch.language import not_english
from mtfix.report.reasons import category_counts, main_issue
from mtfix.result import Entity, Repair

_AROUND = 60  # characters of context in an example


class Repairer(Protocol):
    """What a job needs of a fixer."""

    def repair(self, text: str) -> Repair:
        """Repair one document."""


Load = Callable[[], Repairer]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the texts of one row.

    `reason` says why it was rejected; its texts are then the originals. skipped: column → why its text wasn't repaired.
    counts: MQM issue type → edits made and issues left. examples: (issue type, before, after, message) of edits.
    seconds: stage → the time it took.
    """

    texts: tuple[str, ...] = ()
    reason: str | None = None
    skipped: dict[str, str] = field(default_factory=dict)
    issues: tuple[dict[str, Any], ...] = ()
    edits: tuple[dict[str, Any], ...] = ()
    entities: tuple[Entity, ...] = ()
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    examples: tuple[tuple[str, str, str, str], ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Job:
    """How to repair a row; can be sent to another process.

    load: makes the fixer, once per process. row_timeout: seconds after which a row is given up. details: whether
    outcomes carry issues and edits. entities: whether they carry the names.
    """

    load: Load
    row_timeout: float = 120.0
    details: bool = False
    entities: bool = False

    def __call__(self, fixer: Repairer, columns: tuple[str, ...], texts: tuple[str, ...]) -> Outcome:
        """Repair the texts of one row, each by itself; an error in one rejects them all."""
        began = time.perf_counter()
        try:
            repairs: list[Repair] = []
            skipped: dict[str, str] = {}
            for column, text in zip(columns, texts, strict=True):
                reason = not_english(text)
                if reason:
                    skipped[column] = reason
                repairs.append(Repair(text, (), (), (), ()) if reason or not text.strip() else fixer.repair(text))
        except Exception as error:  # one bad row must not stop a corpus: it is written down and left alone
            return Outcome(texts, reason=f"internal error: {type(error).__name__}: {error}")
        issues, edits = _details(columns, repairs) if self.details else ((), ())
        return Outcome(
            tuple(repair.text for repair in repairs),
            None,
            skipped,
            issues,
            edits,
            tuple(entity for repair in repairs for entity in repair.entities) if self.entities else (),
            _counts(repairs),
            tuple(example for repair in repairs for example in _examples(repair)),
            _seconds(repairs, time.perf_counter() - began),
        )


def _details(
    columns: tuple[str, ...], repairs: list[Repair]
) -> tuple[tuple[dict[str, Any], ...], tuple[dict[str, Any], ...]]:
    named = list(zip(columns, repairs, strict=True))
    return (
        tuple({"column": column, **issue.to_dict()} for column, repair in named for issue in repair.issues),
        tuple({"column": column, **edit.to_dict()} for column, repair in named for edit in repair.edits),
    )


def _seconds(repairs: list[Repair], whole: float) -> dict[str, float]:
    """Return the time by stage; what no stage accounts for, such as the language check, as "other"."""
    spent: dict[str, float] = {}
    for stage, seconds in (item for repair in repairs for item in repair.seconds.items()):
        spent[stage] = spent.get(stage, 0.0) + seconds
    return spent | {"other": whole - sum(spent.values())}


def _counts(repairs: list[Repair]) -> dict[str, tuple[int, int]]:
    counts: dict[str, tuple[int, int]] = {}
    for repair in repairs:
        for category, (made, left) in category_counts(repair).items():
            before = counts.get(category, (0, 0))
            counts[category] = before[0] + made, before[1] + left
    return counts


def _examples(repair: Repair) -> list[tuple[str, str, str, str]]:
    """Return the first edit of each issue type, with the words around it."""
    found: dict[str, tuple[str, str, str, str]] = {}
    for edit in repair.edits:
        issue = main_issue(edit)
        if issue is None or issue.category in found:
            continue
        start = max(0, edit.start - _AROUND)
        before, after = repair.original[start : edit.start], repair.original[edit.end : edit.end + _AROUND]
        changed = before + edit.replacement + after
        found[issue.category] = issue.category, before + edit.text + after, changed, issue.message
    return list(found.values())
