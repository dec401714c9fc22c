"""What a span model does, whatever computes it, and where its files are found."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from mtfix.regenerate.marking import Pieces

Ids = Sequence[int]
#: Files of a model folder: the recipe, the vocabulary, and the weights for each backend.
CONFIG, PIECES, HEADS = "mtfix.json", "pieces.model", "heads.json"
CT2_ENCODER, CT2_DECODER, HALF_PRECISION = "ct2-encoder", "ct2", "model.safetensors"


class SpanModel(Protocol):
    """A tagger and a regenerator over one vocabulary. Input and output are piece ids."""

    pieces: Pieces

    def tag(self, sources: Sequence[Ids]) -> list[npt.NDArray[np.float32]]:
        """Return for each sentence an array pieces × 2.

        The probabilities that a piece begins a wrong token, and that something is missing before it.
        """
        ...

    def generate(self, sources: Sequence[Ids], longest: Sequence[int]) -> list[list[int]]:
        """Return for each marked sentence the most probable replacement, greedily, of at most `longest` pieces."""
        ...

    def score(self, sources: Sequence[Ids], targets: Sequence[Ids]) -> list[float]:
        """Return for each marked sentence the log-probability (natural, summed) of a given replacement."""
        ...


@dataclass(frozen=True)
class ModelFolder:
    """A folder with weights, as `mtfix.training.export` writes it."""

    path: Path
    config: dict[str, Any]

    @classmethod
    def find(cls, model: str) -> ModelFolder | None:
        """Find a shipped model by name, or a folder that holds one by its path."""
        here = Path(__file__).resolve().parents[1]
        for folder in (Path(model), here / "models" / model, here.parent / "models" / model):
            if (folder / CONFIG).is_file():
                return cls(folder, json.loads((folder / CONFIG).read_text(encoding="utf-8")))
        return None

    def heads(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Return the tagger's weights, 2 × width, and bias, 2."""
        heads = json.loads((self.path / HEADS).read_text(encoding="utf-8"))
        return np.asarray(heads["weight"], np.float32), np.asarray(heads["bias"], np.float32)
