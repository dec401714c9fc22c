"""What the tagger is given to learn from."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from mtfix.document import tokenize
from mtfix.regenerate.operations import Operations
from mtfix.regenerate.wordpieces import WordPieces
from mtfix.training import batches
from mtfix.training.batches import Batch, Material, example, tagged_flags
from mtfix.training.labels import label
from tests.tiny_model import INSERTIONS, SENTENCES, TOKEN_OPERATIONS, make_pieces

OPERATIONS = Operations(TOKEN_OPERATIONS, INSERTIONS)


def test_published_tags_are_carried_over_to_our_tokens() -> None:
    row = {
        "mt": "He don't go.",
        "mt_tokens": ["He", "do", "n't", "go", "."],
        "mt_tags": ["OK", "OK", "BAD", "OK", "OK"],
        "gap_tags": ["BAD", "OK", "OK", "BAD", "OK", "BAD"],
    }
    tokens = tokenize(str(row["mt"]))
    assert [token.text for token in tokens] == ["He", "don't", "go", "."]
    assert tagged_flags(tokens, row) == ([0, 1, 0, 0, 0], [1, 0, 1, 0, 1])


@pytest.mark.parametrize("row", [{"mt": "He goes."}, {"mt": "He goes.", "mt_tokens": ["He", "went"], "mt_tags": []}])
def test_without_tags_for_this_text_there_are_none(row: dict[str, object]) -> None:
    assert tagged_flags(tokenize("He goes."), row) is None


def test_without_tags_what_is_changed_is_wrong() -> None:
    made = example(label("He a cats saw.", "He saw the cats."))
    assert made.wrong == [float(name != "keep") for name in made.token] + [0.0]
    assert made.missing == [float(name != "none") for name in made.gap]
    assert sum(made.wrong) and sum(made.missing)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "_CHUNK", 40)
    monkeypatch.setattr(batches, "_HIDDEN", 0.0)


@pytest.fixture
def pieces(tmp_path: Path) -> WordPieces:
    return WordPieces(make_pieces(tmp_path))


def chunk(pieces: WordPieces, material: Material, number: int) -> list[Batch]:
    return list(batches.batches(material, pieces, OPERATIONS, number, 1, 0.0, size=300))


def test_a_chunk_is_the_same_each_time_it_is_made(few: None, pieces: WordPieces) -> None:
    material = Material([], [], [], SENTENCES, {})
    once, again, next_one = (chunk(pieces, material, number) for number in (0, 0, 1))
    assert all(torch.equal(a, b) for x, y in zip(once, again, strict=True) for a, b in zip(x, y, strict=True))
    assert [batch.pieces.tolist() for batch in once] != [batch.pieces.tolist() for batch in next_one]


def test_labels_stand_at_the_first_pieces(few: None, pieces: WordPieces) -> None:
    hypothesis, post_edit = "A farmer sold horse.", "The farmer sold the horses."
    for batch in chunk(pieces, Material([example(label(hypothesis, post_edit))], [], [], [], {}), 0):
        ids, begins = pieces.encode([[token.text for token in tokenize(hypothesis)]])[0]
        for row in range(len(batch.pieces)):
            assert batch.pieces[row, : len(ids)].tolist() == ids
            assert torch.nonzero(batch.token[row] >= 0)[:, 0].tolist() == begins[:-1]
            assert [OPERATIONS.token[i] for i in batch.token[row, begins[:-1]]] == [
                "=the", "keep", "keep", "-+s", "keep",
            ]  # fmt: skip
            assert [OPERATIONS.gap[i] for i in batch.gap[row, begins]] == ["none"] * 3 + ["the"] + ["none"] * 2
            assert batch.flags[row, begins].tolist() == [[1, 0], [0, 0], [0, 0], [1, 1], [0, 0], [-1, 0]]


def test_a_hidden_token_is_not_asked_about(few: None, pieces: WordPieces, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "_HIDDEN", 0.5)
    made = example(label("A farmer sold horse.", "The farmer sold the horses."))
    begins = pieces.encode([[token.text for token in made.tokens]])[0].begins
    hidden = 0
    for batch in chunk(pieces, Material([made], [], [], [], {}), 0):
        for row in range(len(batch.pieces)):
            for first in begins[:-1]:
                masked = int(batch.pieces[row, first]) == pieces.mask
                hidden += masked
                assert (int(batch.token[row, first]) < 0) == masked == (float(batch.flags[row, first, 0]) < 0)
                assert int(batch.gap[row, first]) >= 0
    assert 0.3 < hidden / (40 * len(made.tokens)) < 0.7


def test_an_operation_that_is_not_known_is_not_asked_about(few: None, pieces: WordPieces) -> None:
    made = example(label("A farmer sold horse.", "The farmer sold the horses."))
    unknown = made._replace(token=[None, *made.token[1:]], gap=[None, *made.gap[1:]])
    first = pieces.encode([[token.text for token in made.tokens]])[0].begins[0]
    for batch in chunk(pieces, Material([], [], [unknown], [], {}), 0):
        assert batch.token[:, first].tolist() == batch.gap[:, first].tolist() == [-100] * len(batch.pieces)


def test_what_is_not_in_the_lists_is_other(few: None, pieces: WordPieces) -> None:
    made = example(label("A farmer went home.", "A farmer walked straight home."))
    batch = chunk(pieces, Material([made], [], [], [], {}), 0)[0]
    assert OPERATIONS.token.index("other") in batch.token[0]
    unnamed = made._replace(named=False)
    batch = chunk(pieces, Material([], [unnamed], [], [], {}), 0)[0]
    assert (batch.token < 0).all() and (batch.gap < 0).all() and (batch.flags >= 0).any()
