"""Trains the tagger, with a checkpoint every ten minutes and resume.

    python -m mtfix.training.train FOLDER --data DIR --minutes 85

FOLDER holds the vocabulary and the operations (made when missing) and checkpoint.pt, from which a run goes on.
A new run starts from DistilBERT, or with --start from a trained model.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import nn
from tqdm import tqdm

from mtfix.regenerate.load import find_model
from mtfix.regenerate.network import EditNetwork, load_network
from mtfix.regenerate.operations import OPERATIONS, Operations
from mtfix.regenerate.wordpieces import WORDPIECES, WordPieces
from mtfix.training.batches import Batch, Material, batches, read_material
from mtfix.training.confusions import near_words
from mtfix.training.labels import count_operations
from mtfix.training.start import from_distilbert, prune_vocabulary

_WARM_UP = 200  # steps
_HEADS_RATE = 10  # times the encoder's rate
_SAVE_EVERY = 600.0  # seconds


@dataclass
class Progress:
    """Where a run stands; saved with the weights."""

    chunk: int = 0
    steps: int = 0
    pieces: int = 0
    seconds: float = 0.0
    losses: list[tuple[int, float]] = field(default_factory=list)  # pieces read, loss


def train(
    folder: Path, material: Material, network: EditNetwork, seconds: float, rate: float, seed: int = 1, frozen: int = 1
) -> Progress:
    """Train `network` for `seconds` in all, over which the rate falls linearly to 3 %; resumes from `folder`.

    The embeddings and the `frozen` lowest layers stay as they are: a third faster on two cores. Writes
    `folder/checkpoint.pt` every ten minutes and at the end.
    """
    pieces, operations = WordPieces(folder / WORDPIECES), network.operations
    network.encoder.set_attn_implementation("eager")
    network.encoder.embeddings.requires_grad_(False)
    for layer in network.encoder.transformer.layer[:frozen]:
        layer.requires_grad_(False)
    encoder = [p for p in network.encoder.parameters() if p.requires_grad]
    heads = [p for name, p in network.named_parameters() if not name.startswith("encoder.")]
    groups: list[dict[str, Any]] = [{"params": encoder, "times": 1.0}, {"params": heads, "times": _HEADS_RATE}]
    optimizer = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
    progress = Progress()
    checkpoint = folder / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(saved["network"])
        optimizer.load_state_dict(saved["optimizer"])
        progress = Progress(**saved["progress"])
    begun = time.monotonic() - progress.seconds
    last_save = time.monotonic()
    bar = tqdm(total=round(seconds), initial=round(progress.seconds), unit="s", mininterval=20)

    def save() -> None:
        progress.seconds = time.monotonic() - begun
        state = {"network": network.state_dict(), "optimizer": optimizer.state_dict(), "progress": asdict(progress)}
        torch.save(state, checkpoint.with_suffix(".part"))
        checkpoint.with_suffix(".part").replace(checkpoint)

    network.train()
    recent: list[float] = []
    while time.monotonic() - begun < seconds:
        for batch in batches(material, pieces, operations, progress.chunk, seed, _share(begun, seconds)):
            share = _share(begun, seconds)
            if share >= 1:
                break
            for group in optimizer.param_groups:
                group["lr"] = rate * group["times"] * min(1.0, (progress.steps + 1) / _WARM_UP) * max(0.03, 1 - share)
            loss = step_loss(network, batch)
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            progress.steps += 1
            progress.pieces += int(batch.pieces.ne(0).sum())
            recent.append(loss.item())
            bar.update(round(time.monotonic() - begun) - bar.n)
            if progress.steps % 100 == 0:
                progress.losses.append((progress.pieces, sum(recent) / len(recent)))
                recent.clear()
                bar.set_postfix_str(f"step {progress.steps} {progress.pieces / 1e6:.2f} M {progress.losses[-1][1]:.4f}")
        progress.chunk += 1
        if time.monotonic() - last_save > _SAVE_EVERY:
            save()
            last_save = time.monotonic()
    save()
    bar.close()
    return progress


def _share(begun: float, seconds: float) -> float:
    return (time.monotonic() - begun) / seconds


def step_loss(network: EditNetwork, batch: Batch) -> torch.Tensor:
    """Return the loss of a batch: cross-entropy of operations, insertions and flags.

    Arithmetic is bfloat16 on float32 weights where the processor has it; elsewhere that is a hundred times slower.
    """
    with torch.autocast("cpu", torch.bfloat16, enabled=torch.ops.mkldnn._is_mkldnn_bf16_supported()):
        hidden = network(batch.pieces)
        chosen, gaps, flagged = batch.token.ge(0), batch.gap.ge(0), batch.flags.ge(0)
        token, gap, flags = network.token(hidden[chosen]), network.gap(hidden[gaps]), network.flags(hidden)
    total = 0.7 * nn.functional.binary_cross_entropy_with_logits(flags.float()[flagged], batch.flags[flagged])
    if chosen.any():
        total = total + nn.functional.cross_entropy(token.float(), batch.token[chosen])
        total = total + 0.7 * nn.functional.cross_entropy(gap.float(), batch.gap[gaps])
    return total


def prepare(folder: Path, material: Material, layers: int = 4, start: str | None = None) -> EditNetwork:
    """Return the network that a run begins with: the model `start`, or one that begins as DistilBERT.

    Makes the vocabulary and the operations if they are missing.
    """
    if start:
        found = find_model(start)
        folder.mkdir(parents=True, exist_ok=True)
        for name in (WORDPIECES, OPERATIONS):
            shutil.copyfile(found.path / name, folder / name)
        return load_network(found)
    if not (folder / WORDPIECES).exists():
        tokens = (" ".join(t.text for t in item.tokens) for item in (*material.edited, *material.voted))
        prune_vocabulary([*tokens, *material.clean], folder)
    if not (folder / OPERATIONS).exists():
        count_operations((item.token, item.gap) for item in material.edited if item.named).save(folder)
    return from_distilbert(folder, Operations.load(folder), layers)


def main(arguments: list[str] | None = None) -> None:
    """Train from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--start", metavar="MODEL")
    parser.add_argument("--seed", type=int, default=1)
    a = parser.parse_args(arguments)
    material = read_material(a.data, near_words())
    print(material.summary())
    network = prepare(a.folder, material, a.layers, a.start)
    progress = train(a.folder, material, network, 60 * a.minutes, a.rate, a.seed)
    print(json.dumps(asdict(progress) | {"losses": progress.losses[-1:]}))


if __name__ == "__main__":
    main()
