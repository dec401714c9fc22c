"""What is counted says how a text is written, and not what it is about."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mtfix.source.features import features

ABOUT_TRADE = "The ministers signed the treaty in Vienna, and 14 companies opened offices there."
ABOUT_SPORT = "The runners missed the target in Geneva, and 27 spectators crossed fences there."


def test_the_topic_is_not_counted() -> None:
    assert features(ABOUT_TRADE) == features(ABOUT_SPORT)


def test_function_words_are_counted_in_their_order() -> None:
    counts, tokens = features("It was given to him by her.")
    assert counts["to him by"] == 1 and counts["by her"] == 1 and counts["him"] == 1
    assert tokens == 8


def test_quotation_marks_dashes_and_list_numbers_of_a_corpus_say_nothing() -> None:
    assert features('He said "no" - and left.') == features("He said «no» – and left.")
    assert features("14. He left.") == features("He left.")


def test_names_are_counted_by_their_shape() -> None:
    slavic, _ = features("They saw Petrov there.")
    plain, _ = features("They saw Jones there.")
    assert slavic["shape slavic_ov"] == 1
    assert slavic - plain == {"shape slavic_ov": 1}


def test_countries_have_no_shape() -> None:
    assert not [name for name in features("They live in Pakistan and Kyrgyzstan now.")[0] if name.startswith("shape")]


@given(st.text())
def test_any_text_is_counted(text: str) -> None:
    counts, tokens = features(text)
    assert tokens >= 0 and all(count > 0 for count in counts.values())
