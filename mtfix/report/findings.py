"""Checked files → JSON, described by `check.schema.json`; and what an earlier run had found already."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from os.path import normpath
from typing import Any

from mtfix import __version__
from mtfix.files import InputError, read_text
from mtfix.report.lines import LineIndex
from mtfix.report.score import score
from mtfix.result import Issue


@dataclass(frozen=True)
class Checked:
    """A text, the name of its file, and its issues in order."""

    name: str
    text: str
    issues: tuple[Issue, ...]


def as_json(files: Sequence[Checked]) -> str:
    """Return the issues of each file with their lines and columns, and the summary; the schema is in the package."""
    result = {
        "version": __version__,
        "files": [{"path": each.name, "issues": _placed(each)} for each in files],
        "summary": score((each.text, each.issues) for each in files).to_dict(),
    }
    return json.dumps(result, ensure_ascii=False, indent=2) + "\n"


def _placed(checked: Checked) -> list[dict[str, Any]]:
    lines = LineIndex(checked.text)
    names = ("line", "column")
    return [dict(zip(names, lines.place(issue.start), strict=True)) | issue.to_dict() for issue in checked.issues]


class Baseline:
    """The issues of an earlier run, by file, key and number; read from its JSON output.

    Raises InputError when that cannot be read or is something else.
    """

    def __init__(self, path: str) -> None:
        text = read_text(path).text
        self._known: dict[str, Counter[str]] = {}
        try:
            for each in json.loads(text)["files"]:
                keys = Counter(str(issue["key"]) for issue in each["issues"])
                self._known.setdefault(normpath(each["path"]), Counter()).update(keys)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise InputError(
                f"--baseline {path}: not the output of mtfix check --format json; write one with that"
            ) from error

    def new(self, checked: Checked) -> Checked:
        """Return the file with only its new issues: of so many known with a key, so many are left out, in order."""
        left = Counter(self._known.get(normpath(checked.name), ()))
        issues = []
        for issue in checked.issues:
            left[issue.key] -= 1
            if left[issue.key] < 0:
                issues.append(issue)
        return replace(checked, issues=tuple(issues))
