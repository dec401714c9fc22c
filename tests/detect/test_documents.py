"""Spelling, tense, overuse and untranslated words: what the lists promise, and what is left alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import mtfix.detect
from mtfix.detect import detectors
from mtfix.detect.overused import Kind, kinds, overused
from mtfix.detect.spelling import spelling
from mtfix.detect.tense import tense
from mtfix.detect.untranslated import untranslated
from mtfix.document import Document
from mtfix.protect import protect
from mtfix.result import Edit, Issue
from mtfix.segment import segment

RULES = Path(mtfix.detect.__file__).parent.parent / "rules"


def document(text: str) -> Document:
    return segment(text, protect(text))


def book(name: str) -> Any:
    return yaml.safe_load((RULES / f"{name}.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("detector", "name"),
    [(spelling, "_spelling"), (tense, "_reporting"), (untranslated, "_foreign")],
)
def test_examples_of_the_lists(detector: mtfix.detect.Detector, name: str) -> None:
    for text in book(name)["good"]:
        assert len(list(detector(document(text)))) == 1, text
    for text in book(name)["bad"]:
        assert not list(detector(document(text))), text


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.id)
def test_overuse_fires_on_its_good_examples_only(kind: Kind) -> None:
    for text in kind.good:
        assert [issue.detector for issue in overused(document(text))] == [f"overused:{kind.id}"], text
    for text in kind.bad:
        assert not list(overused(document(text))), text


def test_overuse_is_a_matter_of_density_and_not_of_what_people_say() -> None:
    dense = "In addition, it rained. Moreover, it froze. In this context, she spoke. "
    (issue,) = overused(document(dense))
    assert (issue.text, issue.category, issue.severity) == ("In addition", "unidiomatic", "neutral")
    assert not list(overused(document(dense + "The sea was calm and the town was quiet. " * 60)))
    assert not list(overused(document(f"He said: “{dense}”")))


def test_spelling_names_the_other_form() -> None:
    (issue,) = spelling(document("The colour of the harbour. A neighbor came."))
    assert (issue.text, issue.suggestions) == ("neighbor", ("neighbour",))


def test_spelling_forms_are_in_one_pair_only() -> None:
    words = [word for pair in book("_spelling")["pairs"] for word in pair.split()]
    assert len(words) == len(set(words))
    assert all(len(pair.split()) == 2 for pair in book("_spelling")["pairs"])


def test_tense_gives_the_past() -> None:
    (issue,) = tense(document(book("_reporting")["good"][0]))
    assert (issue.text, issue.suggestions) == ("affirms", ("affirmed",))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("The minister met Иванов и Петров in the town.", "Иванов и Петров"),
        ("They said that välja on the table was late.", "välja"),
        ("She read 新聞 in the train.", "新聞"),
    ],
)
def test_untranslated_words(text: str, left: str) -> None:
    (issue,) = untranslated(document(text))
    assert (issue.text, issue.category) == (left, "untranslated")


@pytest.mark.parametrize(
    "text",
    [
        "In recent years Łódź has drawn many firms, and so has the Łódzkie region; Ālī Qāpū is a palace.",
        "He ate a jalapeño in the café of the naïve fiancé.",
        "They drink raki (ракия) and bjórr (a strong wine).",
        "“Не надо,” he said.",
        "Ludwig van Beethoven and Leonardo da Vinci met the Marquis de la Tour.",
        "Многие люди живут в городе. Это всё. And that is all.",
        "The whānau met on the marae, and the angle α grew.",
    ],
)
def test_words_of_other_languages_that_are_meant(text: str) -> None:
    assert not list(untranslated(document(text)))


GOOD = """The council closed the port on 5 May after a storm, the mayor said on Monday. “We had no choice,” she told
reporters. About 40 percent of the ships had left by then, and 12 percent more followed in June.

Farmers in the valley welcomed the decision. They organized a market, recognized its dangers and paid $5 million.
The harbor was full, its color grey, and nobody's boat sank – a small wonder, as the baker put it.

In addition, the school stays closed. It's the second time this year; the teachers say it won't be the last."""


def test_good_english_is_left_alone() -> None:
    whole = document(GOOD)
    assert [found for detector in detectors() for found in detector(whole)] == []


WORDS = """said says that he , . “ ” ( ) colour color organize organise välja ja see мир 新 in addition and the web site
website web-site"""


@given(st.lists(st.sampled_from([*WORDS.split(), "\n\n"]), max_size=60).map(" ".join) | st.text(max_size=100))
def test_offsets_fit_any_text(text: str) -> None:
    whole = document(text)
    for found in (found for detector in detectors() for found in detector(whole)):
        assert isinstance(found, (Issue, Edit))
        assert text[found.start : found.end] == found.text
