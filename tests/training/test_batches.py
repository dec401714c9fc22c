"""What the tagger is given to learn from."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from mtfix.document import tokenize
from mtfix.regenerate.operations import Operations
from mtfix.regenerate.wordpieces import WordPieces
from mtfix.training import batches
from mtfix.training.batches import Mill, Recipe
from mtfix.training.labels import label
from mtfix.training.material import Material, tagged_flags
from mtfix.training.packed import Batch, Example, example, pack
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


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "_CHUNK", 40)


@pytest.fixture
def pieces(tmp_path: Path) -> WordPieces:
    return WordPieces(make_pieces(tmp_path))


def mill(pieces: WordPieces, items: Sequence[Example], clean: Sequence[str] = (), hidden: float = 0.0) -> Mill:
    kind = "edited" if all(item.named for item in items) else "marked"
    material = Material({kind: pack(items, pieces, OPERATIONS)}, clean, {}, {})
    recipe = Recipe({"edited": 1, "marked": 1, "noise": 1, "clean": 1}, 300, 1, hidden)
    return Mill(material, pieces, OPERATIONS, recipe)


def same(some: Sequence[Batch], others: Sequence[Batch]) -> bool:
    return len(some) == len(others) and all(
        np.array_equal(a, b) for x, y in zip(some, others, strict=True) for a, b in zip(x, y, strict=True)
    )


def test_a_chunk_is_the_same_each_time_it_is_made(pieces: WordPieces) -> None:
    made = mill(pieces, [], SENTENCES)
    assert same(made.chunk(0), made.chunk(0)) and not same(made.chunk(0), made.chunk(1))


@pytest.mark.parametrize("workers", [0, 2])
def test_batches_are_those_of_their_chunks_whoever_makes_them(pieces: WordPieces, workers: int) -> None:
    made = mill(pieces, [], SENTENCES)
    expected = [(number, batch) for number in (3, 4, 5) for batch in made.chunk(number)]
    stream = batches.batches(made, 3, workers)
    found = [next(stream) for _ in expected]
    stream.close()
    assert [number for number, _ in found] == [number for number, _ in expected]
    assert same([batch for _, batch in found], [batch for _, batch in expected])


def test_a_batch_keeps_to_its_size(pieces: WordPieces) -> None:
    made = mill(pieces, [], SENTENCES).chunk(0)
    assert sum(len(batch.pieces) for batch in made) == 100  # a third of the 300 pieces of a batch
    assert all(batch.pieces.size <= 300 for batch in made)


def test_labels_stand_at_the_first_pieces(pieces: WordPieces) -> None:
    hypothesis, post_edit = "A farmer sold horse.", "The farmer sold the horses."
    for batch in mill(pieces, [example(label(hypothesis, post_edit))]).chunk(0):
        ids, begins = pieces.encode([[token.text for token in tokenize(hypothesis)]])[0]
        for row in range(len(batch.pieces)):
            assert batch.pieces[row, : len(ids)].tolist() == ids
            assert np.flatnonzero(batch.token[row] >= 0).tolist() == begins[:-1]
            assert [OPERATIONS.token[i] for i in batch.token[row, begins[:-1]]] == [
                "=the", "keep", "keep", "-+s", "keep",
            ]  # fmt: skip
            assert [OPERATIONS.gap[i] for i in batch.gap[row, begins]] == ["none"] * 3 + ["the"] + ["none"] * 2
            assert batch.flags[row, begins].tolist() == [[1, 0], [0, 0], [0, 0], [1, 1], [0, 0], [-1, 0]]


def test_a_hidden_token_is_not_asked_about(pieces: WordPieces) -> None:
    made = example(label("A farmer sold horse.", "The farmer sold the horses."))
    begins = pieces.encode([[token.text for token in made.tokens]])[0].begins
    hidden = rows = 0
    for batch in mill(pieces, [made], hidden=0.5).chunk(0):
        for row in range(len(batch.pieces)):
            rows += 1
            assert int(batch.pieces[row, begins[-1]]) != pieces.mask
            for first, stop in itertools.pairwise(begins):
                masked = int(batch.pieces[row, first]) == pieces.mask
                hidden += masked
                assert all((int(piece) == pieces.mask) == masked for piece in batch.pieces[row, first:stop])
                assert (int(batch.token[row, first]) < 0) == masked == (float(batch.flags[row, first, 0]) < 0)
                assert int(batch.gap[row, first]) >= 0
    assert 0.3 < hidden / (rows * len(made.tokens)) < 0.7


def test_an_operation_that_is_not_known_is_not_asked_about(pieces: WordPieces) -> None:
    made = example(label("A farmer sold horse.", "The farmer sold the horses."))
    unknown = made._replace(token=[None, *made.token[1:]], gap=[None, *made.gap[1:]])
    first = pieces.encode([[token.text for token in made.tokens]])[0].begins[0]
    for batch in mill(pieces, [unknown]).chunk(0):
        assert batch.token[:, first].tolist() == batch.gap[:, first].tolist() == [-100] * len(batch.pieces)


def test_what_is_not_in_the_lists_is_other(pieces: WordPieces) -> None:
    made = example(label("A farmer went home.", "A farmer walked straight home."))
    batch = mill(pieces, [made]).chunk(0)[0]
    assert OPERATIONS.token.index("other") in batch.token[0]
    batch = mill(pieces, [made._replace(named=False)]).chunk(0)[0]
    assert (batch.token < 0).all() and (batch.gap < 0).all() and (batch.flags >= 0).any()


def test_a_sentence_that_is_too_long_to_be_read_is_left_out(pieces: WordPieces) -> None:
    long = example(label("x " * 300 + ".", "x " * 300 + "!"))
    assert len(pack([long, example(label("He go.", "He goes."))], pieces, OPERATIONS)) == 1
    assert len(pack([], pieces, OPERATIONS)) == 0
