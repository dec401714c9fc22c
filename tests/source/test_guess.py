"""The guess is a probability for each language; it decides which phrasebooks a text needs."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mtfix
from mtfix.detect.likely import LikelyRules
from mtfix.detect.phrasebook import phrasebooks, phrasebooks_of
from mtfix.detect.rules import RuleDetector
from mtfix.segment import segment
from mtfix.source.guess import Guesser, Weights, guess, shipped, unlikely

SEED = next((Path(__file__).parents[2] / "seeds").glob("*.txt"), None)
ENGLISH = (
    "She had never been one to wait, and so she put on her coat and went down to the harbour. "
    "The boats were in, the nets hung out to dry, and an old man whom she half knew was mending one of them. "
    "“You’re late,” he said, without looking up. "
    "“I am not,” she said; “you’re early, as you always are.” "
    "He laughed at that, and for a while they talked of the weather, which had been bad, and of the herring, "
    "which had been worse. "
    "Nobody would have called it a good year. "
    "Still, she thought, there were those who had done less well out of it than he had. "
    "When he had gone she sat upon the wall and watched the light go out of the sky. "
    "It was not the sort of evening on which one ought to be alone. "
    "She rose at last, shook the salt from her skirt, and made for the lamps of the inn as though "
    "somebody were waiting for her there."
)


@given(st.text())
def test_probabilities_add_up(text: str) -> None:
    said = guess(text)
    assert math.isclose(sum(said.values()), 1, abs_tol=1e-9)
    assert all(0 <= probability <= 1 for probability in said.values())
    assert list(said.values()) == sorted(said.values(), reverse=True)


def test_the_same_text_is_guessed_the_same() -> None:
    assert guess(ENGLISH) == guess(ENGLISH) == mtfix.source.guess(ENGLISH)


def test_english_that_nobody_translated_needs_no_phrasebook_of_a_language() -> None:
    assert next(iter(guess(ENGLISH))) == "en"
    assert {"zh", "ru"} <= unlikely(ENGLISH)


def test_what_was_learned_in_one_domain_only_is_never_ruled_out() -> None:
    assert guess(ENGLISH)["ar"] < 0.001
    assert not {"ar", "es", "fr"} & unlikely(ENGLISH)


def test_a_short_text_keeps_all_phrasebooks() -> None:
    for text in ("", "He went home.", "The committee met on Monday to discuss the budget."):
        assert not phrasebooks_of(unlikely(text))


@pytest.mark.skipif(SEED is None, reason="no seeds")
def test_nothing_that_is_found_in_the_seed_is_lost() -> None:
    assert SEED
    text = SEED.read_text(encoding="utf-8")
    told, guessed = (mtfix.check(text, source=source, regenerate=False) for source in ("ar", "auto"))
    assert {issue.key for issue in told} <= {issue.key for issue in guessed}


def test_a_skipped_phrasebook_finds_nothing_and_the_general_one_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    document = segment("It was a qualitative blow to them, despite of the rain.")
    rules = LikelyRules(RuleDetector(phrasebooks()))
    monkeypatch.setattr("mtfix.detect.likely.unlikely", lambda text: frozenset())
    assert [finding.text for finding in rules(document)] == ["qualitative blow", "despite of"]
    monkeypatch.setattr("mtfix.detect.likely.unlikely", lambda text: frozenset({"ar", "ro"}))
    assert [finding.text for finding in rules(document)] == ["despite of"]


def test_a_longer_text_is_surer() -> None:
    weights = Weights(("ar", "en"), (0.0, 0.0), (0.1, 0.5), {"upon": (0.0, 9.0)})
    said = [Guesser(weights)("He sat upon it. " * times)["en"] for times in (1, 4, 16)]
    assert 0.5 < said[0] < said[1] < said[2]


def test_beyond_some_hundred_words_only_shares_count() -> None:
    weights = Weights(("ar", "en"), (0.0, 0.0), (0.1, 0.5), {"upon": (0.0, 9.0)})
    thousand, ten_thousand = (Guesser(weights)("He sat upon it. " * times) for times in (200, 2000))
    assert thousand == pytest.approx(ten_thousand)


def test_all_languages_with_data_are_shipped() -> None:
    assert set(shipped().languages) == {"ar", "de", "en", "es", "et", "ne", "ro", "ru", "si", "zh"}
