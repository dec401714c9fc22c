"""What a network is judged by."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from mtfix.regenerate.operations import KEEP, NONE, Operations
from mtfix.regenerate.wordpieces import WordPieces
from mtfix.training.development import figures
from mtfix.training.labels import label
from mtfix.training.packed import Packed, example, pack
from tests.tiny_model import INSERTIONS, SENTENCES, TOKEN_OPERATIONS, make_network, make_pieces

OPERATIONS = Operations(TOKEN_OPERATIONS, INSERTIONS)


@pytest.fixture
def pieces(tmp_path: Path) -> WordPieces:
    return WordPieces(make_pieces(tmp_path))


def untouched(pieces: WordPieces) -> Packed:
    return pack([example(label(text, text)) for text in SENTENCES], pieces, OPERATIONS)


def test_a_network_that_keeps_everything_is_right_about_what_is_right(pieces: WordPieces) -> None:
    network = make_network(len(pieces), OPERATIONS)
    before = figures(network, {"xx-en": untouched(pieces)})
    with torch.no_grad():
        for head, name, names in ((network.token, KEEP, OPERATIONS.token), (network.gap, NONE, OPERATIONS.gap)):
            head.weight.zero_()
            head.bias.fill_(-20.0)
            head.bias[names.index(name)] = 20.0
    after = figures(network, {"xx-en": untouched(pieces)})
    assert after.operations < 1e-3 < before.operations and after.insertions < 1e-3 < before.insertions
    assert after.mcc == 0.0  # nothing is wrong, so there is nothing to tell apart


def test_the_mean_over_pairs_counts_each_pair_once(pieces: WordPieces) -> None:
    wrong = pack([example(label(t, t.replace("the", "a"))) for t in SENTENCES], pieces, OPERATIONS)
    network = make_network(len(pieces), OPERATIONS)
    one, many = figures(network, {"a": wrong, "b": wrong}), figures(network, {"a": wrong})
    assert one.mcc == pytest.approx(many.mcc) and one.operations == pytest.approx(many.operations)
    assert f"MCC {one.mcc:.4f}" in str(one)
