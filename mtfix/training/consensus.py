"""Many translations of one sentence → labels: where most of the others say the same, this one is wrong.

The errors of translators are their own, what is right they share. So a vote among the outputs of other systems and
the reference, aligned token by token, comes closer to a post-edit than a reference alone, which is worded anew.
The idea is that of system combination (Rosti et al., 2007), with the votes taken as labels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import Indel

from mtfix.document import Token, tokenize
from mtfix.regenerate.operations import DELETE, KEEP, NONE, is_content
from mtfix.training.labels import aligned

_LIKE = 0.5  # token overlap from which another translation has a vote
_LEAST = 3  # votes
_AGREED = 0.65  # share of the votes that names an edit
_KEPT = 0.5  # share of the votes that keeps
_STRAIGHT = str.maketrans("“”„«»‘’", '"""""\'\'')  # the style of quotation marks is no error
_REFERENCE = 2  # votes of a human translation


@dataclass(frozen=True)
class Vote:
    """What the others say of a hypothesis.

    For each token its operation, for each and for the end what is missing before it; None where they do not agree.
    `wrong` and `missing` are 0 or 1 where they agree, and else the share of the votes for a change.
    """

    tokens: list[Token]
    token: list[str | None]
    gap: list[str | None]
    wrong: list[float]
    missing: list[float]


def votes(row: dict[str, Any], chosen: Sequence[int]) -> Iterator[Vote]:
    """Yield what the references and the other outputs of a row say of its outputs `chosen`, where enough are alike."""
    outputs = [tokenize(output["mt"]) for output in row["mts"]]
    texts = [[token.text.translate(_STRAIGHT) for token in tokens] for tokens in outputs]
    weights = [len(output["sys"]) for output in row["mts"]]
    texts += [[token.text.translate(_STRAIGHT) for token in tokenize(reference)] for reference in row["refs"]]
    weights += [_REFERENCE] * len(row["refs"])
    for i in chosen:
        others = [
            (weight, other)
            for j, (weight, other) in enumerate(zip(weights, texts, strict=True))
            if j != i and Indel.normalized_similarity(texts[i], other) >= _LIKE
        ]
        if outputs[i] and sum(weight for weight, _ in others) >= _LEAST and len(others) > 1:
            yield _count(outputs[i], texts[i], others)


def _count(tokens: list[Token], source: Sequence[str], others: Sequence[tuple[int, Sequence[str]]]) -> Vote:
    token: list[Counter[str]] = [Counter() for _ in source]
    gap: list[Counter[str]] = [Counter() for _ in range(len(source) + 1)]
    for weight, other in others:
        for counters, names in zip((token, gap), aligned(source, other), strict=True):
            for counter, name in zip(counters, names, strict=True):
                counter[name] += weight
    total = sum(weight for weight, _ in others)
    token_names, gap_names = [_winner(c, KEEP, total) for c in token], [_winner(c, NONE, total) for c in gap]
    _drop_unsure_runs(source, token_names, gap_names)
    return Vote(
        tokens,
        token_names,
        gap_names,
        [_flag(name, KEEP, 1 - counter[KEEP] / total) for name, counter in zip(token_names, token, strict=True)],
        [_flag(name, NONE, 1 - counter[NONE] / total) for name, counter in zip(gap_names, gap, strict=True)],
    )


def _drop_unsure_runs(source: Sequence[str], token: list[str | None], gap: list[str | None]) -> None:
    """Forget the edits that are parts of another wording.

    Those are the ones beside a place that is not agreed on, and those that take a content word away.
    """
    places = [place for i in range(len(token)) for place in ((gap, i, NONE), (token, i, KEEP))]
    places.append((gap, len(token), NONE))
    begin = 0
    for end in range(len(places) + 1):
        if end == len(places) or places[end][0][places[end][1]] == places[end][2]:
            run = places[begin:end]
            if any(names[i] is None or (names[i] == DELETE and is_content(source[i])) for names, i, _ in run):
                for names, i, _ in run:
                    names[i] = None
            begin = end + 1


def _flag(name: str | None, kept: str, share: float) -> float:
    return share if name is None else float(name != kept)


def _winner(counter: Counter[str], kept: str, total: int) -> str | None:
    if counter[kept] >= _KEPT * total:
        return kept
    name, count = counter.most_common(1)[0]
    return name if name != kept and count >= _AGREED * total else None
