"""A network → a model folder: the encoder in CTranslate2's int8, the heads in half precision, the recipe.

    python -m mtfix.training.export FOLDER OUT

FOLDER is what training wrote. All but the gate, which `mtfix.training.tune` adds, is then in OUT.
"""

from __future__ import annotations

import argparse
import copy
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import torch

from mtfix.regenerate.model import CONFIG, ENCODER, HEADS
from mtfix.regenerate.network import EditNetwork
from mtfix.regenerate.operations import Operations
from mtfix.regenerate.wordpieces import WORDPIECES, WordPieces
from mtfix.training.train import network_of


def export(network: EditNetwork, wordpieces: Path, out: Path, recipe: dict[str, Any]) -> None:
    """Write the model folder that `mtfix.regenerate` loads, all but the gate; `recipe` is kept in it."""
    out.mkdir(parents=True, exist_ok=True)
    if wordpieces != out / WORDPIECES:
        shutil.copyfile(wordpieces, out / WORDPIECES)
    network.operations.save(out)
    heads = {
        f"{name}.{kind}": getattr(getattr(network, name), kind).detach().half().numpy()
        for name in ("token", "gap", "flags")
        for kind in ("weight", "bias")
    }
    np.savez(out / HEADS, **heads)
    convert(network, WordPieces(wordpieces).texts(), out / ENCODER)
    config = network.encoder.config
    shape = {
        "vocabulary": config.vocab_size,
        "layers": config.n_layers,
        "width": config.dim,
    }
    text = json.dumps({"shape": shape, "recipe": recipe}, indent=1)
    (out / CONFIG).write_text(text + "\n", encoding="utf-8")


def convert(network: EditNetwork, vocabulary: list[str], out: Path) -> None:
    """Write the encoder for CTranslate2, matrices in int8."""
    from ctranslate2.converters.transformers import DistilBertLoader

    spec = DistilBertLoader().get_model_spec(copy.deepcopy(network.encoder).eval())  # quantization works in place
    spec.register_vocabulary(vocabulary)
    spec.config.unk_token = "[UNK]"
    spec.config.layer_norm_epsilon = 1e-12
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(out))


def load_checkpoint(folder: Path) -> tuple[EditNetwork, dict[str, Any]]:
    """Return the network that training left in a folder, and how far it had come."""
    saved = torch.load(folder / "checkpoint.pt", weights_only=True, map_location="cpu")
    return network_of(saved["network"], Operations.load(folder)), saved["progress"]


def main(arguments: list[str] | None = None) -> None:
    """Export a checkpoint from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    a = parser.parse_args(arguments)
    network, progress = load_checkpoint(a.folder)
    recipe = {key: progress[key] for key in ("steps", "pieces", "seconds")} | {"last_loss": progress["losses"][-1:]}
    export(network, a.folder / WORDPIECES, a.out, recipe)


if __name__ == "__main__":
    main()
