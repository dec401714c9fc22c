"""The default backend: CTranslate2, int8 on the CPU."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ctranslate2
import numpy as np
import numpy.typing as npt

from mtfix.regenerate.marking import PAD, Pieces
from mtfix.regenerate.model import CT2_DECODER, CT2_ENCODER, PIECES, Ids, ModelFolder

_BATCH_PIECES = 4096


class CTranslate2Model:
    """A span model whose encoder and decoder run in CTranslate2; thread-safe."""

    def __init__(self, folder: ModelFolder, device: str = "cpu", threads: int = 0) -> None:
        """Load the weights; `threads` of 0 leaves the number to CTranslate2."""
        self.pieces = Pieces(folder.path / PIECES)
        load: dict[str, Any] = {"device": device, "intra_threads": threads, "compute_type": "int8"}
        self._encoder = ctranslate2.Encoder(str(folder.path / CT2_ENCODER), **load)
        self._decoder = ctranslate2.Translator(str(folder.path / CT2_DECODER), **load)
        self._weight, self._bias = folder.heads()

    def tag(self, sources: Sequence[Ids]) -> list[npt.NDArray[np.float32]]:
        """See `SpanModel.tag`."""
        found: list[npt.NDArray[np.float32]] = [np.zeros((0, 2), np.float32)] * len(sources)
        for group in _groups(sources):
            longest = max(len(sources[i]) for i in group)
            padded = [[*sources[i], *[PAD] * (longest - len(sources[i]))] for i in group]
            lengths = np.asarray([len(sources[i]) for i in group], np.int32)
            ids = ctranslate2.StorageView.from_array(np.asarray(padded, np.int32))
            output = self._encoder.forward_batch(ids, ctranslate2.StorageView.from_array(lengths))
            hidden = np.asarray(output.last_hidden_state.to(ctranslate2.DataType.float32))
            probabilities = 1 / (1 + np.exp(-(hidden @ self._weight.T + self._bias)))
            for row, index in enumerate(group):
                found[index] = probabilities[row, : len(sources[index])].astype(np.float32)
        return found

    def generate(self, sources: Sequence[Ids], longest: Sequence[int]) -> list[list[int]]:
        """See `SpanModel.generate`."""
        found: list[list[int]] = [[] for _ in sources]
        for limit in sorted(set(longest)):
            chosen = [i for i in range(len(sources)) if longest[i] == limit]
            results = self._decoder.translate_batch(
                [self.pieces.texts(list(sources[i])) for i in chosen],
                beam_size=1,
                min_decoding_length=0,  # a deletion is an answer
                max_decoding_length=limit,
                max_batch_size=_BATCH_PIECES,
                batch_type="tokens",
            )
            for index, result in zip(chosen, results, strict=True):
                found[index] = [self.pieces.processor.piece_to_id(p) for p in result.hypotheses[0]]
        return found

    def score(self, sources: Sequence[Ids], targets: Sequence[Ids]) -> list[float]:
        """See `SpanModel.score`."""
        results = self._decoder.score_batch(
            [self.pieces.texts(list(s)) for s in sources],
            [self.pieces.texts(list(t)) for t in targets],
            max_batch_size=_BATCH_PIECES,
            batch_type="tokens",
        )
        return [float(sum(result.log_probs)) for result in results]


def _groups(sources: Sequence[Ids]) -> list[list[int]]:
    """Group sentences of like length, each group of at most `_BATCH_PIECES` padded pieces."""
    groups: list[list[int]] = []
    for index in sorted(range(len(sources)), key=lambda i: len(sources[i])):
        if groups and len(sources[index]) * (len(groups[-1]) + 1) <= _BATCH_PIECES:
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups
