"""Issues → one line each, as compilers print them, or JSON-ready mappings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mtfix.report.lines import LineIndex, visible
from mtfix.report.reasons import paint
from mtfix.result import Issue

_QUOTED = 80  # characters of an issue's text that are shown, at most


def listing(name: str, text: str, issues: Sequence[Issue], color: bool = False) -> str:
    """Return a line per issue: place, severity, category, quoted text, message, first suggestion, key."""
    lines = LineIndex(text)
    return "".join(_line(name, *lines.place(issue.start), issue, color) for issue in issues)


def placed(text: str, issues: Sequence[Issue]) -> list[dict[str, Any]]:
    """Return the issues as mappings, with their lines and columns."""
    lines = LineIndex(text)
    return [dict(zip(("line", "column"), lines.place(issue.start), strict=True)) | issue.to_dict() for issue in issues]


def _line(name: str, line: int, column: int, issue: Issue, color: bool) -> str:
    quoted = issue.text if len(issue.text) <= _QUOTED else issue.text[: _QUOTED - 1] + "…"
    suggestion = f" Perhaps “{visible(issue.suggestions[0])}”." if issue.suggestions else ""
    return (
        paint(f"{visible(name)}:{line}:{column}:", "place", color)
        + " "
        + paint(f"{issue.severity} {issue.category}:", issue.severity, color)
        + f" “{visible(quoted)}” {visible(issue.message)}{suggestion} "
        + paint(f"[{issue.key}]", "dim", color)
        + "\n"
    )
