"""Trains a span model, with a checkpoint every ten minutes and resume.

    python -m mtfix.training.train FOLDER --data DIR --stage dense --tokens 14e6 --rate 5e-4
    python -m mtfix.training.train FOLDER --data DIR --stage spans --tokens 20e6 --rate 4e-4

FOLDER holds the tokenizer (made when missing) and checkpoint.pt. A later stage starts from the weights that the
one before it left; the same stage again goes on where it stopped.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from torch import nn
from tqdm import tqdm

from mtfix.regenerate.marking import Pieces
from mtfix.training import corpora
from mtfix.training.batches import Mixture, SpanBatch, Stage, TagBatch, batches
from mtfix.training.start import SpanModel, from_minilm, near_words
from mtfix.training.tokenizer import train_tokenizer

_TAG_WEIGHT = 0.5
_WARM_UP = 200  # steps


@dataclass
class Progress:
    """Where a stage stands; saved with the weights."""

    stage: Stage
    chunk: int = 0
    steps: int = 0
    tokens: int = 0
    seconds: float = 0.0
    losses: list[tuple[int, float, float]] = field(default_factory=list)  # tokens, span loss, tag loss


def train(
    folder: Path,
    data: Path,
    stage: Stage,
    tokens: int,
    rate: float,
    seed: int = 1,
    save_every: float = 600.0,
    seconds: float = float("inf"),
    vocabulary: int = 12000,
) -> SpanModel:
    """Train one stage until `tokens` pieces are read or `seconds` have passed; the rate falls linearly to 5 %.

    Writes `folder/checkpoint.pt` every `save_every` seconds and at the end.
    """
    if not (folder / "pieces.model").exists():
        train_tokenizer(data, folder, vocabulary)
    pieces = Pieces(folder / "pieces.model")
    model = from_minilm(pieces)
    model.bart.set_attn_implementation("eager")  # on two cores a quarter faster than the fused kernel
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
    progress = Progress(stage)
    checkpoint = folder / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(saved["model"])
        if saved["progress"]["stage"] == stage:
            optimizer.load_state_dict(saved["optimizer"])
            progress = Progress(**saved["progress"])
    mixture = read_mixture(data, stage)
    model.train()
    bar = tqdm(total=tokens, initial=progress.tokens, unit="tok", unit_scale=True, mininterval=20)
    begun = time.monotonic() - progress.seconds
    last_save, recent = time.monotonic(), ([0.0], [0.0])

    def save() -> None:
        progress.seconds = time.monotonic() - begun
        state = {
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "progress": asdict(progress),
        }
        torch.save(state, checkpoint.with_suffix(".part"))
        checkpoint.with_suffix(".part").replace(checkpoint)

    while progress.tokens < tokens and time.monotonic() - begun < seconds:
        for batch in batches(mixture, pieces, stage, progress.chunk, seed, progress.tokens / tokens):
            if progress.tokens >= tokens or time.monotonic() - begun >= seconds:
                break
            share = min(1.0, max(progress.tokens / tokens, (time.monotonic() - begun) / seconds))
            for group in optimizer.param_groups:
                group["lr"] = rate * min(1.0, (progress.steps + 1) / _WARM_UP) * max(0.05, 1 - share)
            loss = step_loss(model, batch)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            read = int(batch.source.ne(0).sum()) + (
                int(batch.labels.ne(-100).sum()) if isinstance(batch, SpanBatch) else 0
            )
            progress.steps += 1
            progress.tokens += read
            recent[isinstance(batch, TagBatch)].append(loss.item())
            bar.update(read)
            if progress.steps % 100 == 0:
                span, tag = (sum(r[-100:]) / len(r[-100:]) for r in recent)
                progress.losses.append((progress.tokens, span, tag))
                bar.set_postfix_str(f"step {progress.steps} span {span:.3f} tag {tag:.3f}")
        progress.chunk += 1
        if time.monotonic() - last_save > save_every:
            save()
            last_save = time.monotonic()
    save()
    bar.close()
    return model


def step_loss(model: SpanModel, batch: SpanBatch | TagBatch) -> torch.Tensor:
    """Return the loss of a batch in bfloat16 arithmetic on float32 weights."""
    with torch.autocast("cpu", torch.bfloat16):
        if isinstance(batch, SpanBatch):
            return model.decode_loss(batch.source, batch.labels, 0.05)
        logits = model.tag_logits(batch.source).float()
    kept = batch.labels.ge(0)
    return _TAG_WEIGHT * nn.functional.binary_cross_entropy_with_logits(logits[kept], batch.labels[kept])


def read_mixture(data: Path, stage: Stage) -> Mixture:
    """Read the clean sentences and, for the second stage, the corrected pairs."""
    clean = list(corpora.prose(data)) + list(corpora.references(data))
    pairs = list(corpora.pairs(data)) if stage == "spans" else []
    edited = [pair for pair in pairs if pair.origin == "mlqe-pe"]  # true post-edits count three times
    return Mixture(clean, pairs + 2 * edited, near_words())


def main(arguments: list[str] | None = None) -> None:
    """Run one stage from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--stage", choices=("dense", "spans"), required=True)
    parser.add_argument("--tokens", type=float, required=True)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop, and end the rate's fall, by then")
    parser.add_argument("--seed", type=int, default=1)
    a = parser.parse_args(arguments)
    train(a.folder, a.data, a.stage, int(a.tokens), a.rate, a.seed, seconds=a.seconds)
    losses = torch.load(a.folder / "checkpoint.pt", weights_only=True)["progress"]["losses"]
    print(json.dumps(losses[-1:]))


if __name__ == "__main__":
    main()
