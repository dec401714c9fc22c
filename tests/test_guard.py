from __future__ import annotations

import pytest

from mtfix.document import Span
from mtfix.guard import violation
from mtfix.result import Edit, Issue
from mtfix.segment import segment


def judged(text: str, old: str, new: str, detector: str = "model:span", protected: str = "") -> str | None:
    start = text.index(old)
    issue = Issue(start, start + len(old), old, "awkward", "minor", 0.9, "", detector)
    spans = [Span(text.index(protected), text.index(protected) + len(protected))] if protected else []
    return violation(segment(text, spans), Edit(start, start + len(old), old, new, (issue,)))


@pytest.mark.parametrize(
    ("text", "old", "new", "reason"),
    [
        ("They lost 32 men.", "lost 32 men", "lost 23 men", "number"),
        ("They lost two men.", "two men", "men", "number"),
        ("It cost 2,500 euros.", "2,500 euros", "2.500 euros", "number"),
        ("They met on Friday.", "on Friday", "on Monday", "date"),
        ("It took three weeks.", "three weeks", "three months", "date"),
        ("He did not go there.", "did not go", "did go", "negation"),
        ("He didn't go there.", "didn't go", "went", "negation"),
        ("He went with money.", "with money", "without money", "negation"),
        ("He met Peter there.", "met Peter", "met Paul", "name"),
        ("He met Peter there.", "met Peter", "met him", "name"),
        ("He met him there.", "met him", "met Peter", "name"),
        ('He said "no way" again.', 'said "no way" again', "said no way again", "quotation"),
        ('He said "it is well" again.', "is well", "is fine", "quotation"),
        ("Type a | b here now.", "a | b", "a b", "markup"),
        ("The very long and winding road.", "very long and winding", "", "length"),
        ("A road ran north.", "road", "long and winding old dirt road", "length"),
        ("He went to the school.", "went", "to", "repeats"),
        ("He saw it again.", "saw", "shmanshman", "repeats"),
    ],
)
def test_what_loses_or_brings_in_a_fact_is_refused(text: str, old: str, new: str, reason: str) -> None:
    assert reason in (judged(text, old, new) or "")


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("He go to school.", "go", "goes"),
        ("It took 3 week.", "3 week", "3 weeks"),
        ("He did not went there.", "did not went", "did not go"),
        ("said The minister on it", "said The minister", "said the minister"),
        ("He was in at home.", "in at", "at"),
    ],
)
def test_ordinary_repairs_pass(text: str, old: str, new: str) -> None:
    assert judged(text, old, new) is None


def test_protected_text_is_out_of_bounds() -> None:
    assert "protected" in (judged("See a.com/x for more.", "a.com/x", "it", protected="a.com/x") or "")


def test_rules_may_take_quotation_marks_away_and_no_numbers() -> None:
    assert judged('He is at the "Old Mill" Institute.', '"Old Mill"', "Old Mill", "rules:x") is None
    assert "number" in (judged("There were 30 men.", "30 men", "men", "rules:x") or "")
