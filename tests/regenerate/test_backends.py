from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import mtfix
from mtfix.document import tokenize
from mtfix.options import Options, OptionsError
from mtfix.regenerate.load import find_model, load_tagger
from mtfix.regenerate.model import Reading, Tagger
from mtfix.regenerate.propose import candidates, read
from mtfix.segment import segment
from tests.tiny_model import INSERTIONS, SENTENCES, TOKEN_OPERATIONS, make_model

TOKENS = [[token.text for token in tokenize(sentence)] for sentence in SENTENCES]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def both(folder: Path) -> tuple[Tagger, Tagger]:
    found = find_model(str(folder))
    return load_tagger(found, Options()), load_tagger(found, Options(backend="torch"))


def apart(ours: Reading, theirs: Reading) -> float:
    """Return the greatest difference of two readings of one sentence."""
    return max(float(np.abs(a - b).max()) for a, b in zip(ours, theirs, strict=True))


def test_backends_read_alike(both: tuple[Tagger, Tagger]) -> None:
    ours, theirs = (read(tagger, TOKENS) for tagger in both)
    assert max(map(apart, ours, theirs)) < 0.1
    assert len({tuple(reading.token.argmax(axis=1)) for reading in ours}) == len(SENTENCES)


def test_a_reading_holds_probabilities_for_every_place(both: tuple[Tagger, Tagger]) -> None:
    for tagger in both:
        for reading, tokens in zip(read(tagger, TOKENS), TOKENS, strict=True):
            assert reading.token.shape == (len(tokens), len(TOKEN_OPERATIONS))
            assert reading.gap.shape == (len(tokens) + 1, len(INSERTIONS))
            assert reading.flags.shape == (len(tokens) + 1, 2)
            assert reading.token.sum(axis=1) == pytest.approx(np.ones(len(tokens)), abs=1e-4)
            assert reading.gap.sum(axis=1) == pytest.approx(np.ones(len(tokens) + 1), abs=1e-4)
            assert ((reading.flags >= 0) & (reading.flags <= 1)).all()


def test_a_sentence_reads_the_same_alone_and_among_others(both: tuple[Tagger, Tagger]) -> None:
    """To the last bit, so that no repair depends on what else is in the document or was read before.

    PyTorch's products of float32 matrices differ in the last bits by the number of rows.
    """
    company = [*TOKENS, *(tokens[:4] for tokens in TOKENS), *(tokens[1:5] for tokens in TOKENS)]
    for tagger, difference in zip(both, (0, 1e-5), strict=True):
        alone = [read(tagger, [tokens])[0] for tokens in company]
        assert max(map(apart, alone, read(tagger, company))) <= difference


def test_nothing_to_read_is_no_error(both: tuple[Tagger, Tagger]) -> None:
    for tagger in both:
        assert read(tagger, []) == []
        assert read(tagger, [[]])[0].token.shape == (0, len(TOKEN_OPERATIONS))


@pytest.mark.parametrize("backend", ["ctranslate2", "torch"])
def test_tokens_past_the_last_position_score_nothing(folder: Path, backend: str) -> None:
    scores = mtfix.Fixer(model=str(folder), backend=backend).token_scores(["river"] * 400)
    assert len(scores) == 400 and scores[-1] == 0 < min(scores[:200])


def test_a_shut_gate_changes_nothing_and_says_why(folder: Path) -> None:
    repair = mtfix.Fixer(model=str(folder)).repair(SENTENCES[0])
    assert repair.text == SENTENCES[0] and not repair.edits
    assert any("the gate gives it 0.50" in rejection.reason for rejection in repair.rejected)


def test_both_backends_propose_the_same(both: tuple[Tagger, Tagger]) -> None:
    """Near-ties fall either way: without VNNI, the processor's sums of int8 products are rough."""
    sentences = [segment(text).sentences[0] for text in SENTENCES]
    ours, theirs = (
        {
            (sentence.text, candidate.start, candidate.replacement)
            for sentence, found in zip(
                sentences, candidates(tagger, sentences, read(tagger, TOKENS), detect=0.3), strict=True
            )
            for candidate in found
        }
        for tagger in both
    )
    assert len(ours) > 20
    assert len(ours & theirs) > 0.8 * len(ours | theirs)


def test_a_model_is_found_by_its_folder(folder: Path) -> None:
    assert mtfix.Fixer(model=str(folder)).clean(SENTENCES[0]) == SENTENCES[0]


def test_an_unknown_model_says_what_was_looked_for() -> None:
    with pytest.raises(OptionsError, match="no-such-model"):
        mtfix.Fixer(model="no-such-model")
    with pytest.raises(OptionsError, match=r"mtfix\.json"):
        find_model("no-such-model")


def test_an_unknown_backend_lists_those_there_are() -> None:
    with pytest.raises(OptionsError, match="ctranslate2 or torch"):
        mtfix.Fixer(backend="onnx")
