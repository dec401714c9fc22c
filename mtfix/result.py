"""What is found and what is changed: issues, edits, entities, and the repair that holds them.

Only this module turns edits into text.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Severity = Literal["neutral", "minor", "major", "critical"]

#: MQM issue types that mtfix reports, with the MQM dimension of each.
CATEGORIES: dict[str, str] = {
    "terminology": "terminology",
    "inconsistent-term": "terminology",
    "mistranslation": "accuracy",
    "addition": "accuracy",
    "omission": "accuracy",
    "untranslated": "accuracy",
    "entity": "accuracy",
    "grammar": "linguistic conventions",
    "agreement": "linguistic conventions",
    "punctuation": "linguistic conventions",
    "spelling": "linguistic conventions",
    "word-order": "linguistic conventions",
    "duplication": "linguistic conventions",
    "fragment": "linguistic conventions",
    "awkward": "style",
    "unidiomatic": "style",
    "register": "style",
    "inconsistent-style": "style",
    "locale-convention": "locale conventions",
}

SEVERITIES: tuple[Severity, ...] = ("neutral", "minor", "major", "critical")


@dataclass(frozen=True, slots=True)
class Issue:
    """A place that may be a translation error; only a person confirms an error.

    `start` and `end` are string indices, `confidence` is a probability, `detector` names the pass (and the
    rule) that found it. `suspected` marks what cannot be proven without the source text.
    """

    start: int
    end: int
    text: str
    category: str
    severity: Severity
    confidence: float
    message: str
    detector: str
    suggestions: tuple[str, ...] = ()
    suspected: bool = False

    @property
    def key(self) -> str:
        """A hash of what was found, without its position: the entry for an ignore list."""
        parts = "\x1f".join((self.detector, self.category, self.text.casefold()))
        return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping of all fields and the key."""
        return {**asdict(self), "suggestions": list(self.suggestions), "key": self.key}


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `text`, which stands at `[start, end)`, by `replacement`, because of `issues`."""

    start: int
    end: int
    text: str
    replacement: str
    issues: tuple[Issue, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping; issues are given by their keys."""
        return {
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "replacement": self.replacement,
            "issues": [issue.key for issue in self.issues],
        }


