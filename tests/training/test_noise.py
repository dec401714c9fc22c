from __future__ import annotations

import random

import pytest
from rapidfuzz.distance import Levenshtein

from mtfix.training.noise import _TABLE, MEASURED, noise, one_error

TEXT = "The committee said that it had approved the plan, which was worked out in the old town hall of Dornfeld."


def test_the_same_seed_gives_the_same_noise() -> None:
    near = {"plan": ["scheme"], "town": ["city"]}
    assert noise(TEXT, random.Random(5), near) == noise(TEXT, random.Random(5), near)
    assert noise(TEXT, random.Random(5), near) != noise(TEXT, random.Random(6), near)


def test_noise_leaves_most_of_a_sentence_alone() -> None:
    clean = set(TEXT.split())
    kept = [len(clean & set(noise(TEXT, random.Random(i), {}).split())) / len(clean) for i in range(50)]
    assert sum(kept) / len(kept) > 0.75


@pytest.mark.parametrize("kind", [kind for kind, _ in _TABLE], ids=lambda kind: kind.__name__)
def test_every_kind_of_noise_changes_a_sentence_that_offers_it(kind: object) -> None:
    def once(seed: int) -> str:
        words = TEXT.split()
        kind(words, random.Random(seed), {"plan": ["scheme"]})  # type: ignore[operator]
        return " ".join(words)

    assert any(once(seed) != TEXT for seed in range(20))


@pytest.mark.parametrize("text", ["", "One", "Two words", "A b c"])
def test_short_texts_come_through(text: str) -> None:
    assert noise(text, random.Random(1), {}) == text


@pytest.mark.parametrize("kind", MEASURED)
def test_one_error_is_one_word_put_in_taken_out_or_exchanged(kind: str) -> None:
    text = TEXT + " It was good."
    spoilt = [one_error(text, kind, random.Random(seed)) for seed in range(30)]
    made = [item for item in spoilt if item is not None]
    assert len(set(made)) > 1
    assert {Levenshtein.distance(text.split(), item.split()) for item in made} == {1}
    assert spoilt == [one_error(text, kind, random.Random(seed)) for seed in range(30)]


@pytest.mark.parametrize(
    ("kind", "word", "others"),
    [
        ("agreement", "was", {"were"}),
        ("preposition", "of", {"in", "on", "at", "to", "for", "from", "by", "with", "about", "into", "over", "under"}),
        ("dropped function word", "and", {""}),
        ("duplicate", "and", {"and and"}),
    ],
)
def test_an_error_is_of_the_kind_asked_for(kind: str, word: str, others: set[str]) -> None:
    made = {one_error(f"cats {word} dogs", kind, random.Random(seed)) for seed in range(60)}
    assert {f"cats {other} dogs".replace("  ", " ") for other in others} <= made


@pytest.mark.parametrize("kind", ["preposition", "agreement", "dropped function word"])
def test_a_sentence_without_a_place_for_an_error_is_left_out(kind: str) -> None:
    assert one_error("Cats sleep soundly here today.", kind, random.Random(0)) is None


@pytest.mark.parametrize(("text", "kind"), [("", "duplicate"), ("One", "article")])
def test_very_short_texts_have_no_place_for_an_error(text: str, kind: str) -> None:
    assert [one_error(text, kind, random.Random(seed)) for seed in range(20)] == [None] * 20
