"""Rules of the phrasebooks, listed and explained."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from mtfix.detect.phrasebook import Rule
from mtfix.report.reasons import percent


def as_table(rules: Sequence[Rule]) -> str:
    """Return aligned columns: id, book, issue type, severity, what it does, confidence."""
    rows = [("rule", "book", "issue type", "severity", "does", "confidence")]
    rows += [
        (rule.id, rule.book.stem, rule.category, rule.severity, _does(rule), percent(rule.confidence)) for rule in rules
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "".join("  ".join(map(str.ljust, row, widths)).rstrip() + "\n" for row in rows)


def as_json(rules: Sequence[Rule]) -> str:
    """Return a JSON list of objects with the same columns and the message."""
    return json.dumps([_fields(rule) for rule in rules], ensure_ascii=False, indent=1) + "\n"


def explained(rule: Rule) -> str:
    """Return all about one rule: message, pattern, what it becomes, good and bad examples."""
    title = f"{rule.id} ({rule.book}:{rule.line})"
    kind = f"{rule.severity} {rule.category}, {_does(rule)}, confidence {percent(rule.confidence)}"
    lines = [title, kind, "", rule.message, "", f"pattern: {rule.pattern.text}"]
    lines += [f"{name}: {pattern.text}" for name, pattern in rule.contexts.items()]
    lines += [f"{name}: {value}" for name, value in _conditions(rule).items()]
    lines += [f"becomes: {template.text}" for template in rule.replacements]
    lines += [f"perhaps: {template.text}" for template in rule.suggestions]
    lines += ["", "It finds:"]
    for example in rule.good:
        lines.append(f"  {example.text}")
        if example.repaired is not None:
            lines.append(f"    → {example.repaired}")
    lines += ["", "It leaves alone:", *(f"  {text}" for text in rule.bad)]
    return "\n".join(lines) + "\n"


def _does(rule: Rule) -> str:
    return "repairs" if rule.replacements else "reports"


def _conditions(rule: Rule) -> dict[str, Any]:
    conditions = {
        "where": ", ".join(sorted(rule.where)),
        "quotes": rule.quotes,
        "density": rule.density,
        "suspected": rule.suspected,
    }
    return {name: value for name, value in conditions.items() if value and value != "report"}


def _fields(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "book": rule.book.stem,
        "category": rule.category,
        "severity": rule.severity,
        "repairs": bool(rule.replacements),
        "confidence": rule.confidence,
        "message": rule.message,
    }
