"""The default backend: CTranslate2, int8 on the CPU."""

from __future__ import annotations

from collections.abc import Sequence

import ctranslate2
import numpy as np

from mtfix.regenerate.model import ENCODER, Heads, ModelFolder, Reading
from mtfix.regenerate.operations import Operations
from mtfix.regenerate.wordpieces import WORDPIECES, Encoded, WordPieces

_BATCH_PIECES = 4096


class CTranslate2Tagger:
    """A tagger whose encoder runs in CTranslate2; thread-safe."""

    def __init__(self, folder: ModelFolder, device: str = "cpu", threads: int = 0) -> None:
        """Load the weights; `threads` of 0 leaves the number to CTranslate2."""
        self.pieces = WordPieces(folder.path / WORDPIECES)
        self.operations = Operations.load(folder.path)
        self._heads = Heads.load(folder.path)
        self._encoder = ctranslate2.Encoder(
            str(folder.path / ENCODER), device=device, intra_threads=threads, compute_type="int8"
        )

    def read(self, sentences: Sequence[Encoded]) -> list[Reading]:
        """See `Tagger.read`."""
        found: list[Reading | None] = [None] * len(sentences)
        for group in groups(sentences, _BATCH_PIECES):
            rows = np.asarray([sentences[i].ids for i in group], np.int32)
            ids = ctranslate2.StorageView.from_array(rows)
            lengths = ctranslate2.StorageView.from_array(np.full(len(group), rows.shape[1], np.int32))
            output = self._encoder.forward_batch(ids, lengths)
            hidden = np.asarray(output.last_hidden_state.to(ctranslate2.DataType.float32))
            for row, index in enumerate(group):
                found[index] = self._heads.read(hidden[row], sentences[index])
        return [reading for reading in found if reading is not None]


def groups(sentences: Sequence[Encoded], most: int) -> list[list[int]]:
    """Group sentences of the same length, each group of at most `most` pieces.

    None is padded: padding changes the last digits, int8 layers round those up or down, and a sentence would read
    otherwise in other company.
    """
    made: list[list[int]] = []
    for index in sorted(range(len(sentences)), key=lambda i: len(sentences[i].ids)):
        length = len(sentences[index].ids)
        if made and length == len(sentences[made[-1][0]].ids) and length * (len(made[-1]) + 1) <= most:
            made[-1].append(index)
        else:
            made.append([index])
    return made
