from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import mtfix
from mtfix.document import tokenize
from mtfix.options import Options, OptionsError
from mtfix.regenerate.load import find_model, load_model
from mtfix.regenerate.model import SpanModel
from tests.tiny_model import SENTENCES, make_model


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def both(folder: Path) -> tuple[SpanModel, SpanModel]:
    found = find_model(str(folder))
    return load_model(found, Options()), load_model(found, Options(backend="torch"))


def test_taggers_agree(both: tuple[SpanModel, SpanModel]) -> None:
    sources = [both[0].pieces.words(text, tokenize(text))[0] for text in SENTENCES]
    for ours, theirs, ids in zip(both[0].tag(sources), both[1].tag(sources), sources, strict=True):
        assert ours.shape == (len(ids), 2)
        assert np.abs(ours - theirs).max() < 0.05


def test_scores_agree(both: tuple[SpanModel, SpanModel]) -> None:
    pieces = both[0].pieces
    sources = [pieces.mark(text, 4, 12) for text in SENTENCES]
    targets = [pieces.encode(" the old house")] * len(sources)
    ours, theirs = both[0].score(sources, targets), both[1].score(sources, targets)
    assert ours == pytest.approx(theirs, rel=0.03)
    assert all(score < 0 for score in ours)


def test_an_empty_replacement_can_be_scored(both: tuple[SpanModel, SpanModel]) -> None:
    source = [both[0].pieces.mark(SENTENCES[0], 4, 12)]
    assert both[0].score(source, [[]]) == pytest.approx(both[1].score(source, [[]]), rel=0.05)


def test_replacements_keep_to_their_limit(both: tuple[SpanModel, SpanModel]) -> None:
    sources = [both[0].pieces.mark(text, 4, 12) for text in SENTENCES]
    limits = [4, 8] * (len(sources) // 2)
    for model in both:
        found = model.generate(sources, limits)
        assert all(len(ids) <= limit for ids, limit in zip(found, limits, strict=True))


def test_a_model_is_found_by_its_folder(folder: Path) -> None:
    assert mtfix.Fixer(model=str(folder)).clean(SENTENCES[0]) == SENTENCES[0]


def test_an_unknown_model_says_what_was_looked_for() -> None:
    with pytest.raises(OptionsError, match="no-such-model"):
        mtfix.Fixer(model="no-such-model")


def test_an_unknown_backend_lists_those_there_are() -> None:
    with pytest.raises(OptionsError, match="ctranslate2 or torch"):
        mtfix.Fixer(backend="onnx")
