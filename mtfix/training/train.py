"""Trains the tagger, with a checkpoint every ten minutes and resume.

    python -m mtfix.training.material FOLDER --data DIR
    python -m mtfix.training.train FOLDER --minutes 85 --mix broad
    python -m mtfix.training.train FOLDER/real --minutes 20 --mix real --start FOLDER/checkpoint.pt

FOLDER holds what the first command made; checkpoint.pt is written beside it, and a run goes on from there. A new run
starts from DistilBERT, or with --start from a trained model or another run's checkpoint.
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
from torch.optim.swa_utils import AveragedModel
from tqdm import tqdm

from mtfix.regenerate.load import find_model
from mtfix.regenerate.network import EditNetwork, load_network
from mtfix.regenerate.operations import OPERATIONS, Operations
from mtfix.regenerate.wordpieces import WORDPIECES, WordPieces
from mtfix.training.batches import MIXES, Mill, Recipe, batches
from mtfix.training.development import figures
from mtfix.training.material import MATERIAL, Material
from mtfix.training.packed import Batch
from mtfix.training.start import from_distilbert

_HEADS_RATE = 10  # times the encoder's rate
_SAVE_EVERY = 600.0  # seconds
_AVERAGED = 0.998  # decay of the running average of the weights, which is what a run gives


@dataclass
class Progress:
    """Where a run stands; saved with the weights."""

    chunk: int = 0
    steps: int = 0
    pieces: int = 0
    seconds: float = 0.0
    losses: list[tuple[int, float]] = field(default_factory=list)  # pieces read, loss


@dataclass(frozen=True)
class Schedule:
    """How long and how fast a run learns.

    seconds: in all, over which the rate falls linearly to 3 % after `warm_up` steps. frozen: so many of the lowest
    layers, and with any the embeddings, stay as they are, a third faster on two cores.
    """

    seconds: float
    rate: float = 1e-4
    frozen: int = 1
    warm_up: int = 200
    device: str = "cpu"
    workers: int = 0


def train(folder: Path, mill: Mill, network: EditNetwork, schedule: Schedule) -> Progress:
    """Train `network`, which then holds the running average of its weights; resumes from `folder`.

    Writes `folder/checkpoint.pt` every ten minutes and at the end.
    """
    network.to(schedule.device)
    network.encoder.set_attn_implementation("eager" if schedule.device == "cpu" else "sdpa")
    if schedule.frozen:
        network.encoder.embeddings.requires_grad_(False)
    for layer in network.encoder.transformer.layer[: schedule.frozen]:
        layer.requires_grad_(False)
    average = AveragedModel(network, multi_avg_fn=_running_average)
    optimizer = _optimizer(network, schedule)
    progress = Progress()
    checkpoint = folder / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(saved["last"])
        average.module.load_state_dict(saved["network"])
        average.n_averaged.fill_(saved["progress"]["steps"])
        optimizer.load_state_dict(saved["optimizer"])
        progress = Progress(**saved["progress"])
    begun = time.monotonic() - progress.seconds
    last_save = time.monotonic()
    bar = tqdm(total=round(schedule.seconds), initial=round(progress.seconds), unit="s", mininterval=20)

    def save() -> None:
        progress.seconds = time.monotonic() - begun
        state = {"network": average.module.state_dict(), "last": network.state_dict()}
        state |= {"optimizer": optimizer.state_dict(), "progress": asdict(progress)}
        torch.save(state, checkpoint.with_suffix(".part"))
        checkpoint.with_suffix(".part").replace(checkpoint)

    network.train()
    recent: list[torch.Tensor] = []
    for chunk, batch in batches(mill, progress.chunk, schedule.workers):
        if chunk > progress.chunk and time.monotonic() - last_save > _SAVE_EVERY:
            progress.chunk = chunk
            save()
            last_save = time.monotonic()
        progress.chunk = chunk
        share = (time.monotonic() - begun) / schedule.seconds
        if share >= 1:
            break
        for group in optimizer.param_groups:
            warm = min(1.0, (progress.steps + 1) / schedule.warm_up)
            group["lr"] = schedule.rate * group["times"] * warm * max(0.03, 1 - share)
        loss = step_loss(network, batch)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        average.update_parameters(network)
        progress.steps += 1
        progress.pieces += int((batch.pieces != 0).sum())
        recent.append(loss.detach())
        bar.update(round(time.monotonic() - begun) - bar.n)
        if progress.steps % 100 == 0:
            progress.losses.append((progress.pieces, torch.stack(recent).mean().item()))
            recent.clear()
            bar.set_postfix_str(f"step {progress.steps} {progress.pieces / 1e6:.2f} M {progress.losses[-1][1]:.4f}")
    save()
    bar.close()
    network.load_state_dict(average.module.state_dict())
    return progress


def _running_average(average: Any, current: Any, steps: torch.Tensor | int) -> None:
    """Move the average towards the current weights; of the first steps it forgets faster."""
    torch._foreach_lerp_(average, current, 1 - min(_AVERAGED, (1 + int(steps)) / (10 + int(steps))))


def _optimizer(network: EditNetwork, schedule: Schedule) -> torch.optim.Optimizer:
    encoder = [p for p in network.encoder.parameters() if p.requires_grad]
    heads = [p for name, p in network.named_parameters() if not name.startswith("encoder.")]
    groups: list[dict[str, Any]] = [{"params": encoder, "times": 1.0}, {"params": heads, "times": _HEADS_RATE}]
    return torch.optim.AdamW(groups, lr=schedule.rate, betas=(0.9, 0.98), weight_decay=0.01, fused=True)


def step_loss(network: EditNetwork, batch: Batch) -> torch.Tensor:
    """Return the loss of a batch: cross-entropy of operations, insertions and flags.

    Arithmetic is bfloat16 on float32 weights where the processor has it; elsewhere that is a hundred times slower.
    """
    device = network.flags.weight.device
    pieces, token_labels, gap_labels, flag_labels = (torch.as_tensor(part).to(device) for part in batch)
    with torch.autocast(device.type, torch.bfloat16, enabled=device.type != "cpu" or _bfloat16()):
        hidden = network(pieces)
        chosen, gaps, flagged = token_labels.ge(0), gap_labels.ge(0), flag_labels.ge(0)
        token, gap, flags = network.token(hidden[chosen]), network.gap(hidden[gaps]), network.flags(hidden)
    total = 0.7 * nn.functional.binary_cross_entropy_with_logits(flags.float()[flagged], flag_labels[flagged])
    if len(token):
        total = total + nn.functional.cross_entropy(token.float(), token_labels[chosen])
        total = total + 0.7 * nn.functional.cross_entropy(gap.float(), gap_labels[gaps])
    return total


def _bfloat16() -> bool:
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def start(folder: Path, layers: int = 4, model: str | None = None) -> EditNetwork:
    """Return the network that a run in `folder` begins with: a model, another run's checkpoint, or DistilBERT.

    Raises ValueError when the model reads other pieces or names other operations than `folder` holds.
    """
    operations = Operations.load(folder)
    if model is None:
        return from_distilbert(folder, operations, layers)
    if not model.endswith(".pt"):
        found = find_model(model)
        if any((found.path / name).read_bytes() != (folder / name).read_bytes() for name in (WORDPIECES, OPERATIONS)):
            raise ValueError(f"{folder} was not made for {model}: run mtfix.training.material with --start {model}")
        return load_network(found)
    state = torch.load(model, weights_only=True, map_location="cpu")["network"]
    return network_of(state, operations)


def network_of(state: dict[str, torch.Tensor], operations: Operations) -> EditNetwork:
    """Return the network of the shape that weights have, with those weights."""
    words = state["encoder.embeddings.word_embeddings.weight"]
    layers = 1 + max(int(name.split(".")[3]) for name in state if name.startswith("encoder.transformer.layer."))
    network = EditNetwork(len(words), operations, layers, words.shape[1])
    network.load_state_dict(state)
    return network


def main(arguments: list[str] | None = None) -> None:
    """Train from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--mix", choices=MIXES, default="broad")
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--frozen", type=int, default=1)
    parser.add_argument("--warm-up", type=int, default=200, help="steps")
    parser.add_argument("--hidden", type=float, default=0.05, help="share of tokens that are not seen")
    parser.add_argument("--start", metavar="MODEL|CHECKPOINT")
    parser.add_argument("--size", type=int, default=2000, help="padded pieces a batch")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--workers", type=int, default=0, help="processes that make batches")
    parser.add_argument("--seed", type=int, default=1)
    a = parser.parse_args(arguments)
    source = a.folder if (a.folder / MATERIAL).exists() else a.folder.parent
    material = Material.load(source)
    print(material.summary())
    if source != a.folder:
        a.folder.mkdir(exist_ok=True)
        for name in (WORDPIECES, OPERATIONS):
            shutil.copyfile(source / name, a.folder / name)
    network = start(a.folder, a.layers, a.start)
    recipe = Recipe(MIXES[a.mix], a.size, a.seed, a.hidden)
    mill = Mill(material, WordPieces(a.folder / WORDPIECES), network.operations, recipe)
    schedule = Schedule(60 * a.minutes, a.rate, a.frozen, a.warm_up, a.device, a.workers)
    progress = train(a.folder, mill, network, schedule)
    print(json.dumps(asdict(progress) | {"losses": progress.losses[-1:]}))
    print(figures(network, material.development))


if __name__ == "__main__":
    main()
