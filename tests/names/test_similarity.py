from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtfix.names import similarity
from mtfix.names.romanization import distance, fold, key, skeleton, split_article

SAME = [
    "Delvani/Delwani",
    "Qasimi/Kasimi",
    "al-Bandari/El-Bandari",
    "Yousef/Yusef",
    "Hakeem/Hakim",
    "Sergej/Sergei",
]
DIFFERENT = ["Bandari/Mandela", "Qasimi/Nasseri", "Omar/Anna", "Delvani/Deverin", "Hakim/Hashim"]


@pytest.mark.parametrize("pair", SAME)
def test_romanizations_of_one_name_are_similar(pair: str) -> None:
    assert similarity(*pair.split("/")) > 0.5


@pytest.mark.parametrize("pair", DIFFERENT)
def test_other_names_are_not(pair: str) -> None:
    assert similarity(*pair.split("/")) < 0.5


def test_full_names_are_as_alike_as_their_least_alike_tokens() -> None:
    assert similarity("Tariq Delvani", "Tarik Delwani") > 0.5
    assert similarity("Tariq Delvani", "Anna Delvani") < 0.5


@given(st.text(), st.text())
def test_a_probability_that_does_not_depend_on_order(a: str, b: str) -> None:
    assert 0 <= similarity(a, b) <= 1
    assert similarity(a, b) == similarity(b, a)
    assert distance(a, b) == pytest.approx(distance(b, a))


@given(st.text())
def test_a_name_is_itself(name: str) -> None:
    assert distance(name, name) == 0
    assert similarity(name, name) in (0.0, 1.0)


@pytest.mark.parametrize(
    ("token", "article", "rest"),
    [
        ("Al-Bandari", "Al-", "Bandari"),
        ("ash-Sharqi", "ash-", "Sharqi"),
        ("Alban", "", "Alban"),
        ("at-large", "", "at-large"),
    ],
)
def test_an_article_needs_its_hyphen_and_a_capital_after_it(token: str, article: str, rest: str) -> None:
    assert split_article(token) == (article, rest)


def test_keys_join_what_romanizations_write_differently() -> None:
    assert key("Munira") == key("Mounirra")
    assert skeleton("Qaddoumi") == skeleton("Gadumi")
    assert fold("Ab’d-Él") == "abdel"


def test_importing_names_is_light() -> None:
    code = "import sys, mtfix.names; print({'torch', 'transformers', 'pandas', 'sklearn'} & sys.modules.keys())"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "set()"
