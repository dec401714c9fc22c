"""What a network makes of development data: by this runs are compared, and the better weights kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from mtfix.regenerate.network import EditNetwork
from mtfix.training.packed import Packed

_AT_ONCE = 100  # sentences


class Figures(NamedTuple):
    """Cross-entropy a token of operations and of insertions; word-level MCC, the mean over language pairs.

    mcc is that of the best common threshold.
    """

    operations: float
    insertions: float
    mcc: float
    threshold: float

    def __str__(self) -> str:
        return (
            f"operations {self.operations:.4f}, insertions {self.insertions:.4f}, "
            f"MCC {self.mcc:.4f} at {self.threshold:.2f}"
        )


def figures(network: EditNetwork, development: Mapping[str, Packed]) -> Figures:
    """Measure a network on packed sentences of several language pairs."""
    device = network.flags.weight.device
    losses: dict[str, list[float]] = {"token": [], "gap": []}
    flags: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {pair: [] for pair in development}
    network.eval()
    with torch.no_grad(), torch.autocast(device.type, torch.bfloat16, enabled=device.type != "cpu"):
        for pair, packed in development.items():
            order = np.argsort(packed.lengths, kind="stable").tolist()
            for first in range(0, len(order), _AT_ONCE):
                batch = packed.batch(order[first : first + _AT_ONCE], 0.0, 0, np.random.default_rng())
                hidden = network(torch.as_tensor(batch.pieces).to(device))
                for name, labels in (("token", batch.token), ("gap", batch.gap)):
                    known = torch.as_tensor(labels).to(device)
                    logits = getattr(network, name)(hidden[known.ge(0)]).float()
                    loss = nn.functional.cross_entropy(logits, known[known.ge(0)], reduction="none")
                    losses[name] += loss.tolist()
                wrong = network.flags(hidden)[..., 0].float().sigmoid().cpu().numpy()
                asked = batch.flags[..., 0] >= 0
                flags[pair].append((wrong[asked], batch.flags[..., 0][asked] > 0.5))
    network.train()
    together = [tuple(map(np.concatenate, zip(*parts, strict=True))) for parts in flags.values() if parts]
    best = max((float(np.mean([_mcc(p >= t, y) for p, y in together])), t) for t in np.arange(0.1, 0.8, 0.02))
    return Figures(float(np.mean(losses["token"])), float(np.mean(losses["gap"])), best[0], float(best[1]))


def _mcc(flagged: np.ndarray, wrong: np.ndarray) -> float:
    if flagged.all() or not flagged.any() or wrong.all() or not wrong.any():
        return 0.0
    return float(np.corrcoef(flagged, wrong)[0, 1])
