"""Styles: one thing written in two ways in the same text, such as dates, shares, and quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from mtfix.document import Document
from mtfix.result import Issue, Severity

_CHOICES = Path(__file__).parent.parent / "rules" / "_styles.yaml"


class Style(NamedTuple):
    """One way to write something, and how to write so what was found in another way."""

    name: str
    find: re.Pattern[str]
    needs: str
    write: str


class Choice(NamedTuple):
    """The styles of one thing; the fields are documented in `mtfix/rules/_styles.yaml`."""

    id: str
    message: str
    severity: Severity
    quoted: bool
    fewest: int
    styles: tuple[Style, ...]
    good: tuple[str, ...]
    bad: tuple[str, ...]


class Place(NamedTuple):
    """Where a style stands, and what the text there would be in the other styles, as far as that is known."""

    start: int
    end: int
    rewritten: Mapping[str, str]


def styles(document: Document) -> Iterator[Issue]:
    """Yield, for each thing that this text writes in two ways, the first place of the less frequent one."""
    for choice in choices():
        matches = _matches(document, choice)
        if sum(map(bool, matches.values())) > 1:
            places = {
                name: [Place(*match.span(), _rewritten(choice, match)) for match in found]
                for name, found in matches.items()
            }
            issue = minority(document, places, choice.message, f"styles:{choice.id}", choice.fewest, choice.severity)
            if issue:
                yield issue


def minority(
    document: Document,
    places: Mapping[str, Sequence[Place]],
    message: str,
    detector: str,
    fewest: int,
    severity: Severity = "neutral",
) -> Issue | None:
    """Return an issue at the first place that is not in the most frequent style, the first of even ones.

    None when all places are in one style, or the most frequent style stands at fewer than `fewest` places.
    """
    used = [name for name in places if places[name]]
    if len(used) < 2:
        return None
    kept = max(used, key=lambda name: (len(places[name]), -places[name][0].start))
    if len(places[kept]) < fewest:
        return None
    name, place = min(((n, places[n][0]) for n in used if n != kept), key=lambda found: found[1].start)
    counts = f"‘{kept.strip()}’ {_times(len(places[kept]))}, ‘{name.strip()}’ {_times(len(places[name]))}"
    return Issue(
        place.start,
        place.end,
        document.text[place.start : place.end],
        "inconsistent-style",
        severity,
        0.8,
        f"{message[:-1]}: {counts}.",
        detector,
        tuple(filter(None, [place.rewritten.get(kept)])),
    )


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _matches(document: Document, choice: Choice) -> dict[str, list[re.Match[str]]]:
    """Return where each style stands; the last is not looked for if there is no other."""
    possible = [style for style in choice.styles if style.needs in document.text]
    found: dict[str, list[re.Match[str]]] = {}
    for style in possible:
        if style is possible[-1] and not any(found.values()):
            break
        found[style.name] = [
            match
            for match in style.find.finditer(document.text)
            if not document.is_protected(*match.span()) and (choice.quoted or not document.is_quoted(*match.span()))
        ]
    return found


def _rewritten(choice: Choice, match: re.Match[str]) -> dict[str, str]:
    groups = {name: text for name, text in match.groupdict().items() if text is not None}
    written = {}
    for style in choice.styles:
        try:
            written[style.name] = style.write.format(**groups)
        except KeyError:
            continue
    return written


@cache
def choices() -> tuple[Choice, ...]:
    """Return the choices of `mtfix/rules/_styles.yaml`, read on first use."""
    book = yaml.safe_load(_CHOICES.read_text(encoding="utf-8"))
    return tuple(
        Choice(
            entry["id"],
            entry["message"],
            entry.get("severity", "neutral"),
            entry.get("quoted", False),
            entry.get("fewest", 2),
            tuple(
                Style(
                    name,
                    re.compile(style["find"].replace("{month}", book["month"]), re.VERBOSE),
                    style.get("needs", ""),
                    style.get("write", ""),
                )
                for name, style in entry["styles"].items()
            ),
            tuple(entry["good"]),
            tuple(entry["bad"]),
        )
        for entry in book["choices"]
    )
