from __future__ import annotations

import subprocess
import sys

import pytest

from mtfix import Fixer

FIXER = Fixer(regenerate=False, categories=("entity",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The minister arrived in Charkiw on Monday.", "The minister arrived in Kharkiv on Monday."),
        ("They saw the mayor near Charkiw's gates.", "They saw the mayor near Kharkiv's gates."),
        ("Later Hesbollah agreed.", "Later Hezbollah agreed."),
    ],
)
def test_a_spelling_that_no_english_writer_uses_is_replaced(text: str, expected: str) -> None:
    assert FIXER.clean(text) == expected
    assert FIXER.clean(expected) == expected
    assert Fixer(regenerate=False, known_names=False, categories=("entity",)).clean(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Colonel Charkiw spoke.",
        "Later Charkiw laughed.",
        "They talked to Charkiw.",
        "Anton Charkiw spoke. Charkiw left.",
        "They flew from Kiev to Teheran and Peking.",
        "They studied at Peking University in Paris, Texas.",
        "He wrote MOSKOU on the wall.",
    ],
)
def test_people_used_spellings_and_capitals_are_left(text: str) -> None:
    assert FIXER.clean(text) == text


def test_a_spelling_in_use_is_suggested() -> None:
    found = [(i.text, i.suggestions, i.suspected) for i in FIXER.check("They left Kiev.")]
    assert found == [("Kiev", ("Kyiv",), True)]


def test_the_users_own_names_go_before_the_shipped() -> None:
    text = "The minister arrived in Charkiw on Monday."
    assert Fixer(regenerate=False, gazetteer={"Charkiw": []}).clean(text) == text
    assert Fixer(regenerate=False, glossary={"Charkiv": ["Charkiw"]}).clean(text) == text.replace("iw", "iv")


def test_the_table_is_not_read_by_importing() -> None:
    code = "import mtfix.names.known as known; print(known._table.cache_info().currsize)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "0\n"
