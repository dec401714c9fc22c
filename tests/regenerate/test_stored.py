from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
import torch

from mtfix.regenerate.load import find_model
from mtfix.regenerate.model import CONFIG, ENCODER
from mtfix.regenerate.network import EditNetwork, load_network
from mtfix.regenerate.operations import Operations
from mtfix.regenerate.stored import read_tensors
from mtfix.regenerate.wordpieces import WordPieces
from mtfix.training.export import export
from tests.tiny_model import INSERTIONS, TOKEN_OPERATIONS, make_network, make_pieces

OPERATIONS = Operations(TOKEN_OPERATIONS, INSERTIONS)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> EditNetwork:
    return make_network(len(WordPieces(make_pieces(tmp_path_factory.mktemp("pieces")))), OPERATIONS)


@pytest.fixture
def folder(network: EditNetwork, tmp_path: Path) -> Path:
    export(network, make_pieces(tmp_path / "pieces"), tmp_path / "model", {})
    return tmp_path / "model"


def test_weights_come_back_within_rounding(network: EditNetwork, folder: Path) -> None:
    before, after = network.state_dict(), load_network(find_model(str(folder))).state_dict()
    assert before.keys() == after.keys()
    rounded = 0
    for name, tensor in before.items():
        step = tensor.abs().amax(dim=-1, keepdim=True) / 127  # of int8; a half of it, and half precision is finer
        assert bool(((after[name] - tensor).abs() <= 0.51 * step).all()), name
        rounded += not torch.equal(after[name], tensor)
    assert rounded >= 12  # two layers of six matrices: they were in int8


def test_exporting_leaves_the_network_as_it_was(network: EditNetwork, folder: Path) -> None:
    again = make_network(network.encoder.config.vocab_size, OPERATIONS).state_dict()
    assert all(torch.equal(tensor, again[name]) for name, tensor in network.state_dict().items())


def test_another_version_of_the_format_is_told(folder: Path) -> None:
    file = folder / ENCODER / "model.bin"
    file.write_bytes(struct.pack("<I", 5) + file.read_bytes()[4:])
    with pytest.raises(ValueError, match=r"model\.bin is of version 5 .*, not 6"):
        read_tensors(file)


def reshaped(folder: Path, **shape: int) -> Path:
    """Return the folder with another shape in its recipe."""
    config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    config["shape"] |= shape
    (folder / CONFIG).write_text(json.dumps(config), encoding="utf-8")
    return folder


def test_weights_that_do_not_fit_the_recipe_are_told(folder: Path) -> None:
    with pytest.raises(ValueError, match="does not hold the weights"):
        load_network(find_model(str(reshaped(folder, width=128))))


def test_layers_that_are_missing_are_told(folder: Path) -> None:
    with pytest.raises(ValueError, match="does not hold the weights"):
        load_network(find_model(str(reshaped(folder, layers=3))))


def test_tensors_that_are_stored_once_for_several_come_back_too(tmp_path: Path) -> None:
    pieces = make_pieces(tmp_path / "pieces")
    fresh = EditNetwork(len(WordPieces(pieces)), OPERATIONS, layers=1, width=64)  # its norms are all ones and zeros
    export(fresh, pieces, tmp_path / "model", {})
    names = load_network(find_model(str(tmp_path / "model"))).state_dict()
    assert torch.equal(names["encoder.embeddings.LayerNorm.weight"], torch.ones(64))
