from __future__ import annotations

import math
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from mtfix.names import similarity
from mtfix.names.alignment import differences, units
from mtfix.names.features import features, kinds
from mtfix.names.romanization import fold, skeleton, split_article
from mtfix.names.similarity import Scorer, shipped

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
    assert similarity(a, b, "ar") == similarity(b, a, "ar")


@given(st.text())
def test_a_name_is_itself(name: str) -> None:
    assert not differences(fold(name), fold(name))
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


def test_the_skeleton_joins_what_romanizations_write_differently() -> None:
    assert skeleton("Qaddoumi") == skeleton("Gadumi")
    assert fold("Ab’d-Él") == "abdel"


def test_differences_are_of_written_units_between_their_neighbours() -> None:
    assert units("khoury") == ("kh", "ou", "r", "y")
    assert differences("khoury", "khuri") == [("ou", "u", "kh", "r"), ("i", "y", "r", "$")]
    assert differences("hassan", "hasan") == [("s", "ss", "a", "a")]
    assert differences("omar", "omara") == [("", "a", "r", "$")]
    assert differences("ab", "xaby") == [("", "x", "^", "a"), ("", "y", "b", "$")]
    assert differences("lahmar", "lakmir") == [("a", "ah", "l", "?"), ("", "k", "?", "m"), ("a", "i", "m", "r")]
    assert list(map(kinds, differences("omar", "ohmara"))) == ["VV", "-V"]


@given(st.text(max_size=20), st.text(max_size=20))
def test_differences_are_none_for_equal_names_only_and_symmetric(a: str, b: str) -> None:
    a, b = fold(a), fold(b)
    assert bool(differences(a, b)) == (a != b)
    assert differences(a, b) == differences(b, a)
    assert features(a, b, "ru") == features(b, a, "ru")


def test_the_source_language_counts() -> None:
    assert similarity("Sergej", "Sergey", source="ru") != similarity("Sergej", "Sergey", source="he")
    assert similarity("Sergej", "Sergey", source="uk") == similarity("Sergej", "Sergey", source="ru")
    assert similarity("Sergej", "Sergey", source="xx") == similarity("Sergej", "Sergey")


@given(st.text("abdeghiklmnorstuyz", min_size=1, max_size=12), st.text("abdeghiklmnorstuyz", min_size=1, max_size=12))
def test_the_score_is_the_logistic_of_the_weighted_features(a: str, b: str) -> None:
    weights = {name: 0.1 * (1 + len(name)) * (-1) ** len(name) for name in features(a, b, "ar")}
    score = Scorer(weights)(a, b, "ar")
    total = sum(value * weights[name] for name, value in features(a, b, "ar").items())
    assert score == pytest.approx(1.0 if a == b else 1 / (1 + math.exp(-max(-50, min(50, total))))) or unlike(a, b)


@given(st.text("aeiklmnort", min_size=2, max_size=9), st.text("aeiklmnort", min_size=2, max_size=9))
def test_the_trees_weigh_the_sum_with_measures_of_the_pair(a: str, b: str) -> None:
    assume(a != b)
    weights = {name: 0.1 * (-1) ** len(name) for name in features(a, b)}
    total, letters, *_ = Scorer(weights).inputs(a, b)
    score = Scorer(weights, [[0, 0.5, -1.0, [1, 0.7, 2.0, 3.0]], [1, 0.6, 0.25, 0.5]], bias=0.125)
    logit = 0.125 + (-1.0 if total <= 0.5 else 2.0 if letters <= 0.7 else 3.0) + (0.25 if letters <= 0.6 else 0.5)
    assert score(a, b) == pytest.approx(1 / (1 + math.exp(-logit))) or unlike(a, b)


def unlike(a: str, b: str) -> bool:
    """Whether so little of two names agrees that they may be told apart at once."""
    return shipped()(a, b) == 0.0 and Indel.normalized_similarity(a, b) < 0.63


@pytest.mark.parametrize("pair", ["Oster/Fisher", "Hartley/Argyle", "Omar/Peter", "Singh/Delvani", "A/B"])
def test_strangers_are_far_apart(pair: str) -> None:
    assert similarity(*pair.split("/")) < 0.5


def test_importing_names_is_light() -> None:
    code = "import sys, mtfix.names; print({'torch', 'transformers', 'pandas', 'sklearn'} & sys.modules.keys())"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "set()"


@pytest.mark.parametrize(("a", "source"), [(None, "auto"), (7, "auto"), ("x", None)])
def test_what_is_no_string_is_told(a: Any, source: Any) -> None:
    with pytest.raises(TypeError, match="similarity wants a"):
        similarity(a, "x", source)
