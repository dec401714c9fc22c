"""The counts of a corpus run → one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mtfix.batch.summary import Summary


def html_summary(summary: Summary, about: Mapping[str, Any]) -> str:
    """Return a page with counts by issue type, examples, throughput and time by stage; all of it is escaped."""
    folder = files("mtfix.report")
    counts = sorted(summary.counts.items(), key=lambda item: (-sum(item[1]), item[0]))
    return Template(folder.joinpath("summary.html").read_text(encoding="utf-8")).substitute(
        title="mtfix batch",
        style=folder.joinpath("page.css").read_text(encoding="utf-8"),
        figures=_figures(summary),
        counts=_table(("issue type", "edits made", "issues left"), ((name, *pair) for name, pair in counts)),
        examples=_table(("issue type", "before", "after", "why"), summary.examples),
        stages=_table(
            ("stage", "seconds"), ((name, _Number(_seconds(value))) for name, value in summary.stages.items())
        )
        + "<p>Reading and writing go on beside the workers; the other stages are sums over all workers.</p>",
        about=_table(("", ""), ((name, _told(value)) for name, value in about.items())),
    )


def _figures(summary: Summary) -> str:
    seconds = summary.seconds or 1.0
    figures: tuple[tuple[str, str], ...] = (
        (f"{summary.rows:,}", "rows"),
        (f"{summary.words:,}", "words"),
        (f"{summary.share_changed:.1%}", "of the rows changed"),
        (f"{summary.rejected:,}", "rejected"),
        (f"{summary.skipped:,}", "not English"),
        (f"{summary.rows / seconds:,.1f}", "rows/s"),
        (f"{summary.words / seconds:,.0f}", "words/s"),
        (_seconds(summary.seconds), "seconds"),
        *(((f"{len(summary.failed):,}", "inputs not done"),) if summary.failed else ()),
    )
    return "".join(f"<div><b>{number}</b> {label}</div>" for number, label in figures)


class _Number(str):
    """A number as it is shown."""


def _seconds(value: float) -> str:
    """Return a time with about three digits, however short it is."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3
    return f"{value:,.{digits}f}" if value >= 0.0005 or not value else "< 0.001"


def _told(value: object) -> str:
    """Return a setting as people write it."""
    if value is None:
        return "none (a dry run)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_told(inner)}" for name, inner in value.items()) or "defaults"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    body = "".join("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in rows)
    if not body:
        return '<p class="none">None.</p>'
    return f"<table><tr>{''.join(f'<th>{_shown(name)}</th>' for name in head)}</tr>{body}</table>"


def _cell(value: object) -> str:
    if isinstance(value, int | float):
        return f'<td class="n">{value:,}</td>'
    if isinstance(value, _Number):
        return f'<td class="n">{_shown(value)}</td>'
    return f"<td>{_shown(str(value))}</td>"


def _shown(text: str) -> str:
    return escape(text.encode("utf-8", "replace").decode())
