"""A few of the texts of benchmarks/fuzz.py: `check` takes any text, and its offsets are right."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.fuzz import adversarial, faults, text
from mtfix import Fixer

FIXER = Fixer(regenerate=False)
HARD = adversarial(2000)


@settings(max_examples=300)
@given(st.randoms(use_true_random=False))
def test_mutated_texts(source: random.Random) -> None:
    mutated = text(source)
    assert not faults(mutated, FIXER.check(mutated))


@given(st.text(st.characters(codec=None), max_size=200))
def test_any_characters_lone_surrogates_too(characters: str) -> None:
    assert not faults(characters, FIXER.check(characters))
    for surrogate in ("\ud800", "\udfff"):
        with_surrogate = f"{characters}{surrogate} the the {characters}"
        assert not faults(with_surrogate, FIXER.check(with_surrogate))


@pytest.mark.parametrize("name", HARD)
def test_adversarial_texts(name: str) -> None:
    assert not faults(HARD[name], FIXER.check(HARD[name]))
