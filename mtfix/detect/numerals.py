"""Numbers and eras written as in another language: "3.000 soldiers", "2,8 %", "480 î.Hr."."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from mtfix.document import Document
from mtfix.result import Edit, Issue

_LISTS = Path(__file__).parent.parent / "rules" / "_numerals.yaml"
_ALONE = r"(?<![\w.,/:-])"
_THOUSANDS = re.compile(_ALONE + r"[1-9]\d{0,2}(?:\.\d{3})+(?![\w/:-]|[.,]\d)")
_DECIMAL = re.compile(_ALONE + r"\d{1,3},\d{1,2}(?![\w/:-]|[.,]\d)")
_WORDS = re.compile(r" ?(%|°)|[  ]([^\W\d_]+)(?: ([^\W\d_]+))?")


def numerals(document: Document, marks: bool = True) -> Iterator[Issue | Edit]:
    """Yield numbers whose marks another language set, where what they count leaves no doubt, and foreign eras.

    They are repaired, without `marks` only the eras; inside quotation marks, and else, they are only reported.
    """
    numbers = [
        *(_marks(document, match, "a full stop", ",") for match in _THOUSANDS.finditer(document.text)),
        *(_marks(document, match, "a comma", ".") for match in _DECIMAL.finditer(document.text)),
    ]
    found = [item.issues[0] if isinstance(item, Edit) and not marks else item for item in numbers]
    found += [_era(document, match) for match in _eras().finditer(document.text)]
    yield from sorted((item for item in found if item), key=lambda item: item.start)


def _marks(document: Document, match: re.Match[str], mark: str, right: str) -> Issue | Edit | None:
    text = match.group()
    following = _WORDS.match(document.text, match.end())
    words = [word.lower() for word in following.groups() if word] if following else []
    if not (_counts(text, words) if right == "," else _measures(words)):
        return None
    right_text = text.replace("." if right == "," else ",", right)
    use = "thousands" if right == "," else "decimals"
    message = f"Other languages set off {use} with {mark}; English writes {right_text}."
    return _result(document, match, right_text, "locale-convention", message)


def _counts(text: str, words: list[str]) -> bool:
    """Whether a number with full stops is a whole number: two of them, or things follow that come in whole numbers."""
    lists, groups = _lists(), text.split(".")
    if len(groups) > 2:
        return len(groups) != 4 or any(int(group) > 255 for group in groups)
    if not words or not words[-1].isalpha() or lists["unit"].intersection(words) or words[0] in lists["scale"]:
        return False
    return any(word in lists["counted"] for word in words) or (
        groups[1] == "000" and len(groups[0]) > 1 and words[0] in lists["after"]
    )


def _measures(words: list[str]) -> bool:
    lists = _lists()
    return bool(words) and (words[0] in ("%", "°") or words[0] in lists["scale"] or words[0] in lists["measure"])


def _era(document: Document, match: re.Match[str]) -> Issue | Edit | None:
    era = next(name for name in ("BC", "AD") if match[name])
    ends = match.group().endswith(".") and re.match(r"\s*(?:[\"”’)]|$|\n|[A-Z])", document.text[match.end() :])
    replacement = f"{match['year']} {era}{'.' if ends else ''}"
    message = f"The abbreviation was left in the source language; English writes {match['year']} {era}."
    return _result(document, match, replacement, "untranslated", message)


def _result(document: Document, match: re.Match[str], right: str, category: str, message: str) -> Issue | Edit | None:
    start, end = match.span()
    if document.is_protected(start, end):
        return None
    issue = Issue(start, end, match.group(), category, "minor", 0.93, message, "numerals", (right,))
    return issue if document.is_quoted(start, end) else Edit(start, end, match.group(), right, (issue,))


@cache
def _eras() -> re.Pattern[str]:
    """Return a pattern of a year with an era of another language, as the groups `year`, and `BC` or `AD`."""
    lists = {name: sorted(_lists()[name], key=lambda text: (-len(text), text)) for name in ("BC", "AD")}
    spellings = {name: "|".join(map(_spelling, texts)) for name, texts in lists.items()}
    return re.compile(rf"(?<![\w.,])(?P<year>\d{{1,4}}) ?(?:(?P<BC>{spellings['BC']})|(?P<AD>{spellings['AD']}))(?!\w)")


def _spelling(text: str) -> str:
    return re.escape(text).replace(r"\.", r"\.? ?").removesuffix(" ?")


@cache
def _lists() -> dict[str, frozenset[str]]:
    lists: dict[str, Any] = yaml.safe_load(_LISTS.read_text(encoding="utf-8"))
    return {name: frozenset(lists[name]) for name in ("counted", "after", "unit", "scale", "measure", "BC", "AD")}