@dataclass(frozen=True, slots=True)
class Rejection:
    """A candidate edit that was not applied, and why."""

    edit: Edit
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping: the edit's fields and the reason."""
        return {**self.edit.to_dict(), "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a name stands, as it is spelt there."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Entity:
    """Everything in the document that is taken for one name, and the spelling chosen for it."""

    canonical: str
    mentions: tuple[Mention, ...]

    @property
    def variants(self) -> dict[str, int]:
        """The spellings found, with their counts, in order of first mention."""
        counts: dict[str, int] = {}
        for mention in self.mentions:
            counts[mention.text] = counts.get(mention.text, 0) + 1
        return counts

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping: canonical spelling, variants with counts, mentions with offsets."""
        return {
            "canonical": self.canonical,
            "variants": self.variants,
            "mentions": [asdict(mention) for mention in self.mentions],
        }


@dataclass(frozen=True)
class Repair:
    """The outcome for one text: `text` is always the replay of `edits` on `original`.

    seconds: stage (segmentation, names, detectors, model) → the time it took; no part of what was found.
    """

    original: str
    edits: tuple[Edit, ...]
    issues: tuple[Issue, ...]
    entities: tuple[Entity, ...]
    rejected: tuple[Rejection, ...]
    seconds: Mapping[str, float] = field(default_factory=dict, compare=False, repr=False)

    @property
    def text(self) -> str:
        """The repaired text."""
        return replay(self.original, self.edits)

    def diff(self, color: bool = False) -> str:
        """Return the changed lines with removals and additions marked, and one line of reason per edit."""
        from mtfix.report import diff

        return diff(self, color)

    def to_html(self, title: str = "mtfix report") -> str:
        """Return a self-contained HTML page: the text with every edit and issue marked and explained."""
        from mtfix.report import html_page

        return html_page(self, title)

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping of the whole outcome."""
        return {
            "text": self.text,
            "original": self.original,
            "edits": [edit.to_dict() for edit in self.edits],
            "issues": [issue.to_dict() for issue in self.issues],
            "entities": [entity.to_dict() for entity in self.entities],
            "rejected": [rejection.to_dict() for rejection in self.rejected],
        }


def replay(original: str, edits: Iterable[Edit]) -> str:
    """Apply ordered, non-overlapping edits to the text that their offsets refer to.

    Raises ValueError when an edit overlaps the one before it or does not fit the text.
    """
    parts: list[str] = []
    last = 0
    for edit in edits:
        if edit.start < last or original[edit.start : edit.end] != edit.text:
            raise ValueError(f"edit at {edit.start}:{edit.end} does not fit the text it is replayed on")
        parts += [original[last : edit.start], edit.replacement]
        last = edit.end
    parts.append(original[last:])
    return "".join(parts)


def compose(original: str, first: Sequence[Edit], second: Sequence[Edit]) -> tuple[Edit, ...]:
    """Return edits on `original` that do what `first` and then `second` do.

    `second` has offsets in the text after `first`. Edits that overlap or touch become one, with the issues
    of both; an edit that restores the original is left out.
    """
    between = replay(original, first)
    pending: list[tuple[int, int, Edit, bool]] = []  # start and end in `between`, edit, belongs to first
    shift = 0
    for edit in first:
        start = edit.start + shift
        pending.append((start, start + len(edit.replacement), edit, True))
        shift += len(edit.replacement) - (edit.end - edit.start)
    pending += [(edit.start, edit.end, edit, False) for edit in second]
    pending.sort(key=lambda item: (item[0], item[1]))
    composed: list[Edit] = []
    shift = position = 0
    while position < len(pending):
        start, end = pending[position][:2]
        group = [pending[position]]
        position += 1
        while position < len(pending) and pending[position][0] <= end:
            group.append(pending[position])
            end = max(end, pending[position][1])
            position += 1
        original_start = start - shift
        for _, _, edit, is_first in group:
            if is_first:
                shift += len(edit.replacement) - (edit.end - edit.start)
        original_end = end - shift
        replacement, last = "", start
        for _, _, edit, is_first in group:
            if not is_first:
                replacement += between[last : edit.start] + edit.replacement
                last = edit.end
        replacement += between[last:end]
        text = original[original_start:original_end]
        if replacement != text:
            issues = tuple(dict.fromkeys(issue for _, _, edit, _ in group for issue in edit.issues))
            composed.append(Edit(original_start, original_end, text, replacement, issues))
    return tuple(composed)


class Origins:
    """Where the places of a text after `edits` were in the original."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._edits = edits
        self._begins: list[int] = []  # of the replacements, in the text after the edits
        self._ends: list[int] = []
        self._shifts = [0]  # how much further on everything stands after so many edits
        for edit in edits:
            self._begins.append(edit.start + self._shifts[-1])
            self._ends.append(self._begins[-1] + len(edit.replacement))
            self._shifts.append(self._ends[-1] - edit.end)

    def __call__(self, start: int, end: int) -> tuple[int, int]:
        """Map `[start, end)` of the text after the edits to the original; inside an edit, to the whole of it.

        An empty range where text was deleted maps to the deleted text.
        """
        first, last = bisect_right(self._ends, start), bisect_left(self._ends, end)
        inside_first = first < len(self._edits) and self._begins[first] <= start
        inside_last = last < len(self._edits) and self._begins[last] < end
        bounds = (
            self._edits[first].start if inside_first else start - self._shifts[first],
            self._edits[last].end if inside_last else end - self._shifts[last],
        )
        return min(bounds), max(bounds)
