"""The neural detector: runs of tokens that are probably wrong, or before which something is probably missing."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mtfix.regenerate.model import Array

_LONGEST = 12  # tokens: what is broken beyond this is no finding that an editor could use


class Flagged(NamedTuple):
    """A run of tokens `[first, last]` that the tagger takes for part of an error, and how surely (its maximum)."""

    first: int
    last: int
    probability: float


def flagged(flags: Array, threshold: float) -> list[Flagged]:
    """Join tokens at or above `threshold`, with at most one token between them, to runs of at most 12 tokens.

    `flags` are (tokens + 1) × 2, as a reading has them.
    """
    height = flags[:-1].max(axis=1) if len(flags) > 1 else np.zeros(0, np.float32)
    runs: list[list[int]] = []
    for index in np.flatnonzero(height >= threshold).tolist():
        if runs and index - runs[-1][1] <= 2:
            runs[-1][1] = index
        else:
            runs.append([index, index])
    return [
        Flagged(first, last, float(height[first : last + 1].max())) for first, last in runs if last - first < _LONGEST
    ]
