"""The neural detector: for each token, how probable it is that it is wrong or that something is missing before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mtfix.document import Token
from mtfix.regenerate.model import SpanModel

Scores = npt.NDArray[np.float32]
_LONGEST = 12  # tokens: what is broken beyond this cannot be mended from the English alone


class Flagged(NamedTuple):
    """A run of tokens `[first, last]` that the tagger takes for part of an error, and how surely (its maximum)."""

    first: int
    last: int
    probability: float


def token_scores(model: SpanModel, sentences: Sequence[tuple[str, Sequence[Token]]]) -> list[Scores]:
    """Score the tokens of sentences; token offsets are relative to the sentence's text.

    Returns for each sentence an array tokens × 2: probability wrong, probability that something is missing
    before. Tokens past the model's positions get 0.
    """
    encoded = [model.pieces.words(text, tokens) for text, tokens in sentences]
    sources, begins = [ids for ids, _ in encoded], [first for _, first in encoded]
    chosen = [i for i, ids in enumerate(sources) if len(ids) > 1]
    scores = [np.zeros((len(tokens), 2), np.float32) for _, tokens in sentences]
    for index, pieces in zip(chosen, model.tag([sources[i] for i in chosen]) if chosen else [], strict=True):
        first = begins[index]
        scores[index][: len(first)] = pieces[first]
    return scores


def flagged(scores: Scores, threshold: float) -> list[Flagged]:
    """Join tokens at or above `threshold`, with at most one token between them, to runs of at most 12 tokens."""
    height = scores.max(axis=1) if len(scores) else np.zeros(0, np.float32)
    runs: list[list[int]] = []
    for index in np.flatnonzero(height >= threshold).tolist():
        if runs and index - runs[-1][1] <= 2:
            runs[-1][1] = index
        else:
            runs.append([index, index])
    return [
        Flagged(first, last, float(height[first : last + 1].max())) for first, last in runs if last - first < _LONGEST
    ]
