from __future__ import annotations

import random

import pytest

from mtfix.training.noise import _TABLE, noise

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
