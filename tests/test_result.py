from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtfix.result import (
    CATEGORIES,
    SEVERITIES,
    Edit,
    Entity,
    Mention,
    Origins,
    Rejection,
    Repair,
    compose,
    replay,
)
from tests.fake_fixer import issue

texts = st.text(st.sampled_from("abc \n\ud800é"), max_size=30)


@st.composite
def edits_on(draw: st.DrawFn, text: str) -> tuple[Edit, ...]:
    """Ordered edits that may touch, insert, delete, or change nothing."""
    count = 2 * draw(st.integers(0, 4))
    bounds = sorted(draw(st.lists(st.integers(0, len(text)), min_size=count, max_size=count)))
    return tuple(
        Edit(start, end, text[start:end], draw(st.text("abXY", max_size=4)), (issue(start, text[start:end]),))
        for start, end in zip(bounds[::2], bounds[1::2], strict=True)
    )


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, tuple[Edit, ...], tuple[Edit, ...]]:
    text = draw(texts)
    first = draw(edits_on(text))
    return text, first, draw(edits_on(replay(text, first)))


def test_replay_applies_edits_in_order() -> None:
    edits = (Edit(0, 1, "a", "A", ()), Edit(1, 1, "", "-", ()), Edit(2, 3, "c", "", ()))
    assert replay("abc", edits) == "A-b"
    assert replay("abc", ()) == "abc"


@pytest.mark.parametrize(
    "edits",
    [
        (Edit(0, 1, "b", "x", ()),),
        (Edit(2, 3, "c", "x", ()), Edit(0, 1, "a", "x", ())),
        (Edit(0, 2, "ab", "x", ()), Edit(1, 3, "bc", "x", ())),
        (Edit(2, 4, "cd", "x", ()),),
    ],
)
def test_replay_refuses_edits_that_do_not_fit(edits: tuple[Edit, ...]) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        replay("abc", edits)


@given(edited())
def test_composed_edits_do_what_both_do(case: tuple[str, tuple[Edit, ...], tuple[Edit, ...]]) -> None:
    text, first, second = case
    both = compose(text, first, second)
    assert replay(text, both) == replay(replay(text, first), second)


@given(edited())
def test_composed_edits_are_apart_and_change_something(
    case: tuple[str, tuple[Edit, ...], tuple[Edit, ...]],
) -> None:
    both = compose(*case)
    assert all(edit.text != edit.replacement for edit in both)
    assert all(before.end < after.start for before, after in pairwise(both))


@given(edited())
def test_composed_edits_keep_the_reasons(case: tuple[str, tuple[Edit, ...], tuple[Edit, ...]]) -> None:
    text, first, second = case
    known = {found for edit in (*first, *second) for found in edit.issues}
    for edit in compose(text, first, second):
        assert edit.issues
        assert set(edit.issues) <= known


def test_edits_that_cancel_each_other_are_left_out() -> None:
    assert compose("abc", (Edit(1, 2, "b", "x", ()),), (Edit(1, 2, "x", "b", ()),)) == ()


def test_composing_keeps_the_smallest_edits_apart() -> None:
    first, second = (Edit(0, 1, "a", "AA", ()),), (Edit(4, 5, "d", "D", ()),)
    assert compose("abcd", first, second) == (Edit(0, 1, "a", "AA", ()), Edit(3, 4, "d", "D", ()))


@given(edited(), st.data())
def test_positions_map_back(case: tuple[str, tuple[Edit, ...], tuple[Edit, ...]], data: st.DataObject) -> None:
    text, edits, _ = case
    after = replay(text, edits)
    start = data.draw(st.integers(0, len(after)))
    end = data.draw(st.integers(start, len(after)))
    original_start, original_end = Origins(edits)(start, end)
    assert 0 <= original_start <= original_end <= len(text)
    shift = 0
    for edit in edits:
        begin, stop = edit.start + shift, edit.start + shift + len(edit.replacement)
        if start < stop and begin < end:  # what shares a character with a replacement covers the whole edit
            assert original_start <= edit.start
            assert edit.end <= original_end
        shift += len(edit.replacement) - (edit.end - edit.start)


@given(edited(), st.data())
def test_untouched_text_maps_to_itself(
    case: tuple[str, tuple[Edit, ...], tuple[Edit, ...]], data: st.DataObject
) -> None:
    text, edits, _ = case
    bounds = [0, *(bound for edit in edits for bound in (edit.start, edit.end)), len(text)]
    gap = data.draw(st.integers(0, len(edits)))
    start, end = bounds[2 * gap], bounds[2 * gap + 1]
    shift = sum(len(edit.replacement) - (edit.end - edit.start) for edit in edits[:gap])
    if start < end:
        assert Origins(edits)(start + shift, end + shift) == (start, end)


def test_severity_and_category_names_are_fixed() -> None:
    assert SEVERITIES == ("neutral", "minor", "major", "critical")
    assert {"mistranslation", "entity", "fragment", "grammar"} <= CATEGORIES.keys()


def test_the_key_ignores_place_and_case_but_not_what_was_found() -> None:
    here = issue(0, "Teh")
    assert here.key == issue(40, "teh").key
    assert len({here.key, issue(0, "tha").key, issue(0, "Teh", detector="x").key}) == 3
    assert issue(0, "\ud800").key


def test_entity_counts_its_spellings_in_order() -> None:
    mentions = tuple(Mention(i, i + 6, text) for i, text in enumerate(["Maruto", "Maroto", "Maruto"]))
    assert list(Entity("Maruto", mentions).variants.items()) == [("Maruto", 2), ("Maroto", 1)]


def test_repair_is_json_ready() -> None:
    found = issue(0, "teh")
    edit = Edit(0, 3, "teh", "the", (found,))
    entity = Entity("Maroto", (Mention(4, 10, "Maruto"),))
    repair = Repair("teh Maruto", (edit,), (found,), (entity,), (Rejection(edit, "no"),))
    assert json.loads(json.dumps(repair.to_dict())) == {
        "text": "the Maruto",
        "original": "teh Maruto",
        "edits": [{"start": 0, "end": 3, "text": "teh", "replacement": "the", "issues": [found.key]}],
        "issues": [found.to_dict()],
        "entities": [
            {
                "canonical": "Maroto",
                "variants": {"Maruto": 1},
                "mentions": [{"start": 4, "end": 10, "text": "Maruto"}],
            }
        ],
        "rejected": [edit.to_dict() | {"reason": "no"}],
    }
