"""Findings for the terminal: place and reason as compilers print them, the place underlined, a summary."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence

from wcwidth import wcswidth

from mtfix.report.findings import Checked
from mtfix.report.lines import LineIndex, visible
from mtfix.report.reasons import count, paint
from mtfix.report.score import Score
from mtfix.result import SEVERITIES, Issue

_BEFORE, _SPAN, _AFTER = 40, 60, 40  # characters of a line that are shown, at most


def listing(checked: Checked, color: bool = False) -> str:
    """Return for each issue its place, severity, issue type, message and detector, its line, and what to write."""
    lines = LineIndex(checked.text)
    return "".join(_entry(checked, lines, issue, color) for issue in checked.issues)


def summary(files: Sequence[Checked], score: Score, color: bool = False) -> str:
    """Return the counts by issue type and severity, and the quality score."""
    total = score.severities.total()
    found = f"{count(total, 'issue')} in {count(score.words, 'word')} of {count(len(files), 'file')}"
    quality = f"quality score {score.quality:.1f} of 100 ({score.per_thousand:.1f} penalty points per 1,000 words)"
    lines = [f"{found}; {quality}"]
    pairs = Counter((issue.category, issue.severity) for checked in files for issue in checked.issues)
    for category, number in score.categories.most_common():
        parts = [
            paint(f"{pairs[category, severity]:,} {severity}", severity, color)
            for severity in reversed(SEVERITIES)
            if pairs[category, severity]
        ]
        lines.append(f"  {number:>6,}  {category}: {', '.join(parts)}")
    return "\n".join(lines) + "\n"


def _entry(checked: Checked, lines: LineIndex, issue: Issue, color: bool) -> str:
    line, column = lines.place(issue.start)
    shown, underline = _excerpt(checked.text[slice(*lines.range(line))], column - 1, issue.end - issue.start)
    suspected = " (suspected)" if issue.suspected else ""
    suggestions = ", ".join(f"“{visible(text)}”" if text else "leave it out" for text in issue.suggestions)
    advice = f"perhaps: {suggestions} " if suggestions else ""
    return (
        paint(f"{visible(checked.name)}:{line}:{column}:", "place", color)
        + " "
        + paint(f"{issue.severity} {issue.category}:", issue.severity, color)
        + f" {visible(issue.message)}{suspected} "
        + paint(f"[{visible(issue.detector)}]", "dim", color)
        + f"\n    {shown}\n    {paint(underline, issue.severity, color)}\n    {advice}"
        + paint(f"[{issue.key}]", "dim", color)
        + "\n"
    )


def _excerpt(line: str, start: int, length: int) -> tuple[str, str]:
    """Return a line cut around a place, and marks that stand under that place in columns of the terminal."""
    end = min(start + length, len(line))
    stop = min(end, start + _SPAN)
    first, last = _edge(line, max(0, start - _BEFORE)), _edge(line, min(len(line), stop + _AFTER))
    before = ("…" if first else "") + _flat(line[first:start])
    place = _flat(line[start:stop])
    after = _flat(line[stop:last]) + ("…" if last < len(line) else "")
    marks = "^" + "~" * (_width(before + place) - _width(before) - 1)
    return before + place + after, " " * _width(before) + marks


def _edge(line: str, position: int) -> int:
    """Move a cut to before a letter and the marks combined with it."""
    while 0 < position < len(line) and unicodedata.combining(line[position]):
        position -= 1
    return position


def _flat(text: str) -> str:
    return visible(text).replace("\t", " ")


def _width(text: str) -> int:
    """Columns of a terminal; as many as characters where a terminal would be unsure."""
    width: int = wcswidth(text)
    return width if width >= 0 else len(text)
