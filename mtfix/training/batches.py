"""Examples → batches, streamed in chunks; the same chunk number and seed give the same batches."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import torch

from mtfix.regenerate.marking import EOS, PAD, Pieces
from mtfix.training.corpora import Pair, Prose
from mtfix.training.noise import Confusions, noise
from mtfix.training.pairs import TagExample, span_examples, tag_example

Stage = Literal["dense", "spans"]
_CHUNK = 3000  # sentences


class SpanBatch(NamedTuple):
    """Marked sentences (batch × length, padded) and replacements (batch × length, -100 where padded)."""

    source: torch.Tensor
    labels: torch.Tensor


class TagBatch(NamedTuple):
    """Sentences (batch × length) and, for each piece, wrong and missing (batch × length × 2, -1: no label)."""

    source: torch.Tensor
    labels: torch.Tensor


@dataclass(frozen=True)
class Mixture:
    """What training reads: clean prose, corrected pairs, confusions for word-choice noise."""

    clean: Sequence[Prose]
    pairs: Sequence[Pair]
    confusions: Confusions


def batches(
    mixture: Mixture, pieces: Pieces, stage: Stage, chunk: int, seed: int, progress: float, tokens: int = 1800
) -> Iterator[SpanBatch | TagBatch]:
    """Yield the batches of one chunk, of about `tokens` padded pieces each.

    "dense": a noisy sentence is marked whole and to be restored; sentences grow longer with `progress` (0 to
    1). "spans": corrections of real pairs and of noise, correct spans to be kept, one sentence in eight whole,
    and sentences for the tagger.
    """
    rng = random.Random(seed * 1_000_003 + chunk)
    spans: list[tuple[list[int], list[int]]] = []
    tags: list[tuple[list[int], list[list[float]]]] = []
    if stage == "dense":
        longest = 12 + int(28 * min(1.0, 2 * progress))
        while len(spans) < _CHUNK:
            item = rng.choice(mixture.clean)
            if 3 <= len(item.text.split()) <= longest:
                spans.append(_whole(item, mixture.confusions, pieces, rng))
    else:
        for _ in range(_CHUNK):
            real = rng.random() < 0.5
            if real:
                pair = rng.choice(mixture.pairs)
                hypothesis, post_edit, context = pair.hypothesis, pair.post_edit, pair.context
            else:
                item = rng.choice(mixture.clean)
                if len(item.text.split()) < 4:
                    continue
                if rng.random() < 0.25 and len(item.text) < 200:
                    spans.append(_whole(item, mixture.confusions, pieces, rng))
                    continue
                post_edit, context = item.text, item.context
                hypothesis = noise(post_edit, rng, mixture.confusions, rng.choice((0.05, 0.1, 0.15)))
            if rng.random() < 0.5:
                context = ""
            for example in span_examples(hypothesis, post_edit, context, rng):
                source = pieces.mark(example.text, example.start, example.end, example.context)
                spans.append((source, [*pieces.encode(example.target), EOS]))
            if rng.random() < 0.5:
                clean = not real and rng.random() < 0.3
                tagged = tag_example(post_edit if clean else hypothesis, post_edit)
                if tagged:
                    tags.append(tag_pieces(tagged, pieces))
    spans = [item for item in spans if len(item[1]) <= 120]
    made: list[SpanBatch | TagBatch] = [
        span_batch(group) for group in _grouped(spans, [len(s) + len(t) for s, t in spans], tokens)
    ]
    made += [tag_batch(group) for group in _grouped(tags, [len(s) for s, _ in tags], tokens)]
    rng.shuffle(made)
    yield from made


def tag_pieces(example: TagExample, pieces: Pieces) -> tuple[list[int], list[list[float]]]:
    """Return the pieces of a sentence and labels on the first piece of each token."""
    source, begins = pieces.words(example.text, example.tokens)
    labels = [[-1.0, -1.0]] * len(source)
    for begin, wrong, missing in zip(begins, example.wrong, example.missing, strict=False):
        labels[begin] = [wrong, missing]
    return source, labels


def span_batch(group: Sequence[tuple[list[int], list[int]]]) -> SpanBatch:
    """Pad sources and targets."""
    source = torch.full((len(group), max(len(s) for s, _ in group)), PAD)
    labels = torch.full((len(group), max(len(t) for _, t in group)), -100)
    for row, (s, t) in enumerate(group):
        source[row, : len(s)] = torch.tensor(s)
        labels[row, : len(t)] = torch.tensor(t)
    return SpanBatch(source, labels)


def tag_batch(group: Sequence[tuple[list[int], list[list[float]]]]) -> TagBatch:
    """Pad sentences and labels."""
    length = max(len(s) for s, _ in group)
    source = torch.full((len(group), length), PAD)
    labels = torch.full((len(group), length, 2), -1.0)
    for row, (s, marks) in enumerate(group):
        source[row, : len(s)] = torch.tensor(s)
        labels[row, : len(marks)] = torch.tensor(marks)
    return TagBatch(source, labels)


def _whole(item: Prose, confusions: Confusions, pieces: Pieces, rng: random.Random) -> tuple[list[int], list[int]]:
    text = noise(item.text, rng, confusions) if rng.random() < 0.85 else item.text
    context = item.context if rng.random() < 0.3 else ""
    return pieces.mark(text, 0, len(text), context), [*pieces.encode(" " + item.text), EOS]


def _grouped(items: Sequence[object], lengths: Sequence[int], tokens: int) -> Iterator[list]:  # type: ignore[type-arg]
    """Group items of like length so that a group's padded size is about `tokens`."""
    group: list[object] = []
    longest = 0
    for index in sorted(range(len(items)), key=lengths.__getitem__):
        longest = max(longest, lengths[index])
        if group and longest * (len(group) + 1) > tokens:
            yield group
            group, longest = [], lengths[index]
        group.append(items[index])
    if group:
        yield group
