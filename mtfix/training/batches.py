"""What the tagger learns from: post-edits, votes of other systems, noise, and English that is right."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import torch

from mtfix.document import Token
from mtfix.regenerate.operations import KEEP, NONE, OTHER, Operations
from mtfix.regenerate.wordpieces import WordPieces
from mtfix.training import corpora
from mtfix.training.consensus import votes
from mtfix.training.labels import Labels, label
from mtfix.training.noise import Confusions, noise

_UNKNOWN = -100  # no label
_CHUNK = 3000  # sentences
_MAX_TOKENS = 90
_SHARES = {"edited": 0.30, "marked": 0.08, "voted": 0.35, "noise": 0.17, "clean": 0.10}
_LAST_SHARES = {"edited": 0.50, "marked": 0.12, "voted": 0.17, "noise": 0.10, "clean": 0.11}
_LAST = 0.3  # share of a run from which on real errors count most, so that probabilities are those of real text
_HIDDEN = 0.05  # share of tokens that the network does not see and is not asked about
_MAX_HTER = 0.6  # share of edited words up to which a post-edit is one, and no new translation
_OUTPUTS = 3  # of each sentence that many systems translated


class Example(NamedTuple):
    """A sentence with labels for each token and for its end.

    An operation is None where it is not known; `named` is false where only the flags are learned.
    """

    tokens: list[Token]
    token: Sequence[str | None]
    gap: Sequence[str | None]
    wrong: list[float]
    missing: list[float]
    named: bool


class Batch(NamedTuple):
    """Pieces (batch × length); labels of the three heads at first pieces, -100 or -1 elsewhere."""

    pieces: torch.Tensor
    token: torch.Tensor
    gap: torch.Tensor
    flags: torch.Tensor


@dataclass(frozen=True)
class Material:
    """Examples by kind; noise is made from the clean sentences as it is needed."""

    edited: Sequence[Example]
    marked: Sequence[Example]
    voted: Sequence[Example]
    clean: Sequence[str]
    confusions: Confusions

    def summary(self) -> str:
        """Return a line that says how much there is of each kind."""
        edits = sum(name not in (KEEP, None) for item in (*self.edited, *self.voted) for name in item.token)
        gaps = sum(name not in (NONE, None) for item in (*self.edited, *self.voted) for name in item.gap)
        return (
            f"{len(self.edited)} post-edits, {len(self.marked)} tagged new translations, {len(self.voted)} outputs "
            f"with votes: {edits} changed tokens, {gaps} insertions; {len(self.clean)} clean sentences, "
            f"{len(self.confusions)} words with near synonyms"
        )


def example(labels: Labels, flags: tuple[list[float], list[float]] | None = None, named: bool = True) -> Example:
    """Make an example; without `flags` what is changed is wrong, and where something is inserted it is missing."""
    wrong = [float(name != KEEP) for name in labels.token] + [0.0]
    missing = [float(name != NONE) for name in labels.gap]
    return Example(labels.tokens, labels.token, labels.gap, *(flags or (wrong, missing)), named)


def read_material(data: Path, confusions: Confusions) -> Material:
    """Read the data files; post-edits of HTER over 0.6 are new translations, of which only the tags are used."""
    edited: list[Example] = []
    marked: list[Example] = []
    for row in corpora.read_rows(data / "mlqe_pe.train.jsonl.gz"):
        labels = label(row["mt"], row["pe"])
        if 2 <= len(labels.tokens) <= _MAX_TOKENS:
            fine = row["hter"] <= _MAX_HTER
            (edited if fine else marked).append(example(labels, tagged_flags(labels.tokens, row), fine))
    rng = random.Random(0)
    voted = [
        Example(vote.tokens, vote.token, vote.gap, [*vote.wrong, 0.0], vote.missing, True)
        for row in corpora.outputs(data)
        for vote in votes(row, rng.sample(range(len(row["mts"])), min(_OUTPUTS, len(row["mts"]))))
        if 4 <= len(vote.tokens) <= _MAX_TOKENS
    ]
    clean = [*corpora.prose(data), *corpora.references(data)]
    return Material(edited, marked, voted, [s for s in clean if 4 <= len(s.split()) <= _MAX_TOKENS], confusions)


def tagged_flags(tokens: Sequence[Token], row: dict[str, Any]) -> tuple[list[float], list[float]] | None:
    """Carry the published tags of a row over to our tokens; None if its tokens are not those of its text."""
    if "mt_tags" not in row or "".join(row["mt_tokens"]) != "".join(row["mt"].split()):
        return None
    bad = [tag == "BAD" for text, tag in zip(row["mt_tokens"], row["mt_tags"], strict=True) for _ in text]
    gaps, place = {}, 0
    for text, tag in zip([*row["mt_tokens"], ""], row["gap_tags"], strict=True):
        gaps[place] = tag == "BAD"
        place += len(text)
    position = [0]
    for char in row["mt"]:
        position.append(position[-1] + (not char.isspace()))
    wrong = [float(any(bad[position[t.start] : position[t.end]])) for t in tokens]
    missing = [float(gaps.get(position[t.start], False)) for t in tokens]
    return [*wrong, 0.0], [*missing, float(gaps.get(place, False))]


def batches(
    material: Material,
    pieces: WordPieces,
    operations: Operations,
    chunk: int,
    seed: int,
    progress: float,
    size: int = 2000,
) -> Iterator[Batch]:
    """Yield the batches of one chunk, of about `size` padded pieces each.

    The same chunk and seed give the same. From `progress` (0 to 1) it depends how much of it is noise.
    """
    rng = random.Random(seed * 1_000_003 + chunk)
    made = list(examples(material, rng, _CHUNK, _SHARES if progress < _LAST else _LAST_SHARES))
    encoded = pieces.encode([[t.text for t in item.tokens] for item in made])
    whole = [i for i, item in enumerate(made) if len(encoded[i].begins) == len(item.tokens) + 1]
    whole.sort(key=lambda i: len(encoded[i].ids))
    groups: list[list[int]] = []
    for i in whole:
        if groups and len(encoded[i].ids) * (len(groups[-1]) + 1) <= size:
            groups[-1].append(i)
        else:
            groups.append([i])
    rng.shuffle(groups)
    token_index = {name: i for i, name in enumerate(operations.token)}
    gap_index = {name: i for i, name in enumerate(operations.gap)}
    for group in groups:
        shape = (len(group), max(len(encoded[i].ids) for i in group))
        batch = Batch(
            torch.zeros(shape, dtype=torch.long),
            torch.full(shape, _UNKNOWN),
            torch.full(shape, _UNKNOWN),
            torch.full((*shape, 2), -1.0),
        )
        for row, i in enumerate(group):
            item, (ids, begins) = made[i], encoded[i]
            batch.pieces[row, : len(ids)] = torch.tensor(ids)
            if item.named:
                batch.token[row, begins[:-1]] = _indices(item.token, token_index)
                batch.gap[row, begins] = _indices(item.gap, gap_index)
            batch.flags[row, begins, 1] = torch.tensor(item.missing)
            batch.flags[row, begins[:-1], 0] = torch.tensor(item.wrong[:-1])
            for first, stop in itertools.pairwise(begins):
                if rng.random() < _HIDDEN:
                    batch.pieces[row, first:stop] = pieces.mask
                    batch.token[row, first], batch.flags[row, first, 0] = _UNKNOWN, -1.0
        yield batch


def _indices(names: Sequence[str | None], index: Mapping[str, int]) -> torch.Tensor:
    return torch.tensor([_UNKNOWN if name is None else index.get(name, index[OTHER]) for name in names])


def examples(
    material: Material, rng: random.Random, count: int, shares: Mapping[str, float] = _SHARES
) -> Iterator[Example]:
    """Draw examples of all kinds that there are, in these shares."""
    pools = {"edited": material.edited, "marked": material.marked, "voted": material.voted}
    pools |= {"noise": material.clean, "clean": material.clean}  # type: ignore[dict-item]
    kinds = [kind for kind in shares if pools[kind]]
    for kind in rng.choices(kinds, [shares[kind] for kind in kinds], k=count):
        if kind in ("noise", "clean"):
            text = rng.choice(material.clean)
            rate = rng.choice((0.03, 0.06, 0.1))
            spoilt = noise(text, rng, material.confusions, rate) if kind == "noise" else text
            yield example(label(spoilt, text))
        else:
            yield rng.choice(pools[kind])
