"""Checked files → annotations of a pull request: workflow commands of GitHub Actions, one a line."""

from __future__ import annotations

from collections.abc import Sequence

from mtfix.report.findings import Checked
from mtfix.report.lines import LineIndex
from mtfix.result import Issue

_COMMANDS = {"neutral": "notice", "minor": "warning", "major": "error", "critical": "error"}


def as_github(files: Sequence[Checked]) -> str:
    """Return a command for each issue; an issue over several lines has no columns, as GitHub wants it."""
    return "".join(
        _command(checked.name, lines, issue)
        for checked in files
        for lines in (LineIndex(checked.text),)
        for issue in checked.issues
    )


def _command(name: str, lines: LineIndex, issue: Issue) -> str:
    (line, column), (end_line, end_column) = lines.place(issue.start), lines.place(issue.end)
    properties = {"file": name, "line": str(line)}
    if line == end_line:
        properties |= {"col": str(column), "endColumn": str(end_column)}
    else:
        properties["endLine"] = str(end_line)
    properties["title"] = f"{issue.severity} {issue.category} ({issue.detector})"
    given = ",".join(
        f"{key}={_data(value).replace(':', '%3A').replace(',', '%2C')}" for key, value in properties.items()
    )
    advice = f" Perhaps “{issue.suggestions[0]}”." if issue.suggestions and issue.suggestions[0] else ""
    return f"::{_COMMANDS[issue.severity]} {given}::{_data(issue.message + advice)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
