"""The PyTorch backend: the same tagger on the same weights, on a GPU if there is one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mtfix.regenerate.ctranslate2 import groups
from mtfix.regenerate.model import Heads, ModelFolder, Reading
from mtfix.regenerate.operations import Operations
from mtfix.regenerate.wordpieces import WORDPIECES, Encoded, WordPieces

try:
    import torch
    import transformers  # noqa: F401
except ImportError as error:
    raise ImportError("the torch backend needs PyTorch and Transformers: `pip install mtfix[torch]`") from error

_BATCH_PIECES = 2048


class TorchTagger:
    """A tagger in PyTorch; `device` is "cpu" or "cuda".

    Arithmetic is float32 on inputs rounded as CTranslate2's int8 layers round theirs, so that both backends answer
    alike.
    """

    def __init__(self, folder: ModelFolder, device: str = "cpu", threads: int = 0) -> None:
        """Load the weights."""
        from mtfix.regenerate.network import load_network

        if threads:
            torch.set_num_threads(threads)
        self.pieces = WordPieces(folder.path / WORDPIECES)
        self.operations = Operations.load(folder.path)
        self._heads = Heads.load(folder.path)
        self._network = load_network(folder).to(device).eval()
        for module in self._network.encoder.modules():
            if isinstance(module, torch.nn.Linear):
                module.register_forward_pre_hook(_as_int8)
        self._device = device

    def read(self, sentences: Sequence[Encoded]) -> list[Reading]:
        """See `Tagger.read`."""
        found: list[Reading | None] = [None] * len(sentences)
        for group in groups(sentences, _BATCH_PIECES):
            ids = torch.tensor([sentences[i].ids for i in group], device=self._device)
            with torch.inference_mode():
                hidden = self._network(ids).float().cpu().numpy()
            for row, index in enumerate(group):
                found[index] = self._heads.read(np.asarray(hidden[row]), sentences[index])
        return [reading for reading in found if reading is not None]


def _as_int8(_: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
    """Round a layer's input to 127 steps to the largest value of each position."""
    scale = 127.0 / inputs[0].abs().amax(dim=-1, keepdim=True).clamp(min=1e-9)
    return ((inputs[0] * scale).round() / scale, *inputs[1:])
