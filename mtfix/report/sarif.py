"""Checked files → SARIF 2.1.0 (OASIS, 2020), which code hosts and editors read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from mtfix import __version__
from mtfix.report.findings import Checked
from mtfix.report.lines import LineIndex
from mtfix.result import Issue

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"neutral": "note", "minor": "warning", "major": "error", "critical": "error"}


def as_sarif(files: Sequence[Checked]) -> str:
    """Return one run with a result for each issue; its rules are the detectors. Columns count UTF-16 code units."""
    numbers: dict[str, int] = {}
    for checked in files:
        for issue in checked.issues:
            numbers.setdefault(issue.detector, len(numbers))
    driver = {"name": "mtfix", "version": __version__, "rules": [{"id": detector} for detector in numbers]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "utf16CodeUnits",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "results": [result for checked in files for result in _results(checked, numbers)],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _results(checked: Checked, numbers: dict[str, int]) -> list[dict[str, Any]]:
    lines = LineIndex(checked.text)
    artifact = {"uri": _uri(checked.name)}
    return [_result(checked.text, lines, artifact, issue, numbers[issue.detector]) for issue in checked.issues]


def _result(text: str, lines: LineIndex, artifact: dict[str, str], issue: Issue, number: int) -> dict[str, Any]:
    region = _region(text, lines, issue)
    result: dict[str, Any] = {
        "ruleId": issue.detector,
        "ruleIndex": number,
        "level": _LEVELS[issue.severity],
        "message": {"text": issue.message},
        "locations": [
            {"physicalLocation": {"artifactLocation": artifact, "region": region | {"snippet": {"text": issue.text}}}}
        ],
        "partialFingerprints": {"mtfixKey/v1": issue.key},
        "properties": {
            "category": issue.category,
            "severity": issue.severity,
            "confidence": issue.confidence,
            "suspected": issue.suspected,
        },
    }
    if issue.suggestions:
        result["fixes"] = [
            {
                "artifactChanges": [
                    {
                        "artifactLocation": artifact,
                        "replacements": [{"deletedRegion": region, "insertedContent": {"text": suggestion}}],
                    }
                ]
            }
            for suggestion in issue.suggestions
        ]
    return result


def _region(text: str, lines: LineIndex, issue: Issue) -> dict[str, int]:
    region = {}
    for name, offset in (("start", issue.start), ("end", issue.end)):
        line, column = lines.place(offset)
        before = text[offset - column + 1 : offset]
        region[f"{name}Line"] = line
        region[f"{name}Column"] = len(before.encode("utf-16-le", "surrogatepass")) // 2 + 1
    return region


def _uri(name: str) -> str:
    path = Path(name)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
