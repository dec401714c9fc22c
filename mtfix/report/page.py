"""Repair → one self-contained HTML page: the text with its edits and issues marked and explained."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from importlib.resources import files
from string import Template

from mtfix.report.reasons import category_counts, count, main_issue, open_issues, percent
from mtfix.result import SEVERITIES, Edit, Entity, Issue, Rejection, Repair

_PARAGRAPH = re.compile(r"(?:\r\n|\n|\r)+")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NEW_BLOCK = '</div><div class="block">'
_BEFORE, _AFTER = 40, 40  # characters of context shown with a rejected candidate


def html_page(repair: Repair, title: str = "mtfix report") -> str:
    """Return a page without external files: text in place, edits listed, names, rejected candidates.

    Everything that comes from the repair is escaped; characters that HTML can't hold become U+FFFD.
    """
    left = open_issues(repair)
    return Template(_asset("page.html")).substitute(
        title=_text(title),
        style=_asset("page.css"),
        script=_asset("page.js"),
        figures=_figures(repair, left),
        categories=_categories(repair),
        text=_marked_text(repair, left),
        edits="".join(_edit_entry(number, edit) for number, edit in enumerate(repair.edits)) or _none("No edits."),
        issues="".join(_issue_entry(number, issue) for number, issue in enumerate(left))
        or _none("Nothing else was found."),
        names=_names(repair.entities),
        rejected=_rejected(repair),
        edit_count=f"{len(repair.edits):,}",
        issue_count=f"{len(left):,}",
    )


def _asset(name: str) -> str:
    return files("mtfix.report").joinpath(name).read_text(encoding="utf-8")


def _text(text: str) -> str:
    return escape(_UNPRINTABLE.sub("\ufffd", text))


def _none(sentence: str) -> str:
    return f'<p class="none">{sentence}</p>'


def _figures(repair: Repair, left: list[Issue]) -> str:
    words = len(repair.original.split())
    unified = sum(len(entity.variants) > 1 for entity in repair.entities)
    figures = (
        (len(repair.edits), "edits made" if len(repair.edits) != 1 else "edit made"),
        (len(left), "issues left to you" if len(left) != 1 else "issue left to you"),
        (unified, "names spelt in several ways" if unified != 1 else "name spelt in several ways"),
        (len(repair.rejected), "candidates rejected" if len(repair.rejected) != 1 else "candidate rejected"),
        (words, "words" if words != 1 else "word"),
    )
    return "".join(f"<div><b>{number:,}</b> {label}</div>" for number, label in figures)


def _categories(repair: Repair) -> str:
    """One button per MQM issue type, with a bar for edits made and issues left."""
    counts = category_counts(repair)
    most = max((sum(pair) for pair in counts.values()), default=1)
    return "".join(
        f'<button type="button" data-category="{_text(category)}" aria-pressed="false">'
        f'<span class="label">{_text(category)}</span>'
        f'<span class="bar"><i class="made" style="width:{100 * made / most:.1f}%"></i>'
        f'<i class="left" style="width:{100 * left / most:.1f}%"></i></span>'
        f'<span class="number" title="{count(made, "edit")}, {count(left, "issue")} left">'
        f"{made + left:,}</span>"
        "</button>"
        for category, (made, left) in counts.items()
    )


def _marked_text(repair: Repair, left: list[Issue]) -> str:
    """The original with edits and open issues in place, a block element for each run of lines."""
    text = repair.original
    marks = _Underlines(text, left)
    parts: list[str] = ['<div class="block">']
    last = 0
    for number, edit in enumerate(repair.edits):
        parts.extend(marks.between(last, edit.start))
        parts.append(f'<a class="edit" id="e{number}" href="#r{number}" data-category="{_category(edit)}">')
        parts.append(f"{_changed(edit)}</a>")
        last = edit.end
    parts.extend(marks.between(last, len(text)))
    parts.append(marks.rest())
    parts.append("</div>")
    return "".join(parts)


class _Underlines:
    """Renders unchanged text from left to right, with the open issues in it underlined."""

    def __init__(self, text: str, issues: list[Issue]) -> None:
        self._text = text
        self._issues = issues
        self._next = 0
        self._active: list[int] = []
        self._anchored: set[int] = set()

    def between(self, start: int, end: int) -> Iterator[str]:
        """Yield the HTML of `[start, end)`; calls must come in order."""
        position = start
        while position < end:
            while self._next < len(self._issues) and self._issues[self._next].start <= position:
                self._active.append(self._next)
                self._next += 1
            over = [n for n in self._active if self._issues[n].end <= position]
            self._active = [n for n in self._active if self._issues[n].end > position]
            yield self._anchors(over)
            stops = [self._issues[n].end for n in self._active]
            if self._next < len(self._issues):
                stops.append(self._issues[self._next].start)
            stop = min([end, *stops])
            shown = _PARAGRAPH.sub(_break, _text(self._text[position:stop]))
            if self._active:
                shown = self._underlined(shown)
            yield shown
            position = stop

    def rest(self) -> str:
        """Return what the list of issues links to and the text had no place for."""
        return self._anchors([*self._active, *range(self._next, len(self._issues))])

    def _underlined(self, shown: str) -> str:
        """Underline by the worst of the issues here; the others are named by the list only."""
        number = max(self._active, key=lambda n: SEVERITIES.index(self._issues[n].severity))
        issue = self._issues[number]
        category = _text(issue.category)
        opening = f'<a class="issue {_text(issue.severity)}" href="#i{number}" data-category="{category}"'
        name = "" if number in self._anchored else f' id="m{number}"'
        self._anchored.add(number)
        shown = shown.replace(_NEW_BLOCK, f"</a>{_NEW_BLOCK}{opening}>")
        return f"{opening}{name}>{shown}</a>"

    def _anchors(self, numbers: list[int]) -> str:
        """Return invisible link targets for issues that never were the worst of their place."""
        missing = [n for n in numbers if n not in self._anchored]
        self._anchored.update(missing)
        return "".join(f'<span id="m{n}"></span>' for n in missing)


def _break(match: re.Match[str]) -> str:
    lines = match.group().replace("\r\n", "\n").replace("\r", "\n")
    return "\n" + (_NEW_BLOCK if len(lines) > 1 else "")


def _edit_entry(number: int, edit: Edit) -> str:
    reasons = "".join(_reason(issue) for issue in edit.issues)
    return (
        f'<article class="entry" id="r{number}" data-category="{_category(edit)}" data-target="e{number}">'
        f'<a class="words" href="#e{number}">{_changed(edit)}</a>{reasons}</article>'
    )


def _changed(edit: Edit) -> str:
    removed = f"<del>{_text(edit.text)}</del>" if edit.text else ""
    added = f"<ins>{_text(edit.replacement)}</ins>" if edit.replacement else ""
    return removed + added


def _category(edit: Edit) -> str:
    issue = main_issue(edit)
    return _text(issue.category) if issue else ""


def _issue_entry(number: int, issue: Issue) -> str:
    suggestions = ", ".join(f"<ins>{_text(suggestion)}</ins>" for suggestion in issue.suggestions)
    category = _text(issue.category)
    return (
        f'<article class="entry" id="i{number}" data-category="{category}" data-target="m{number}">'
        f'<a class="words" href="#m{number}"><mark>{_text(issue.text)}</mark></a>{_reason(issue)}'
        + (f'<p class="suggestions">Perhaps: {suggestions}</p>' if suggestions else "")
        + "</article>"
    )


def _reason(issue: Issue) -> str:
    suspected = " · suspected" if issue.suspected else ""
    return (
        f'<p class="reason"><span class="severity {_text(issue.severity)}">{_text(issue.severity)}</span> '
        f'<span class="category">{_text(issue.category)}</span> {_text(issue.message)} '
        f'<span class="source">{percent(issue.confidence)} · {_text(issue.detector)}{suspected}</span></p>'
    )


def _names(entities: Iterable[Entity]) -> str:
    """A table of names; those spelt in one way only are folded away."""
    several: list[str] = []
    one: list[str] = []
    for entity in entities:
        variants = " ".join(
            f'<span class="variant{" chosen" if spelling == entity.canonical else ""}">'
            f"{_text(spelling)}<small>{number:,}</small></span>"
            for spelling, number in entity.variants.items()
        )
        row = f"<tr><th>{_text(entity.canonical)}</th><td>{variants}</td></tr>"
        (several if len(entity.variants) > 1 else one).append(row)
    parts = [f"<table>{''.join(several)}</table>"] if several else []
    if one:
        summary = f"{count(len(one), 'name')} spelt in one way only"
        parts.append(f"<details><summary>{summary}</summary><table>{''.join(one)}</table></details>")
    return "".join(parts) or _none("No names were found.")


def _rejected(repair: Repair) -> str:
    if not repair.rejected:
        return _none("No candidate was rejected.")
    rows = "".join(_rejected_entry(repair.original, rejection) for rejection in repair.rejected)
    return f"<details><summary>{count(len(repair.rejected), 'candidate')} not applied</summary>{rows}</details>"


def _rejected_entry(original: str, rejection: Rejection) -> str:
    edit = rejection.edit
    before = _text(original[max(0, edit.start - _BEFORE) : edit.start])
    after = _text(original[edit.end : edit.end + _AFTER])
    return (
        f'<article class="entry rejected"><p class="words">{before}{_changed(edit)}{after}</p>'
        f'<p class="reason">{_text(rejection.reason)}</p></article>'
    )
