"""The shipped model with its gate opened, so that promises are tried on edits and not on silence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mtfix.regenerate.gate import GATE, Gate
from mtfix.regenerate.load import find_model

OPEN = 0.4  # a gate probability that several sentences in a hundred reach


def opened(model: str, folder: Path, threshold: float) -> str:
    """Return a model folder, made in `folder`, with the weights of `model` and this threshold at every strength."""
    source = find_model(model).path
    for file in source.iterdir():
        if file.name != GATE:
            (folder / file.name).symlink_to(file.resolve())
    gate = Gate.load(source)
    replace(gate, thresholds=dict.fromkeys(gate.thresholds, threshold)).save(folder)
    return str(folder)
