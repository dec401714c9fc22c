"""The counts of a run, and the page and the JSON that show them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from mtfix.report.summary import html_summary

Example = tuple[str, str, str, str]  # issue type, before, after, message
_EXAMPLES = 5  # of each issue type


@dataclass
class Summary:
    """Counts of a run or of a part of it.

    skipped: rows that aren't English. rejected: rows left as they were because of an error. left_out: those of them
    that another format has no place for. failed: input → why it couldn't be read; nothing of it is in the other
    counts, nor in the output. counts: MQM issue type → edits made and issues left. stages: seconds of
    reading and writing, and of what is done to rows, in all workers together.
    """

    rows: int = 0
    words: int = 0
    changed: int = 0
    skipped: int = 0
    rejected: int = 0
    left_out: int = 0
    seconds: float = 0.0
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    examples: list[Example] = field(default_factory=list)
    stages: dict[str, float] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        skipped = f", {self.skipped:,} not English" if self.skipped else ""
        out = f" ({self.left_out:,} of them only in the rejects)" if self.left_out else ""
        speed = f", {self.rows / self.seconds:,.1f} rows/s, {self.words / self.seconds:,.0f} words/s"
        return (
            f"{self.rows:,} row{'s' * (self.rows != 1)}, {self.changed:,} changed ({self.share_changed:.1%}),"
            f" {self.rejected:,} rejected{out}"
            f"{skipped}{speed if self.seconds else ''}"
        )

    @property
    def share_changed(self) -> float:
        """The part of the rows that were changed."""
        return self.changed / self.rows if self.rows else 0.0

    def add(self, part: Summary) -> None:
        """Add the counts of a part that follows."""
        for name in ("rows", "words", "changed", "skipped", "rejected", "left_out", "seconds"):
            setattr(self, name, getattr(self, name) + getattr(part, name))
        for category, (made, left) in part.counts.items():
            self.count(category, made, left)
        for example in part.examples:
            self.show(example)
        for stage, seconds in part.stages.items():
            self.spend(stage, seconds)

    def count(self, category: str, made: int, left: int) -> None:
        """Count edits made and issues left of an issue type."""
        before = self.counts.get(category, (0, 0))
        self.counts[category] = before[0] + made, before[1] + left

    def show(self, example: Example) -> None:
        """Keep an example if there are few of its issue type."""
        if sum(known[0] == example[0] for known in self.examples) < _EXAMPLES:
            self.examples.append(example)

    def spend(self, stage: str, seconds: float) -> None:
        """Count seconds for a stage."""
        self.stages[stage] = self.stages.get(stage, 0.0) + seconds

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping of all fields."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Summary:
        """Return the summary that `to_dict` gave."""
        made = cls(**values)
        made.counts = {category: (pair[0], pair[1]) for category, pair in made.counts.items()}
        made.examples = [(e[0], e[1], e[2], e[3]) for e in made.examples]
        return made


def summary_bytes(summary: Summary, about: Mapping[str, Any], as_page: bool) -> bytes:
    """Return the counts, with what they are about, as an HTML page or as JSON."""
    if as_page:
        return html_summary(summary, about).encode()
    examples = [dict(zip(("category", "before", "after", "message"), e, strict=True)) for e in summary.examples]
    counts = {name: {"edits": made, "issues_left": left} for name, (made, left) in sorted(summary.counts.items())}
    values = {
        **about,
        **summary.to_dict(),
        "share_changed": summary.share_changed,
        "rows_per_second": summary.rows / summary.seconds if summary.seconds else None,
        "words_per_second": summary.words / summary.seconds if summary.seconds else None,
        "counts": counts,
        "examples": examples,
    }
    return json.dumps(values, indent=2).encode() + b"\n"
