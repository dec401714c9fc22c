"""Things written in two ways in one text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtfix.detect.styles import Choice, choices, styles
from mtfix.protect import protect
from mtfix.result import Issue
from mtfix.segment import segment


def find(text: str) -> list[Issue]:
    return list(styles(segment(text, protect(text))))


@pytest.mark.parametrize("choice", choices(), ids=lambda choice: choice.id)
def test_each_choice_fires_on_its_good_examples_only(choice: Choice) -> None:
    for text in choice.good:
        assert [issue.detector for issue in find(text)] == [f"styles:{choice.id}"], text
    for text in choice.bad:
        assert not find(text), text


def test_one_finding_a_choice_with_counts_and_the_majority_as_fix() -> None:
    (issue,) = find("It was 4% in May, 5% in June and 6 % in July. It was 7 percent in August, and 8% in September.")
    assert (issue.text, issue.suggestions, issue.severity) == ("6 %", ("6%",), "neutral")
    assert "‘10%’ 3 times" in issue.message and "once" in issue.message


def test_dates_are_rewritten() -> None:
    (issue,) = find("It began on 5 May and on 7 May. It ended on June 12, after a month.")
    assert issue.suggestions == ("12 June",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "See https://example.org/5%20percent and 10% of it, or 11%.",
        "Sales rose 5%, then 6%. “We want ten percent,” she said.",
        "The May 5 plan, and 3 May.",
        "A well-known, two-year plan – at last – was made in 1990-95.",
    ],
)
def test_left_alone(text: str) -> None:
    assert not find(text)


PIECES = (
    '5 May, / May 5, / 10% / 10 percent / 1,500 / 1.500,25 / 10 000 / "a b" / “a b” / it\'s / it’s / - / – / U.S. / US'
)


@given(st.lists(st.sampled_from([*PIECES.split(" / "), "\n\n"]), max_size=60).map(" ".join) | st.text(max_size=100))
def test_offsets_fit_any_text(text: str) -> None:
    found = find(text)
    assert all(text[issue.start : issue.end] == issue.text for issue in found)
    assert len({issue.detector for issue in found}) == len(found)
