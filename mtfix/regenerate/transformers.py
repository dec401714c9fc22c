"""The other backend: the same weights in PyTorch, through Hugging Face Transformers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from mtfix.regenerate.marking import BOS, EOS, PAD, Pieces
from mtfix.regenerate.model import HALF_PRECISION, PIECES, Ids, ModelFolder

try:
    import torch
    from safetensors.torch import load_file
except ImportError as error:
    raise ImportError("the torch backend needs PyTorch and Transformers: `pip install mtfix[torch]`") from error

_BATCH = 32


class TorchModel:
    """A span model in PyTorch; `device` is "cpu" or "cuda".

    Arithmetic is float32 on inputs rounded as CTranslate2's int8 layers round theirs, so that both backends answer
    alike.
    """

    def __init__(self, folder: ModelFolder, device: str = "cpu", threads: int = 0) -> None:
        """Load the half-precision weights."""
        from mtfix.training.start import SpanModel, round_to_int8

        if threads:
            torch.set_num_threads(threads)
        self.pieces = Pieces(folder.path / PIECES)
        shape = folder.config["shape"]
        model = SpanModel(len(self.pieces), shape["encoder_layers"], shape["decoder_layers"], shape["width"])
        state = {name: tensor.float() for name, tensor in load_file(folder.path / HALF_PRECISION).items()}
        missing, unexpected = model.load_state_dict(state, strict=False)
        tied = {"bart.lm_head.weight", "bart.model.encoder.embed_tokens.weight"}
        tied |= {"bart.model.decoder.embed_tokens.weight", "bart.final_logits_bias"}
        if unexpected or set(missing) - tied:
            raise ValueError(f"{folder.path / HALF_PRECISION} does not hold the weights that its recipe tells of")
        round_to_int8(model)
        for module in model.bart.modules():
            if isinstance(module, torch.nn.Linear):
                module.register_forward_pre_hook(_as_int8)
        self._model: Any = model.to(device).eval()
        self._device = device

    def tag(self, sources: Sequence[Ids]) -> list[npt.NDArray[np.float32]]:
        """See `SpanModel.tag`."""
        found: list[npt.NDArray[np.float32]] = [np.zeros((0, 2), np.float32)] * len(sources)
        for group in _groups(sources):
            with torch.inference_mode():
                logits = self._model.tag_logits(self._padded([sources[i] for i in group], PAD))
            for row, index in enumerate(group):
                found[index] = logits[row, : len(sources[index])].sigmoid().cpu().numpy()
        return found

    def generate(self, sources: Sequence[Ids], longest: Sequence[int]) -> list[list[int]]:
        """See `SpanModel.generate`."""
        found: list[list[int]] = [[] for _ in sources]
        for group in _groups(sources):
            padded = self._padded([sources[i] for i in group], PAD)
            limit = max(longest[i] for i in group)
            with torch.inference_mode():
                output = self._model.bart.generate(
                    input_ids=padded,
                    attention_mask=padded.ne(PAD),
                    num_beams=1,
                    do_sample=False,
                    max_new_tokens=limit,
                )
            for row, index in enumerate(group):
                ids = output[row, 1:].tolist()
                found[index] = (ids[: ids.index(EOS)] if EOS in ids else ids)[: longest[index]]
        return found

    def score(self, sources: Sequence[Ids], targets: Sequence[Ids]) -> list[float]:
        """See `SpanModel.score`."""
        found = [0.0] * len(sources)
        for group in _groups(sources):
            padded = self._padded([sources[i] for i in group], PAD)
            labels = self._padded([[*targets[i], EOS] for i in group], -100)
            start = torch.full((len(group), 1), BOS, device=self._device)
            with torch.inference_mode():
                logits = self._model.bart(
                    input_ids=padded,
                    attention_mask=padded.ne(PAD),
                    decoder_input_ids=torch.cat([start, labels[:, :-1].clamp(min=0)], 1),
                ).logits
                chosen = logits.log_softmax(-1).gather(-1, labels.clamp(min=0)[..., None])[..., 0]
                totals = (chosen * labels.ne(-100)).sum(-1).tolist()
            for index, total in zip(group, totals, strict=True):
                found[index] = float(total)
        return found

    def _padded(self, rows: Sequence[Ids], value: int) -> Any:
        longest = max(len(row) for row in rows)
        return torch.tensor([[*row, *[value] * (longest - len(row))] for row in rows], device=self._device)


def _as_int8(_: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
    """Round a layer's input to 127 steps to the largest value of each position."""
    scale = 127.0 / inputs[0].abs().amax(dim=-1, keepdim=True).clamp(min=1e-9)
    return ((inputs[0] * scale).round() / scale, *inputs[1:])


def _groups(sources: Sequence[Ids]) -> Iterator[list[int]]:
    order = sorted(range(len(sources)), key=lambda i: len(sources[i]))
    for start in range(0, len(order), _BATCH):
        yield order[start : start + _BATCH]
