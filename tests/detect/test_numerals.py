from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import mtfix
from mtfix import Fixer
from mtfix.detect.numerals import numerals
from mtfix.result import Edit, Issue, replay
from mtfix.segment import segment

LISTS = yaml.safe_load(Path("mtfix/rules/_numerals.yaml").read_text(encoding="utf-8"))


def mend(text: str) -> str:
    return replay(text, [item for item in numerals(segment(text)) if isinstance(item, Edit)])


@pytest.mark.parametrize("case", LISTS["good"], ids=lambda case: case["in"])
def test_good(case: dict[str, str]) -> None:
    assert mend(case["in"]) == case["out"]
    assert Fixer(strength="thorough", regenerate=False).clean(case["in"]) == case["out"]


@pytest.mark.parametrize("text", LISTS["bad"])
def test_bad(text: str) -> None:
    assert mend(text) == text


def test_in_a_quotation_it_is_only_reported() -> None:
    (issue,) = numerals(segment("He wrote: “Some 3.000 soldiers fell.”"))
    assert isinstance(issue, Issue)
    assert issue.suggestions == ("3,000",)


@given(st.text(alphabet="0123456789., %Hrî", max_size=40))
def test_the_digits_stay(text: str) -> None:
    assert "".join(c for c in mend(text) if c.isdigit()) == "".join(c for c in text if c.isdigit())


def test_marks_inside_numbers_are_changed_by_thorough_alone() -> None:
    text = "Some 3.000 soldiers fell in 480 î.Hr. near the town."
    balanced, thorough = (mtfix.repair(text, strength=s, regenerate=False) for s in ("balanced", "thorough"))
    assert balanced.text == "Some 3.000 soldiers fell in 480 BC near the town."
    assert [i.suggestions for i in balanced.issues if i.text == "3.000"] == [("3,000",)]
    assert thorough.text == "Some 3,000 soldiers fell in 480 BC near the town."
