from __future__ import annotations

import numpy as np
import pytest

from mtfix.detect.tagger import flagged, token_scores
from mtfix.document import tokenize
from mtfix.options import Options
from mtfix.regenerate.decode import FEATURES, _placed, candidates
from mtfix.regenerate.explain import explain
from mtfix.regenerate.load import find_model, load_model
from mtfix.regenerate.model import SpanModel
from mtfix.result import CATEGORIES
from mtfix.segment import segment
from tests.tiny_model import SENTENCES, make_model


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> SpanModel:
    return load_model(find_model(str(make_model(tmp_path_factory.mktemp("tiny")))), Options())


@pytest.mark.parametrize(
    ("text", "span", "output", "expected"),
    [
        ("He go home.", "go", " goes", "He goes home."),
        ("It was the very old.", "the", "", "It was very old."),
        ("It was old house , yes.", ",", ",", "It was old house, yes."),
        ("go home.", "go", " goes", "goes home."),
        ("Go home.", "Go", " go away", "Go away home."),
        ("the U.S.-led forces", "led", "backed", "the U.S.-backed forces"),
    ],
)
def test_an_answer_is_set_into_the_sentence_with_its_spaces(text: str, span: str, output: str, expected: str) -> None:
    start = text.index(span)
    place = _placed(text, start, start + len(span), output)
    assert place is not None
    begin, end, replacement = place
    assert text[:begin] + replacement + text[end:] == expected


def test_a_sentence_is_not_emptied_from_its_start() -> None:
    assert _placed("Go.", 0, 2, "") is None


def test_edits_are_trimmed_to_the_words_that_change() -> None:
    text = "They went to the school by foot."
    assert _placed(text, 0, len(text), " They went to school by foot.") == (13, 16 + 7, "school")


def test_candidates_carry_every_feature(model: SpanModel) -> None:
    document = segment("\n".join(SENTENCES))
    relative = [(text, tokenize(text)) for text in SENTENCES]
    scores = token_scores(model, relative)
    flags = [flagged(score, 0.0)[:1] or [] for score in scores]
    found = candidates(model, document.sentences, [""] * len(SENTENCES), scores, flags)
    assert len(found) == len(SENTENCES)
    for candidate in (c for per_sentence in found for c in per_sentence):
        assert candidate.features.shape == (len(FEATURES),)
        assert np.isfinite(candidate.features).all()


def test_runs_join_over_one_token_and_long_ones_are_let_go() -> None:
    scores = np.zeros((40, 2), np.float32)
    scores[[2, 4], 0] = 0.9
    scores[8, 1] = 0.7
    scores[20:38, 0] = 0.9
    assert [(f.first, f.last) for f in flagged(scores, 0.5)] == [(2, 4), (8, 8)]


def test_a_lone_surrogate_is_read_as_some_character(model: SpanModel) -> None:
    text = "It was \ud800 here."
    (scores,) = token_scores(model, [(text, tokenize(text))])
    assert scores.shape == (len(tokenize(text)), 2)


@pytest.mark.parametrize(
    ("old", "new", "category"),
    [
        ("in at", "at", "addition"),
        ("went he", "he went", "word-order"),
        ("Committee", "committee", "spelling"),
        ("on Monday", "on the Monday", "omission"),
        ("in", "at", "grammar"),
        ("walks", "walked", "agreement"),
        ("grand", "large", "unidiomatic"),
        ("town ,", "town", "punctuation"),
    ],
)
def test_a_change_is_explained_in_mqm_terms(old: str, new: str, category: str) -> None:
    found, message = explain(old, new)
    assert found == category in CATEGORIES
    assert message.endswith(".") and old.split()[0] in message
