"""Cut-off infinitives and captions."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtfix.detect import fragments
from mtfix.document import Span
from mtfix.result import Edit, Issue, replay
from mtfix.segment import segment


def repaired(text: str) -> str:
    return replay(text, [found for found in fragments(segment(text)) if isinstance(found, Edit)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The raid was a heavy blow to the armed group. To recover.",
            "The raid was a heavy blow to the armed group's efforts to recover.",
        ),
        (
            "It is a serious threat to the rebels. To expand their reach. Nobody knows.",
            "It is a serious threat to the rebels' efforts to expand their reach. Nobody knows.",
        ),
    ],
)
def test_joins_an_infinitive_to_what_thwarts_it(text: str, expected: str) -> None:
    assert repaired(text) == expected
    assert repaired(expected) == expected


@pytest.mark.parametrize("text", ["In May the council decided. To leave.", "He spoke of his plan. To stay there."])
def test_only_reports_where_the_join_is_not_sure(text: str) -> None:
    (found,) = fragments(segment(text))
    assert isinstance(found, Issue) and found.category == "fragment"
    assert replay(text, [Edit(found.start, found.end, found.text, found.suggestions[0], ())]).count(".") == 1


@pytest.mark.parametrize(
    "text",
    [
        "It was a blow to the party. To be continued.",
        "It was a blow to the party. To the end.",
        "What did he want? To leave.",
        "He had one wish. To dream.",
        "It was a blow to the party.\n\nTo recover.",
        "It was a blow to the party. To recover it needs money, time and luck.",
        "To recover.",
        "",
    ],
)
def test_leaves_good_english_alone(text: str) -> None:
    assert not list(fragments(segment(text)))


def test_protected_and_quoted_text_is_not_joined() -> None:
    text = "It was a blow to the party. To recover."
    assert all(isinstance(found, Issue) for found in fragments(segment(text, [Span(26, 30)])))
    assert all(isinstance(found, Issue) for found in fragments(segment(f'He said: "{text}"')))


CAPTION = "The square after the rain (Reuters)"


def test_reports_a_caption_among_paragraphs() -> None:
    text = f"It rained all night in the city.\n\n{CAPTION}\n\nThe square was empty in the morning.\n"
    (found,) = fragments(segment(text))
    assert isinstance(found, Issue)
    assert (found.text, found.category, found.severity) == (CAPTION, "inconsistent-style", "minor")


@pytest.mark.parametrize(
    "text",
    [
        CAPTION,
        "It rained all night.\n\nThe centre of the town (Old Market)\n\nIt was empty in the morning.\n",
    ],
)
def test_other_lines_are_no_captions(text: str) -> None:
    assert not list(fragments(segment(text)))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from("a blow to the group . To recover . \n \n ( AP ) “ ”".split(" ")), max_size=30))
def test_offsets_fit_any_text(pieces: list[str]) -> None:
    text = " ".join(pieces)
    for found in fragments(segment(text)):
        assert text[found.start : found.end] == found.text
    repaired(text)
