from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mtfix import Fixer
from mtfix.detect.loops import loops
from mtfix.result import Edit, Issue, replay
from mtfix.segment import segment

LISTS = yaml.safe_load(Path("mtfix/rules/_loops.yaml").read_text(encoding="utf-8"))


def mend(text: str) -> str:
    return replay(text, [item for item in loops(segment(text)) if isinstance(item, Edit)])


@pytest.mark.parametrize("case", LISTS["good"], ids=lambda case: case["in"])
def test_good(case: dict[str, str]) -> None:
    assert mend(case["in"]) == case["out"]


@pytest.mark.parametrize("text", LISTS["bad"])
def test_bad(text: str) -> None:
    assert mend(text) == text


def test_in_a_quotation_it_is_only_reported() -> None:
    (issue,) = loops(segment("He wrote: “The rules of the school of the school are old.”"))
    assert isinstance(issue, Issue)


def test_signs_of_unknown_words_are_no_markup() -> None:
    text = "It was sold to" + " <unk>" * 9 + " in May."
    assert Fixer(regenerate=False).clean(text) == "It was sold to <unk> in May."


def test_what_may_be_another_heading_is_only_reported() -> None:
    (issue,) = loops(segment("Ministry of Inland Waters Ministry of Inland Waters Harbour Office"))
    assert isinstance(issue, Issue)


def test_a_long_loop_with_names_passes_the_guard() -> None:
    fixer = Fixer(regenerate=False)
    assert (
        fixer.clean("They left " + "the old town of Rome " * 30 + "at noon.")
        == "They left the old town of Rome at noon."
    )


@given(st.lists(st.sampled_from("the head of and a , . Rome is very king".split()), max_size=30).map(" ".join))
def test_only_what_stands_before_is_deleted(text: str) -> None:
    for item in loops(segment(text)):
        assert text[item.start : item.end] == item.text
        assert set(item.text.lower().split()) <= set(text[: item.start].lower().split()) | {"of", "and"}
