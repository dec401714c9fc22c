from __future__ import annotations

import pytest

from mtfix.document import Span
from mtfix.names.mention import find_mentions
from mtfix.segment import segment


def names(text: str) -> list[str]:
    return [mention.text for mention in find_mentions(segment(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The envoy met Prime Minister Tariq Al-Bandari today.", ["Tariq Al-Bandari"]),
        ("He saw Colonel Peter Lavender's car.", ["Peter Lavender"]),
        ("Former Iraqi Foreign Minister Nadir Qasmi spoke.", ["Nadir Qasmi"]),
        ("She read of Salman bin Nadir and of Ludwig van Doorn.", ["Salman bin Nadir", "Ludwig van Doorn"]),
        ("We heard al-Bandari, then bin Salmar.", ["al-Bandari", "bin Salmar"]),
        ("It went to Anna-Lena O'Dowell and J. R. Hartmoor.", ["Anna-Lena O'Dowell", "J R Hartmoor"]),
        ('They said: "Ask Omar Delvani about it."', ["Omar Delvani"]),
        ("The Delvani-led group won.", ["Delvani"]),
        ("Writer Stephen King spoke.", ["Stephen King"]),
        ("Brig. Gen. Samir Haddan and actress Lena Dorn came.", ["Samir Haddan", "Lena Dorn"]),
        ("They saw Ro Min-un and Bae Jae-in, but no Delvani-backed or Dorn-era men.", ["Ro Min-un", "Bae Jae-in"]),
        ("A. P. J. Delvani Haddan spoke.", ["A P J Delvani Haddan"]),
        ("It read that von der Dorn met bin Salmar.", ["von der Dorn", "bin Salmar"]),
    ],
)
def test_a_name_is_found_without_titles_and_possessives(text: str, expected: list[str]) -> None:
    assert [name for name in names(text) if name in expected] == expected


@pytest.mark.parametrize(
    "text",
    [
        "However, nobody came. Yesterday it rained. On Monday it stopped.",
        "The NATO and the UN agreed. US-led forces left.",
        "Prime Minister and President met.",
        "I'm sure that I was there.",
    ],
)
def test_words_that_are_not_names_are_not_found(text: str) -> None:
    assert names(text) == []


def test_a_common_word_at_the_start_is_a_name_only_if_the_text_uses_it_so() -> None:
    assert names("Cross Delvani off.") == ["Delvani"]
    assert names("Cross Delvani left. They saw Cross again.") == ["Cross Delvani", "Cross"]
    assert names("And Delvani came back.") == ["Delvani"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Park Min-hye left.", ["Park Min-hye"]),
        ("Bill Delvani left.", ["Bill Delvani"]),
        ("Bill Gates left.", ["Bill Gates"]),
        ("Will Delvani said so.", ["Will Delvani"]),
        ("Will Delvani come?", ["Delvani"]),
        ("Will Congress vote?", ["Congress"]),
        ("Mark Monday down. Grant Haitian farmers land. Hope is here.", ["Haitian"]),
        ("Said Min-hye of the ban: nothing.", ["Min-hye"]),
    ],
)
def test_a_first_name_that_is_a_word_opens_a_sentence_as_a_name_before_a_name(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_headings_are_cut_at_ordinary_words() -> None:
    assert "Delvani" in names("Court Frees Delvani After Two Years\n\nThe judge spoke.")


def test_names_in_protected_spans_are_left_out() -> None:
    text = "We asked Omar Delvani about it."
    assert find_mentions(segment(text, [Span(14, 21)])) == []


def test_offsets_are_those_of_the_text() -> None:
    text = "Yes, Dr. Anna Delvani's friend met Sheikh Salim Al-Bandari."
    for mention in find_mentions(segment(text)):
        for token in mention.tokens:
            assert text[token.start : token.end] == token.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Al-Bandari left.", "yes"),
        ("“Al-Bandari left.", "yes"),
        ("He asked Al-Bandari.", "no"),
        ("He said: “Al-Bandari left.”", "maybe"),
        ("Leaders such as Al-Bandari.", "no"),
    ],
)
def test_where_a_capital_is_due(text: str, expected: str) -> None:
    assert find_mentions(segment(text))[-1].opening == expected


def test_a_title_inside_a_run_of_capitals_parts_its_owner_from_its_bearer() -> None:
    found = find_mentions(segment("We saw Fatah Colonel Samir Haddan and Naa Professor Edmund Delle there."))
    assert [mention.text for mention in found] == ["Fatah", "Samir Haddan", "Naa", "Edmund Delle"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Ministry of Health met Delvani.", ["Ministry of Health", "Delvani"]),
        ("Ministry of Foreign Affairs and Trade staff left.", ["Ministry of Foreign Affairs and Trade"]),
        ("The Office for the Protection of Old Books spoke.", ["Office for the Protection of Old Books"]),
        ("The Kurdish Workers' Party and the People's Front met.", ["Kurdish Workers' Party", "People's Front"]),
        ("The Bank of Delvania and Dorn merged.", ["Bank of Delvania", "Dorn"]),
        ("They left the Council for Delvani's sake.", ["Council", "Delvani"]),
        ("The Delvanis' Party Day, the Dorn of Haddan.", ["Delvanis", "Party Day", "Dorn", "Haddan"]),
    ],
)
def test_organizations_go_on_over_small_words(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_a_run_of_very_many_names_is_a_list_or_noise() -> None:
    run = " ".join(f"Del{a}{b}o" for a in "abdegikm" for b in "rstv")
    assert names(f"We saw {run}. We met Omar Delvani.") == ["Omar Delvani"]
