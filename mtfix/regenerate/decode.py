"""Flagged spans → one candidate each, with the features that the gate decides on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mtfix.detect.tagger import Flagged, Scores
from mtfix.document import Sentence, tokenize
from mtfix.regenerate.marking import Pieces
from mtfix.regenerate.model import SpanModel

#: What the gate sees of a candidate, in this order.
FEATURES = (
    "margin",  # log-probability of the candidate less that of the original, natural logarithm
    "margin per piece",
    "candidate per piece",  # log-probability of the candidate
    "original per piece",
    "wrong",  # the tagger's mean over the span
    "missing",  # its maximum over the span
    "flag",  # the highest of both
    "tokens",
    "growth",  # tokens of the candidate less those of the original
    "deletes",
    "pieces per token",  # high for rare and garbled words
    "new words",  # words of the candidate of over three letters that neither the original nor the sentence has
    "sentence",  # its length in tokens
)


@dataclass(frozen=True)
class Candidate:
    """A replacement for `[start, end)` of a sentence (offsets in the sentence)."""

    start: int
    end: int
    replacement: str
    flag: Flagged
    features: npt.NDArray[np.float64]


def candidates(
    model: SpanModel,
    sentences: Sequence[Sentence],
    contexts: Sequence[str],
    scores: Sequence[Scores],
    flags: Sequence[Sequence[Flagged]],
) -> list[list[Candidate]]:
    """Return for each sentence its candidates; spans that the model would keep give none."""
    places: list[tuple[int, Flagged, int, int]] = []
    sources: list[list[int]] = []
    originals: list[list[int]] = []
    for index, sentence in enumerate(sentences):
        for flag in flags[index]:
            start = sentence.tokens[flag.first].start - sentence.start
            end = sentence.tokens[flag.last].end - sentence.start
            places.append((index, flag, start, end))
            sources.append(model.pieces.mark(sentence.text, start, end, contexts[index]))
            originals.append(_original(model.pieces, sentence.text, start, end))
    found: list[list[Candidate]] = [[] for _ in sentences]
    if not places:
        return found
    limits = [16 * (2 + len(original) * 3 // 32) for original in originals]
    generated = model.generate(sources, limits)
    changed = [i for i, ids in enumerate(generated) if ids != originals[i] and len(ids) < limits[i]]
    if not changed:
        return found
    chosen = [sources[i] for i in changed]
    new_scores = model.score(chosen, [generated[i] for i in changed])
    old_scores = model.score(chosen, [originals[i] for i in changed])
    for i, new, old in zip(changed, new_scores, old_scores, strict=True):
        index, flag, start, end = places[i]
        sentence = sentences[index]
        output = model.pieces.decode(generated[i])
        edit = _placed(sentence.text, start, end, output)
        if edit is None:
            continue
        features = _features(sentence, scores[index], flag, originals[i], generated[i], output, new, old)
        found[index].append(Candidate(*edit, flag, features))
    return found


def _original(pieces: Pieces, text: str, start: int, end: int) -> list[int]:
    space = start == 0 or text[start - 1].isspace()
    return pieces.encode(" " * space + " ".join(text[start:end].split()))


def _placed(text: str, start: int, end: int, output: str) -> tuple[int, int, str] | None:
    """Turn the model's output, with its leading space or without, into an edit of the sentence."""
    spaced = start > 0 and text[start - 1].isspace()
    if start == 0:
        if not output.strip():
            return None
        replacement = output.strip()
    elif spaced and output.startswith(" "):
        replacement = output[1:].rstrip()
    else:
        start, replacement = start - spaced, output.rstrip()
    if start == 0 and replacement[:1].islower() and text[:1].isupper():
        replacement = replacement[0].upper() + replacement[1:]
    return trimmed(text, start, end, replacement) if replacement != text[start:end] else None


def trimmed(text: str, start: int, end: int, replacement: str) -> tuple[int, int, str]:
    """Leave the words out that the original and the replacement share at either side."""
    old, new = tokenize(text[start:end]), tokenize(replacement)
    left = 0
    while left < min(len(old), len(new)) - 1 and old[left].text == new[left].text:
        left += 1
    right = 0
    while right < min(len(old), len(new)) - 1 - left and old[-1 - right].text == new[-1 - right].text:
        right += 1
    begin = old[left].start if left else 0
    new_begin = new[left].start if left else 0
    stop = old[-1 - right].end if right else end - start
    new_stop = new[-1 - right].end if right else len(replacement)
    return start + begin, start + stop, replacement[new_begin:new_stop]


def _features(
    sentence: Sentence,
    scores: Scores,
    flag: Flagged,
    original: list[int],
    generated: list[int],
    output: str,
    new: float,
    old: float,
) -> npt.NDArray[np.float64]:
    tokens = flag.last - flag.first + 1
    words = tokenize(output)
    span = scores[flag.first : flag.last + 1]
    lower = sentence.text.lower()
    fresh = sum(len(w.text) > 3 and w.text.isalpha() and w.text.lower() not in lower for w in words)
    return np.asarray(
        [
            new - old,
            (new - old) / max(len(original), len(generated), 1),
            new / (len(generated) + 1),
            old / (len(original) + 1),
            float(span[:, 0].mean()),
            float(span[:, 1].max()),
            flag.probability,
            tokens,
            len(words) - tokens,
            float(not words),
            len(original) / tokens,
            fresh,
            len(sentence.tokens),
        ],
        np.float64,
    )
