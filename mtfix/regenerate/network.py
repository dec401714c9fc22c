"""The tagger's network in PyTorch."""

from __future__ import annotations

import torch
from torch import nn

from mtfix.regenerate.model import CONFIG, ENCODER, Heads, ModelFolder
from mtfix.regenerate.operations import Operations
from mtfix.regenerate.stored import Tensors, read_tensors
from mtfix.regenerate.wordpieces import POSITIONS


class EditNetwork(nn.Module):  # type: ignore[misc]
    """A DistilBERT encoder with three heads on the first piece of each token.

    token: the operation on it; gap: what to insert before it; flags: it is wrong, something is missing before it.
    """

    def __init__(self, vocabulary: int, operations: Operations, layers: int = 4, width: int = 768):
        super().__init__()
        from transformers import DistilBertConfig, DistilBertModel

        config = DistilBertConfig(
            vocab_size=vocabulary,
            dim=width,
            hidden_dim=4 * width,
            n_layers=layers,
            n_heads=max(1, width // 64),
            max_position_embeddings=POSITIONS,
            dropout=0.1,
            attention_dropout=0.1,
        )
        self.operations = operations
        self.encoder = DistilBertModel(config)
        self.token = nn.Linear(width, len(operations.token))
        self.gap = nn.Linear(width, len(operations.gap))
        self.flags = nn.Linear(width, 2)

    def forward(self, pieces: torch.Tensor) -> torch.Tensor:
        """Return the last layer's output, batch × length × width, for padded pieces, batch × length."""
        hidden: torch.Tensor = self.encoder(pieces, attention_mask=pieces.ne(0).long()).last_hidden_state
        return hidden


def load_network(folder: ModelFolder) -> EditNetwork:
    """Return the network of a model folder; ValueError when its files do not fit its recipe."""
    shape = folder.config["shape"]
    operations = Operations.load(folder.path)
    network = EditNetwork(shape["vocabulary"], operations, shape["layers"], shape["width"])
    try:
        state = _encoder_state(read_tensors(folder.path / ENCODER / "model.bin"), shape["layers"])
        for name, (weight, bias) in Heads.load(folder.path).layers.items():
            state |= {f"{name}.weight": torch.tensor(weight), f"{name}.bias": torch.tensor(bias)}
        network.load_state_dict(state)
    except (KeyError, RuntimeError) as error:
        raise ValueError(f"{folder.path} does not hold the weights that its {CONFIG} tells of: {error}") from error
    return network


def _encoder_state(stored: Tensors, layers: int) -> dict[str, torch.Tensor]:
    """Turn CTranslate2's names and fused matrices into those of Transformers."""
    state: dict[str, torch.Tensor] = {}

    def take(name: str, source: str, kinds: tuple[str, str] = ("weight", "bias")) -> None:
        for kind, stored_kind in zip(("weight", "bias"), kinds, strict=True):
            state[f"encoder.{name}.{kind}"] = torch.tensor(stored[f"encoder/{source}/{stored_kind}"])

    norm = ("gamma", "beta")
    state["encoder.embeddings.word_embeddings.weight"] = torch.tensor(stored["encoder/embeddings_0/weight"])
    positions = torch.tensor(stored["encoder/position_encodings/encodings"])
    state["encoder.embeddings.position_embeddings.weight"] = positions
    take("embeddings.LayerNorm", "layernorm_embedding", norm)
    for i in range(layers):
        ours, theirs = f"transformer.layer.{i}", f"layer_{i}"
        for kind in ("weight", "bias"):
            fused = torch.tensor(stored[f"encoder/{theirs}/self_attention/linear_0/{kind}"])
            for part, tensor in zip("qkv", fused.chunk(3), strict=True):
                state[f"encoder.{ours}.attention.{part}_lin.{kind}"] = tensor
        take(f"{ours}.attention.out_lin", f"{theirs}/self_attention/linear_1")
        take(f"{ours}.sa_layer_norm", f"{theirs}/self_attention/layer_norm", norm)
        take(f"{ours}.ffn.lin1", f"{theirs}/ffn/linear_0")
        take(f"{ours}.ffn.lin2", f"{theirs}/ffn/linear_1")
        take(f"{ours}.output_layer_norm", f"{theirs}/ffn/layer_norm", norm)
    return state
