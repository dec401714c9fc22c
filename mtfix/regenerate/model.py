"""What a span model does, whatever computes it, and where its files are found."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from mtfix.options import Options, OptionsError
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
    def find(cls, model: str) -> ModelFolder:
        """Find a shipped model by name or a folder by path; OptionsError if it is neither."""
        here = Path(__file__).resolve().parents[1]
        for folder in (Path(model), here / "models" / model, here.parent / "models" / model):
            if (folder / CONFIG).is_file():
                return cls(folder, json.loads((folder / CONFIG).read_text(encoding="utf-8")))
        raise OptionsError(f"model {model!r}: no shipped model of this name and no folder with {CONFIG}")

    def heads(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Return the tagger's weights, 2 × width, and bias, 2."""
        heads = json.loads((self.path / HEADS).read_text(encoding="utf-8"))
        return np.asarray(heads["weight"], np.float32), np.asarray(heads["bias"], np.float32)


def load_model(options: Options) -> SpanModel:
    """Load the model that the options name, on the backend that they name.

    Raises OptionsError for an unknown model or backend, ImportError naming the extra for the torch backend.
    """
    folder = ModelFolder.find(options.model)
    if options.backend == "ctranslate2":
        from mtfix.regenerate.ctranslate2 import CTranslate2Model

        return CTranslate2Model(folder, options.device, options.threads)
    if options.backend == "torch":
        from mtfix.regenerate.transformers import TorchModel

        return TorchModel(folder, options.device, options.threads)
    raise OptionsError(f"backend {options.backend!r}: choose ctranslate2 or torch")
