"""Why a name is respelt → the edit that says so."""

from __future__ import annotations

from dataclasses import dataclass

from mtfix.document import Token
from mtfix.names.glossary import Listed
from mtfix.result import Edit, Issue, Severity


@dataclass(frozen=True)
class Change:
    """Why a token is respelt."""

    detector: str
    confidence: float
    explanation: str = ""


def edit_of_glossary(place: Listed) -> Edit:
    """Return the edit by which the glossary respells a place that it lists."""
    message = f"‘{place.text}’ is listed as a spelling of ‘{place.canonical}’."
    category = "entity" if place.is_name else "terminology"
    return _as_edit(place.start, place.text, place.new, category, 1.0, message, "names:glossary")


def edit_of(old: Token, new: str, change: Change, count: int) -> Edit:
    """Return the edit of a token. count: how often the document then has the new spelling."""
    times = f"{count - 1} more time" + "s" * (count != 2)
    if change.detector == "names:particle":
        message = f"‘{old.text}’ is ‘{new}’ in this name elsewhere ({times}): one form for one name."
        severity: Severity = "minor"
    elif change.detector == "names:article":
        if old.text.casefold() == new.casefold():
            small = new[0].islower()
            place = "inside a sentence" if small else "at the start of a sentence"
            message = f"The article of ‘{old.text}’ is {'small' if small else 'capital'} {place}."
        else:
            message = f"Written ‘{old.text}’ here and ‘{new}’ elsewhere ({times}): one form for one name."
        severity = "minor"
    elif change.detector == "names:gazetteer":
        message, severity = f"The table of known names spells ‘{old.text}’ as ‘{new}’.", "major"
    else:
        message = f"Spelt ‘{old.text}’ here and ‘{new}’ elsewhere ({times}): one spelling for one name."
        message = f"{message} {change.explanation}".rstrip()
        severity = "major"
    return _as_edit(old.start, old.text, new, "entity", change.confidence, message, change.detector, severity)


def _as_edit(
    start: int,
    text: str,
    new: str,
    category: str,
    confidence: float,
    message: str,
    detector: str,
    severity: Severity = "minor",
) -> Edit:
    end = start + len(text)
    issue = Issue(start, end, text, category, severity, confidence, message, detector, (new,))
    return Edit(start, end, text, new, (issue,))
