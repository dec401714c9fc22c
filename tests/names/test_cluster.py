from __future__ import annotations

import pytest

from mtfix.names import NamesPass
from mtfix.names.cluster import differ_in_ending
from mtfix.result import Edit, replay
from mtfix.segment import segment


def mend(text: str) -> str:
    edits = [item for item in NamesPass({}, {})(segment(text))[1] if isinstance(item, Edit)]
    return replay(text, edits)


PAIRS = (
    "Brown/Browne Johnson/Johnston Smith/Smyth Austria/Australia Marina/Marino Korea/Koreans Democrat/Democrats "
    "Green/Greene Niger/Nigeria Slovakia/Slovenia Francis/Frances Hansen/Hanson Iraqi/Iraqis Iraq/Iran "
    "Petrenkov/Petrenkova Delvan/Delvani London/Lyndon Willis/Wallis Hamad/Hamid Stephen/Steven Jordan/Jordanian "
    "Mali/Malta Peterson/Pederson Marks/Marx Chen/Cheng Lee/Leigh Catherine/Katherine Dalia/Delia"
).split()


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize(
    "frame",
    [
        "We met Anna {0} in May. Later {1} spoke to the press. {0} left.",
        "Mr {0} came first. In the end {1} won the prize.",
        "They praised {0} and went to see {1}. People know {0}.",
        "We met Anna {0} in May. Then came Peter {1}, a doctor.",
    ],
)
def test_look_alikes_stay_two(pair: str, frame: str) -> None:
    text = frame.format(*pair.split("/"))
    assert mend(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The spokesman, Colonel Peter Delruto, spoke. Later Delruto left.\n\nDelroto pointed out that it rained.",
            "The spokesman, Colonel Peter Delruto, spoke. Later Delruto left.\n\nDelruto pointed out that it rained.",
        ),
        (
            "We met Tariq Delvani. Tariq Delwani's car was red. Delvani smiled.",
            "We met Tariq Delvani. Tariq Delvani's car was red. Delvani smiled.",
        ),
        (
            "Mohammed Qasimov won. The judges praised Mohamed Qasimov. “We thank Mohammed Qasimov,” they said.",
            "Mohammed Qasimov won. The judges praised Mohammed Qasimov. “We thank Mohammed Qasimov,” they said.",
        ),
    ],
)
def test_one_person_gets_one_spelling(text: str, expected: str) -> None:
    assert mend(text) == expected


def test_two_spellings_in_one_sentence_are_two_people() -> None:
    text = "We met Tariq Delruti. Both Delruti and Delroti were there."
    assert mend(text) == text


def test_a_spelling_with_another_first_name_is_another_person() -> None:
    text = "We met Peter Delruto. Then Anna Delroto came. Later Delroto left, and Delruto stayed."
    assert mend(text) == text


def test_a_bare_name_before_the_introduction_is_not_judged() -> None:
    text = "People like Delroto. We met Peter Delruto."
    assert mend(text) == text


def test_the_majority_decides_and_at_a_tie_the_full_form() -> None:
    assert mend("We met Peter Delruto. Later Delroto left.").count("Delruto") == 2
    assert mend("We met Peter Delruto. Later Delroto left. Then Delroto came.").count("Delroto") == 3


@pytest.mark.parametrize("pair", ["marin/marina", "petrov/petrova", "marino/marina", "korea/korean", "delan/delans"])
def test_endings_that_make_another_name(pair: str) -> None:
    assert differ_in_ending(*pair.split("/"))


@pytest.mark.parametrize("pair", ["sergei/sergey", "falluja/fallujah", "delruti/delroti", "hakeem/hakim"])
def test_endings_that_do_not(pair: str) -> None:
    assert not differ_in_ending(*pair.split("/"))
