"""A network → a model folder: the encoder in CTranslate2's int8, the heads in half precision, the recipe.

    python -m mtfix.training.export FOLDER OUT [--mean MODEL 0.2]

FOLDER is what training wrote. All but the gate, which `mtfix.training.tune` adds, is then in OUT. With --mean the
weights are averaged with those of the model that the run began with, of which the share is given.
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

from mtfix.regenerate.load import find_model
from mtfix.regenerate.model import CONFIG, ENCODER, HEADS
from mtfix.regenerate.network import EditNetwork, load_network
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


def mean(network: EditNetwork, other: EditNetwork, share: float) -> EditNetwork:
    """Return `network` with weights of which `share` are those of `other`, from which it descends.

    Such a mean can be better than either at what each knows (Wortsman et al., 2022). Raises ValueError when the two are
    not of one shape.
    """
    state, others = network.state_dict(), other.state_dict()
    if {k: v.shape for k, v in state.items()} != {k: v.shape for k, v in others.items()}:
        raise ValueError("only networks of one shape, trained one from the other, have a mean")
    network.load_state_dict({name: torch.lerp(state[name], others[name], share) for name in state})
    return network


def main(arguments: list[str] | None = None) -> None:
    """Export a checkpoint from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--mean", nargs=2, metavar=("MODEL", "SHARE"))
    a = parser.parse_args(arguments)
    network, progress = load_checkpoint(a.folder)
    if a.mean:
        network = mean(network, load_network(find_model(a.mean[0])), float(a.mean[1]))
    recipe = {key: progress[key] for key in ("steps", "pieces", "seconds")} | {"last_loss": progress["losses"][-1:]}
    recipe |= {"mean": a.mean} if a.mean else {}
    export(network, a.folder / WORDPIECES, a.out, recipe)


if __name__ == "__main__":
    main()
