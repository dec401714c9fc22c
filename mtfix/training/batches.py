"""Material → batches, chunk by chunk: drawn, spoilt, sorted by length; the same for the same seed."""

from __future__ import annotations

import multiprocessing
import random
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from mtfix.regenerate.operations import Operations
from mtfix.regenerate.wordpieces import WordPieces
from mtfix.training.labels import label
from mtfix.training.material import Material
from mtfix.training.noise import noise
from mtfix.training.packed import Batch, Example, example, joined, pack

#: What a run is made of: much of everything but post-edits at first, which are few and soon known by heart; then a
#: short run over them, so that probabilities are those of real text.
MIXES: Mapping[str, Mapping[str, float]] = {
    "broad": {"voted": 0.26, "noise": 0.56, "clean": 0.18},
    "real": {"edited": 0.60, "marked": 0.10, "voted": 0.08, "noise": 0.12, "clean": 0.10},
}
_CHUNK = 3000  # sentences at least; more when batches are large
_RATES = (0.02, 0.04, 0.08)  # errors a word


@dataclass(frozen=True)
class Recipe:
    """How batches are made.

    mix: shares of the kinds of material. size: padded pieces a batch. hidden: share of tokens that the network does not
    see and is not asked about, so that it does not learn post-edits by heart.
    """

    mix: Mapping[str, float]
    size: int = 2000
    seed: int = 1
    hidden: float = 0.05


class Mill:
    """Makes the batches of a chunk from its number alone."""

    def __init__(self, material: Material, pieces: WordPieces, operations: Operations, recipe: Recipe) -> None:
        self._material, self._pieces, self._operations, self._recipe = material, pieces, operations, recipe

    def chunk(self, number: int) -> list[Batch]:
        """Return the batches of a chunk, in random order."""
        recipe = self._recipe
        seed = recipe.seed * 1_000_003 + number
        rng, generator = random.Random(seed), np.random.default_rng(seed)
        clean, pools = self._material.clean, self._material.pools
        kinds = [k for k in recipe.mix if (clean if k in ("noise", "clean") else len(pools.get(k, ())))]
        drawn = rng.choices(kinds, [recipe.mix[kind] for kind in kinds], k=max(_CHUNK, recipe.size // 3))
        parts = [
            pool.take(rng.choices(range(len(pool)), k=drawn.count(kind))) for kind, pool in pools.items() if len(pool)
        ]
        if clean:
            made = [self._from_clean(rng, kind == "noise") for kind in drawn if kind in ("noise", "clean")]
            parts.append(pack(made, self._pieces, self._operations))
        packed = joined(parts)
        order = np.argsort(packed.lengths, kind="stable").tolist()
        groups: list[list[int]] = []
        for row in order:
            if groups and int(packed.lengths[row]) * (len(groups[-1]) + 1) <= recipe.size:
                groups[-1].append(row)
            else:
                groups.append([row])
        rng.shuffle(groups)
        return [packed.batch(group, recipe.hidden, self._pieces.mask, generator) for group in groups]

    def _from_clean(self, rng: random.Random, spoil: bool) -> Example:
        text = rng.choice(self._material.clean)
        spoilt = noise(text, rng, self._material.confusions, rng.choice(_RATES)) if spoil else text
        return example(label(spoilt, text))


def batches(mill: Mill, first: int, workers: int) -> Iterator[tuple[int, Batch]]:
    """Yield the batches of chunk `first` and those after it without end, each with the number of its chunk.

    `workers` processes make them ahead, which changes nothing of what they are; with none they are made here.
    """
    if not workers:
        while True:
            yield from ((first, batch) for batch in mill.chunk(first))
            first += 1
    with multiprocessing.get_context("fork").Pool(workers, _begin, (mill,)) as pool:
        ahead = deque(pool.apply_async(_chunk, (first + i,)) for i in range(2 * workers))
        while True:
            ahead.append(pool.apply_async(_chunk, (first + len(ahead),)))
            yield from ((first, batch) for batch in ahead.popleft().get())
            first += 1


_mill: Mill


def _begin(mill: Mill) -> None:
    global _mill
    _mill = mill


def _chunk(number: int) -> list[Batch]:
    return _mill.chunk(number)
