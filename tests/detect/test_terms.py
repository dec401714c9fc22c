"""One spelling of a compound and one name of a thing in one text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtfix.detect.terms import terms
from mtfix.protect import protect
from mtfix.result import Edit, Issue, replay
from mtfix.segment import segment


def find(text: str) -> list[Issue | Edit]:
    return list(terms(segment(text, protect(text))))


def mend(text: str) -> str:
    return replay(text, [found for found in find(text) if isinstance(found, Edit)])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A multi-national force. The multinational staff.", "A multi-national force. The multi-national staff."),
        (
            "The cyberattack, a cyber-attack, the cyber-attack.",
            "The cyber-attack, a cyber-attack, the cyber-attack.",
        ),
        (
            "A semi-official site. It is semiofficial. So semiofficial, so semi-official, so semiofficial.",
            "A semiofficial site. It is semiofficial. So semiofficial, so semiofficial, so semiofficial.",
        ),
    ],
)
def test_the_more_frequent_spelling_wins_and_the_first_of_even_ones(text: str, wanted: str) -> None:
    assert mend(text) == wanted
    assert not find(wanted)


@pytest.mark.parametrize(
    "text",
    [
        "A counter-terrorism plan and a counter-terrorism law.",
        "A counter-terrorism plan, and more counterterrorist work.",
        "A co-op shop and a coop for hens.",
        "The Counter-Terrorism Committee praised the counterterrorism plan.",
        "The anti-American mood, antiamerican as it was.",
        "They pre-position food, after a preposition.",
        "See `counter-terrorism` in the counterterrorism plan.",
    ],
)
def test_left_alone(text: str) -> None:
    assert not find(text)


def test_only_reported_in_a_quotation() -> None:
    (issue,) = find('The postwar years, postwar art. "My post-war art," he said.')
    assert isinstance(issue, Issue)
    assert (issue.text, issue.suggestions) == ("post-war", ("postwar",))


def test_two_names_of_one_thing_are_reported() -> None:
    (issue,) = find(
        "The twin bombings shook the port. After the twin bombing people fled. The double bombing was news."
    )
    assert isinstance(issue, Issue)
    assert (issue.text, issue.category, issue.suspected) == ("double bombing", "inconsistent-term", True)


def test_names_with_and_without_hyphen_are_the_same() -> None:
    found = find("An anti-terrorism law and counter-terrorism plans need counterterrorism experts.")
    assert [(type(result), result.text) for result in found] == [
        (Issue, "anti-terrorism"),
        (Edit, "counterterrorism"),
    ]


PIECES = st.sampled_from(["counter-terrorism", "counterterrorism", "anti-terrorism", "twin bombings", "double bombing",
                          ".", "\n\n", '"', "pre-war", "prewar"])  # fmt: skip


@given(st.lists(PIECES, max_size=30).map(" ".join) | st.text(max_size=100))
def test_any_text(text: str) -> None:
    for found in find(text):
        assert text[found.start : found.end] == found.text
    assert mend(mend(text)) == mend(text)
