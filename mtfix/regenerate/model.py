"""What a tagger does, whatever computes it, and where its files are found."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from mtfix.regenerate.operations import Operations
from mtfix.regenerate.wordpieces import Encoded, WordPieces

Array = npt.NDArray[np.float32]
#: Files of a model folder beside the vocabulary, the operations and the gate: the recipe, the encoder as CTranslate2
#: stores it in int8, and the heads in half precision.
CONFIG, ENCODER, HEADS = "mtfix.json", "encoder", "heads.npz"


class Reading(NamedTuple):
    """What a tagger makes of a sentence of n tokens; all are probabilities.

    token: n × operations; gap: (n + 1) × insertions, the last before the end; flags: (n + 1) × 2, that the token is
    wrong and that something is missing before it. n counts only the tokens within the tagger's positions.
    """

    token: Array
    gap: Array
    flags: Array


class Tagger(Protocol):
    """Names for each token of a sentence what is to be done with it."""

    pieces: WordPieces
    operations: Operations

    def read(self, sentences: Sequence[Encoded]) -> list[Reading]:
        """Return a reading of each sentence."""
        ...


@dataclass(frozen=True)
class Heads:
    """The three output layers: weights outputs × width and biases."""

    layers: dict[str, tuple[Array, Array]]

    @classmethod
    def load(cls, folder: Path) -> Heads:
        """Read the heads of a model folder."""
        with np.load(folder / HEADS) as stored:
            names = ("token", "gap", "flags")
            return cls(
                {n: (stored[n + ".weight"].astype(np.float32), stored[n + ".bias"].astype(np.float32)) for n in names}
            )

    def read(self, hidden: Array, encoded: Encoded) -> Reading:
        """Turn the encoder's output for one sentence, pieces × width, into a reading."""
        chosen = hidden[encoded.begins]
        ends = len(encoded.begins) - 1
        logits = {name: chosen @ weight.T + bias for name, (weight, bias) in self.layers.items()}
        flags = 1 / (1 + np.exp(-logits["flags"]))
        return Reading(_softmax(logits["token"][:ends]), _softmax(logits["gap"]), flags.astype(np.float32))


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


def _softmax(logits: Array) -> Array:
    exponent = np.exp(logits - logits.max(axis=-1, keepdims=True, initial=-1e9))
    result: Array = (exponent / exponent.sum(axis=-1, keepdims=True)).astype(np.float32)
    return result
