"""What all reports share: the reason of an edit, the issues left alone, counts, colours."""

from __future__ import annotations

from mtfix.result import SEVERITIES, Edit, Issue, Repair

_RESET = "\x1b[0m"
_STYLES = {
    "removed": "\x1b[9;31m",
    "added": "\x1b[32m",
    "place": "\x1b[36m",
    "dim": "\x1b[2m",
    "neutral": "\x1b[2m",
    "minor": "\x1b[33m",
    "major": "\x1b[35m",
    "critical": "\x1b[1;31m",
}


def main_issue(edit: Edit) -> Issue | None:
    """Return the issue that speaks for an edit: the most severe, then the most certain."""
    return max(edit.issues, key=lambda i: (SEVERITIES.index(i.severity), i.confidence), default=None)


def open_issues(repair: Repair) -> list[Issue]:
    """Return the issues that no edit mends, in order of position."""
    mended = {issue for edit in repair.edits for issue in edit.issues}
    return sorted((i for i in repair.issues if i not in mended), key=lambda i: (i.start, i.end))


def category_counts(repair: Repair) -> dict[str, tuple[int, int]]:
    """Return MQM issue type → (edits made, issues left open), most frequent first.

    An edit counts once, under its main issue.
    """
    edits: dict[str, int] = {}
    left: dict[str, int] = {}
    for edit in repair.edits:
        issue = main_issue(edit)
        if issue:
            edits[issue.category] = edits.get(issue.category, 0) + 1
    for issue in open_issues(repair):
        left[issue.category] = left.get(issue.category, 0) + 1
    both = {category: (edits.get(category, 0), left.get(category, 0)) for category in {**edits, **left}}
    return dict(sorted(both.items(), key=lambda item: (-sum(item[1]), item[0])))


def percent(confidence: float) -> str:
    """Return a probability as a whole percentage."""
    return f"{round(100 * confidence)} %"


def count(number: int, noun: str) -> str:
    """Return "1 edit", "2 edits", "1,000 edits"."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def paint(text: str, style: str, color: bool) -> str:
    """Wrap a text in the escape codes of a style or severity, if `color`."""
    return f"{_STYLES[style]}{text}{_RESET}" if color else text
