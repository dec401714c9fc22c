from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from mtfix.training.pairs import corrections, span_examples, tag_example

WORDS = st.lists(st.sampled_from("the a cat dog saw ran to of , . old new".split()), min_size=1, max_size=25)


def test_a_span_is_corrected_and_an_insertion_takes_the_next_word() -> None:
    found, _ = corrections("He go to school in yesterday with dog.", "He went to school yesterday with the dog.")
    assert [(c.start, c.end, c.target) for c in found] == [(3, 5, "went"), (16, 18, ""), (34, 37, "the dog")]


@given(WORDS, WORDS, st.integers(0, 99))
def test_putting_every_correction_in_gives_the_post_edit(before: list[str], after: list[str], seed: int) -> None:
    hypothesis, post_edit = " ".join(before), " ".join(after)
    for rng in (None, random.Random(seed)):
        found, _ = corrections(hypothesis, post_edit, rng)
        text = hypothesis
        for correction in reversed(found):
            text = text[: correction.start] + correction.target + text[correction.end :]
        assert text.split() == post_edit.split()


def test_a_correction_that_brings_in_a_number_or_a_name_is_left_out() -> None:
    hypothesis = "They sold some of horses to baker in spring."
    for post_edit in ("They sold 12 horses to the baker in spring.", "They sold Peter horses to the baker in spring."):
        targets = [e.target for s in range(20) for e in span_examples(hypothesis, post_edit, "", random.Random(s))]
        assert targets and not any("12" in target or "Peter" in target for target in targets)


def test_a_new_translation_gives_no_example() -> None:
    assert not span_examples("Cats like warm milk at night.", "It rained all week long here.", "", random.Random(0))


def test_some_examples_are_right_as_they_stand() -> None:
    text = "They walked along the river until it was dark."
    found = [e for s in range(60) for e in span_examples(text, text, "", random.Random(s))]
    assert found and all(e.target.strip() == text[e.start : e.end] for e in found)


def test_tokens_are_labelled_wrong_and_missing() -> None:
    tagged = tag_example("He go to school with dog.", "He went to school with the dog.")
    assert tagged is not None
    assert tagged.wrong == [0, 1, 0, 0, 0, 0, 0]
    assert tagged.missing == [0, 0, 0, 0, 0, 1, 0]
