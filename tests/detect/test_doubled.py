from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from mtfix.detect.doubled import doubled
from mtfix.protect import protect
from mtfix.result import Edit, Issue, replay
from mtfix.segment import segment

LISTS = yaml.safe_load(Path("mtfix/rules/_doubled.yaml").read_text(encoding="utf-8"))


def found(text: str) -> list[Issue | Edit]:
    return list(doubled(segment(text, protect(text))))


def mend(text: str) -> str:
    return replay(text, [item for item in found(text) if isinstance(item, Edit)])


@pytest.mark.parametrize("case", LISTS["good"], ids=lambda case: case["in"])
def test_good(case: dict[str, str]) -> None:
    assert mend(case["in"]) == case["out"]


@pytest.mark.parametrize("text", LISTS["bad"])
def test_bad(text: str) -> None:
    assert mend(text) == text


def test_in_a_quotation_it_is_only_reported() -> None:
    text = "He wrote: “The house house was sold in May.”"
    (issue,) = found(text)
    assert isinstance(issue, Issue)
    assert text[issue.start : issue.end] == issue.text == " house"


def test_lines_and_markup_are_no_places_for_it() -> None:
    for text in ("The house\nhouse was sold.", "See `house house` there.", "The house  house was sold."):
        assert mend(text) == text
