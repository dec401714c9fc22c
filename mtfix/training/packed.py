"""Labelled sentences as arrays: a few bytes a piece, so that millions fit in memory and a batch is a few gathers."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from mtfix.document import Token
from mtfix.regenerate.operations import KEEP, NONE, OTHER, Operations
from mtfix.regenerate.wordpieces import WordPieces
from mtfix.training.labels import Labels

UNKNOWN = -100  # no label for an operation
_NO_FLAG = 255
_FLAG = 200  # stands for a probability of 1
_ARRAYS = ("ids", "first", "token", "gap", "wrong", "missing", "starts")
_ENCODED_AT_ONCE = 2000
Array = npt.NDArray[Any]


class Example(NamedTuple):
    """A sentence with labels for each token and for its end.

    An operation is None where it is not known; `named` is false where only the flags are learned.
    """

    tokens: Sequence[Token]
    token: Sequence[str | None]
    gap: Sequence[str | None]
    wrong: Sequence[float]
    missing: Sequence[float]
    named: bool


def example(labels: Labels, flags: tuple[list[float], list[float]] | None = None, named: bool = True) -> Example:
    """Make an example; without `flags` what is changed is wrong, and where something is inserted it is missing."""
    wrong = [float(name != KEEP) for name in labels.token] + [0.0]
    missing = [float(name != NONE) for name in labels.gap]
    return Example(labels.tokens, labels.token, labels.gap, *(flags or (wrong, missing)), named)


class Batch(NamedTuple):
    """Pieces (batch × length); labels of the three heads at first pieces, -100 or -1 elsewhere."""

    pieces: Array
    token: Array
    gap: Array
    flags: Array


@dataclass(frozen=True)
class Packed:
    """Sentences one behind the other: for each piece its id, whether a token begins with it, and its labels.

    token, gap: index of the operation, -100 where there is none to learn. wrong, missing: probability × 200, 255
    where there is none. starts: where each sentence begins, and the end of the last.
    """

    ids: Array
    first: Array
    token: Array
    gap: Array
    wrong: Array
    missing: Array
    starts: Array

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def lengths(self) -> Array:
        """The number of pieces of each sentence."""
        return np.diff(self.starts)

    def take(self, rows: Sequence[int]) -> Packed:
        """Return some of the sentences, in the order given."""
        bounds = [(int(self.starts[row]), int(self.starts[row + 1])) for row in rows]
        chosen = np.concatenate([np.arange(*b) for b in bounds]) if bounds else np.zeros(0, np.int64)
        starts = np.cumsum([0, *(end - start for start, end in bounds)])
        return _of([getattr(self, name)[chosen] for name in _ARRAYS[:-1]], starts)

    def arrays(self, prefix: str) -> dict[str, Array]:
        """Return the arrays by name, to be stored."""
        return {f"{prefix}.{name}": getattr(self, name) for name in _ARRAYS}

    @classmethod
    def stored(cls, arrays: Mapping[str, Array], prefix: str) -> Packed:
        """Return what `arrays` gave."""
        return cls(**{name: arrays[f"{prefix}.{name}"] for name in _ARRAYS})

    def batch(self, rows: Sequence[int], hidden: float, mask: int, rng: np.random.Generator) -> Batch:
        """Return some of the sentences padded; of their tokens a share `hidden` reads as `mask` and is not asked."""
        starts, lengths = self.starts[list(rows)], self.lengths[list(rows)]
        columns = np.arange(lengths.max())
        inside = columns < lengths[:, None]
        places = np.where(inside, starts[:, None] + columns, 0)

        def padded(values: Array, outside: int, kind: type) -> Array:
            return np.where(inside, values[places], outside).astype(kind)

        pieces, token = padded(self.ids, 0, np.int64), padded(self.token, UNKNOWN, np.int64)
        gap = padded(self.gap, UNKNOWN, np.int64)
        flags = np.stack([padded(self.wrong, _NO_FLAG, np.float32), padded(self.missing, _NO_FLAG, np.float32)], -1)
        flags = np.where(flags == _NO_FLAG, -1.0, flags / _FLAG).astype(np.float32)
        if hidden:
            words = np.cumsum(padded(self.first, 0, np.int64), axis=1)
            drawn = rng.random((len(starts), int(words.max()) + 1)) < hidden
            gone = np.take_along_axis(drawn, words, 1) & (words > 0) & (columns < lengths[:, None] - 1)
            pieces[gone], token[gone], flags[gone, 0] = mask, UNKNOWN, -1.0
        return Batch(pieces, token, gap, flags)


def joined(parts: Sequence[Packed]) -> Packed:
    """Return several packs as one."""
    starts = np.cumsum([0, *itertools.chain.from_iterable(part.lengths.tolist() for part in parts)])
    return _of([np.concatenate([getattr(part, name) for part in parts]) for name in _ARRAYS[:-1]], starts)


def pack(items: Iterable[Example], pieces: WordPieces, operations: Operations) -> Packed:
    """Encode examples; those of more pieces than the tagger reads are left out."""
    token_index = {name: i for i, name in enumerate(operations.token)}
    gap_index = {name: i for i, name in enumerate(operations.gap)}
    found = [_packed(items, pieces, token_index, gap_index) for items in _groups(items)]
    return joined(found or [_empty()])


def _groups(items: Iterable[Example]) -> Iterator[list[Example]]:
    stream = iter(items)
    while group := list(itertools.islice(stream, _ENCODED_AT_ONCE)):
        yield group


def _packed(
    items: Sequence[Example], pieces: WordPieces, token_index: Mapping[str, int], gap_index: Mapping[str, int]
) -> Packed:
    encoded = pieces.encode([[token.text for token in item.tokens] for item in items])
    kept = [(i, e) for i, e in zip(items, encoded, strict=True) if len(e.begins) == len(i.tokens) + 1]
    starts = np.cumsum([0, *(len(e.ids) for _, e in kept)])
    total = int(starts[-1])
    packed = Packed(
        np.fromiter(itertools.chain.from_iterable(e.ids for _, e in kept), np.uint16, total),
        np.zeros(total, np.bool_),
        np.full(total, UNKNOWN, np.int16),
        np.full(total, UNKNOWN, np.int16),
        np.full(total, _NO_FLAG, np.uint8),
        np.full(total, _NO_FLAG, np.uint8),
        starts,
    )
    for start, (item, (_, begins)) in zip(starts, kept, strict=False):
        places = np.asarray(begins) + start
        packed.first[places[:-1]] = True
        if item.named:
            packed.token[places[:-1]] = _indices(item.token, token_index)
            packed.gap[places] = _indices(item.gap, gap_index)
        packed.wrong[places[:-1]] = np.round(np.asarray(item.wrong[:-1]) * _FLAG)
        packed.missing[places] = np.round(np.asarray(item.missing) * _FLAG)
    return packed


def _indices(names: Sequence[str | None], index: Mapping[str, int]) -> list[int]:
    return [UNKNOWN if name is None else index.get(name, index[OTHER]) for name in names]


def _empty() -> Packed:
    kinds = (np.uint16, np.bool_, np.int16, np.int16, np.uint8, np.uint8)
    return _of([np.zeros(0, kind) for kind in kinds], np.zeros(1, np.int64))


def _of(pieces: Sequence[Array], starts: Array) -> Packed:
    return Packed(**dict(zip(_ARRAYS, (*pieces, starts), strict=True)))
