"""What the tagger reads in a sentence → candidates: runs of edits, each with the features that the gate decides on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mtfix.align import trimmed
from mtfix.document import Sentence, Token
from mtfix.regenerate.features import Features, features
from mtfix.regenerate.model import Reading, Tagger
from mtfix.regenerate.operations import Change, is_spelling_variant, joined, perform


@dataclass(frozen=True)
class Candidate:
    """A replacement for `[start, end)` of a sentence (offsets in the sentence), touching tokens `[first, last]`."""

    start: int
    end: int
    replacement: str
    first: int
    last: int
    features: Features


def read(tagger: Tagger, sentences: Sequence[Sequence[str]]) -> list[Reading]:
    """Read sentences given as tokens; what lies past the tagger's positions reads as kept and right."""
    encoded = tagger.pieces.encode(sentences)
    return tagger.read(encoded)


def candidates(
    tagger: Tagger, sentences: Sequence[Sentence], readings: Sequence[Reading], detect: float
) -> list[list[Candidate]]:
    """Return for each sentence its candidates: edits of at least the probability `detect`, neighbours also as one."""
    found: list[list[Candidate]] = []
    for sentence, reading in zip(sentences, readings, strict=True):
        words, last = [token.text for token in sentence.tokens], len(sentence.tokens) - 1
        found.append(
            [
                Candidate(
                    *edit, min(run[0].place, last), min(run[-1].place, last), features(tagger, words, reading, run)
                )
                for run in _runs(_changes(tagger, sentence, reading, detect))
                if (edit := _apply(sentence, run)) is not None
            ]
        )
    return found


def _changes(tagger: Tagger, sentence: Sentence, reading: Reading, detect: float) -> list[Change]:
    """Return the most probable edit of each token and of each gap, where it reaches `detect` and can be carried out."""
    names, insertions = tagger.operations.token, tagger.operations.gap
    found: list[Change] = []
    readable = min(len(reading.gap) - 1, len(sentence.tokens))
    inserting = reading.gap[: readable + 1, 2:].max(axis=1) >= detect  # none and other come first
    changing = reading.token[:readable, 1:].max(axis=1) >= detect  # keep comes first
    for place in np.flatnonzero(inserting | np.append(changing, False)).tolist():
        if inserting[place]:
            gap = reading.gap[place]
            best = int(gap[2:].argmax()) + 2
            found.append(Change(place, insertions[best], True, float(gap[best]), float(gap[0])))
        if place >= readable:
            continue
        token = reading.token[place]
        word = sentence.tokens[place].text
        for choice in np.argsort(-token)[:3].tolist():
            if token[choice] < detect:
                break
            new = perform(names[choice], word)
            if new is not None and not is_spelling_variant(word, new):
                found.append(Change(place, names[choice], False, float(token[choice]), float(token[0])))
                break
    return found


def _runs(changes: Sequence[Change]) -> list[list[Change]]:
    """Return each change alone, and those that stand side by side as one."""
    runs: list[list[Change]] = []
    for change in changes:
        if runs and change.place - runs[-1][-1].place <= 1:
            runs[-1].append(change)
        else:
            runs.append([change])
    return [run for run in runs if len(run) <= 8] + [[c] for run in runs if len(run) > 1 for c in run]


def _apply(sentence: Sentence, run: Sequence[Change]) -> tuple[int, int, str] | None:
    """Return the edit of whole tokens that a run makes, or None when it changes nothing or leaves nothing to stand."""
    text, tokens = sentence.text, sentence.tokens
    words, before = [t.text for t in tokens], [""] * len(tokens)
    ending = ""
    for change in run:
        if not change.inserts:
            words[change.place] = perform(change.name, words[change.place]) or ""
        elif change.place < len(tokens):
            before[change.place] = change.name
        else:
            ending = f" {change.name}" if change.name[0].isalnum() else change.name
    relative = [Token(t.start - sentence.start, t.end - sentence.start, t.text) for t in tokens]
    changed = joined(text, relative, words, before) + ending
    if run[0].place == 0 and text[:1].isupper():
        changed = changed[:1].upper() + changed[1:]
    old = text[relative[0].start : relative[-1].end]
    if not changed or changed == old or (changed[0] != old[0] and not changed[0].isalnum()):
        return None
    start, end, replacement = trimmed(text, relative[0].start, relative[-1].end, changed)
    return start, end, replacement
