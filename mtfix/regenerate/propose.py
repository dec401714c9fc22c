"""What the tagger reads in a sentence → candidates: runs of edits, each with the features that the gate decides on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mtfix.align import trimmed
from mtfix.document import Sentence, Token
from mtfix.regenerate.model import Reading, Tagger
from mtfix.regenerate.operations import DELETE, KEEP, OTHER, is_spelling_variant, joined, perform

#: What the gate sees of a candidate, in this order.
FEATURES = (
    "least log-probability",  # of its edits
    "mean log-probability",
    "log-odds",  # mean, of an edit against leaving the place as it is
    "edits",
    "deletions",
    "insertions",
    "closed-class replacements",
    "endings",
    "letter case",
    "punctuation",
    "content words",  # deleted or replaced
    "new content words",
    "wrong",  # highest flag among the tokens touched
    "missing",
    "wrong around",  # mean flag of the six tokens around
    "wrong in the sentence",  # mean flag
    "tokens",
    "pieces per token",  # of the tokens touched: high for rare and garbled words
    "first",  # touches the first token
    "gain around",  # how much lower the flags around are after the change
    "gain in the sentence",
    "kept after",  # least probability, after the change, of leaving a touched place as it is
    "wrong after",  # highest flag around, after the change
    "rank",  # logarithm of the highest place in the list of operations, of which the first are the most frequent
)
_AROUND = 3
_Features = npt.NDArray[np.float64]


class Change(NamedTuple):
    """An operation on the token at `place`, or an insertion before it."""

    place: int
    name: str
    inserts: bool
    probability: float
    keep: float


@dataclass(frozen=True)
class Candidate:
    """A replacement for `[start, end)` of a sentence (offsets in the sentence), touching tokens `[first, last]`."""

    start: int
    end: int
    replacement: str
    first: int
    last: int
    features: _Features


def read(tagger: Tagger, sentences: Sequence[Sequence[str]]) -> list[Reading]:
    """Read sentences given as tokens; what lies past the tagger's positions reads as kept and right."""
    encoded = tagger.pieces.encode(sentences)
    return tagger.read(encoded)


def candidates(
    tagger: Tagger, sentences: Sequence[Sentence], readings: Sequence[Reading], detect: float
) -> list[list[Candidate]]:
    """Return for each sentence its candidates: edits of at least the probability `detect`, neighbours also as one."""
    places: list[tuple[int, list[Change], tuple[int, int, str]]] = []
    after: list[list[str]] = []
    spans: list[tuple[int, int]] = []
    for index, (sentence, reading) in enumerate(zip(sentences, readings, strict=True)):
        for run in _runs(_changes(tagger, sentence, reading, detect)):
            edit = _apply(sentence, run)
            if edit is not None:
                new, first, stop = _tokens_after(sentence, run)
                places.append((index, run, edit))
                after.append(new)
                spans.append((first, stop))
    found: list[list[Candidate]] = [[] for _ in sentences]
    if not places:
        return found
    for (index, run, edit), reread, span, tokens in zip(places, read(tagger, after), spans, after, strict=True):
        features = _features(tagger, sentences[index], readings[index], run, reread, span, tokens)
        last = len(sentences[index].tokens) - 1
        found[index].append(Candidate(*edit, min(run[0].place, last), min(run[-1].place, last), features))
    return found


def _changes(tagger: Tagger, sentence: Sentence, reading: Reading, detect: float) -> list[Change]:
    """Return the most probable edit of each token and of each gap, where it reaches `detect` and can be carried out."""
    names, insertions = tagger.operations.token, tagger.operations.gap
    found: list[Change] = []
    readable = len(reading.gap) - 1
    for place in range(min(readable + 1, len(sentence.tokens) + 1)):
        gap = reading.gap[place]
        best = int(gap[2:].argmax()) + 2  # none and other come first
        if gap[best] >= detect:
            found.append(Change(place, insertions[best], True, float(gap[best]), float(gap[0])))
        if place >= min(readable, len(sentence.tokens)):
            continue
        token = reading.token[place]
        word = sentence.tokens[place].text
        for choice in np.argsort(-token)[:3].tolist():
            if token[choice] < detect:
                break
            if _usable(names[choice]) and perform(names[choice], word) not in (None, word):
                found.append(Change(place, names[choice], False, float(token[choice]), float(token[0])))
                break
    return found


def _usable(operation: str) -> bool:
    return operation not in (KEEP, OTHER) and not is_spelling_variant(operation)


def _runs(changes: Sequence[Change]) -> list[list[Change]]:
    """Return each change alone, and those that stand side by side as one."""
    runs: list[list[Change]] = []
    for change in changes:
        if runs and change.place - runs[-1][-1].place <= 1:
            runs[-1].append(change)
        else:
            runs.append([change])
    return [run for run in runs if len(run) <= 8] + [[c] for run in runs if len(run) > 1 for c in run]


def _carried_out(sentence: Sentence, run: Sequence[Change]) -> tuple[int, int, list[str], list[str]]:
    """Return the token range that a run touches, its new tokens, and the insertions before them."""
    first = run[0].place
    last = min(run[-1].place, len(sentence.tokens) - 1)
    new = [t.text for t in sentence.tokens[first : last + 1]]
    before = [""] * len(new)
    for change in run:
        position = change.place - first
        if not change.inserts:
            new[position] = perform(change.name, new[position]) or ""
        elif position < len(new):
            before[position] = change.name
        else:
            new[-1] = f"{new[-1]} {change.name}" if change.name[0].isalnum() else new[-1] + change.name
    return first, last, new, before


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


def _tokens_after(sentence: Sentence, run: Sequence[Change]) -> tuple[list[str], int, int]:
    """Return the sentence's tokens after a run, and the range of those that stand in its place."""
    words = [t.text for t in sentence.tokens]
    if run[0].place >= len(words):
        return [*words, *run[0].name.split()], len(words), len(words) + 1
    first, last, new, before = _carried_out(sentence, run)
    middle = [part for word, insertion in zip(new, before, strict=True) for part in (*insertion.split(), *word.split())]
    if first == 0 and middle and middle[0].islower() and words[0][:1].isupper():
        middle[0] = middle[0][:1].upper() + middle[0][1:]
    return [*words[:first], *middle, *words[last + 1 :]], first, first + len(middle)


def _features(
    tagger: Tagger,
    sentence: Sentence,
    reading: Reading,
    run: Sequence[Change],
    after: Reading,
    span: tuple[int, int],
    new_tokens: Sequence[str],
) -> _Features:
    first, last = run[0].place, run[-1].place
    names, gaps = tagger.operations.token, tagger.operations.gap
    logs = [np.log(max(c.probability, 1e-6)) for c in run]
    words = [t.text for t in sentence.tokens]
    touched = [words[c.place] for c in run if not c.inserts]
    put = [perform(c.name, words[c.place]) or "" for c in run if not c.inserts]
    put += [word for c in run if c.inserts for word in c.name.split()]
    content = sum(_is_content(w) for c, w in zip([c for c in run if not c.inserts], touched, strict=True) if _loses(c))
    wrong = reading.flags[:, 0]
    around = slice(max(0, first - _AROUND), last + _AROUND + 1)
    around_after = slice(max(0, span[0] - _AROUND), span[1] + _AROUND)
    wrong_after = after.flags[:, 0]
    kept = np.concatenate([after.token[span[0] : span[1] + 1, 0], after.gap[span[0] : span[1] + 1, 0]])
    pieces = tagger.pieces.encode([touched or words[max(0, first - 1) : first + 1]])[0]
    return np.asarray(
        [
            min(logs),
            sum(logs) / len(logs),
            sum(np.log(max(c.probability, 1e-6) / max(c.keep, 1e-6)) for c in run) / len(run),
            len(run),
            sum(c.name == DELETE and not c.inserts for c in run),
            sum(c.inserts for c in run),
            sum(c.name.startswith("=") and not c.inserts for c in run),
            sum(c.name.startswith("-") and not c.inserts for c in run),
            sum(c.name in ("lower", "title", "upper") for c in run),
            sum(not word[:1].isalnum() for word in (*touched, *put) if word),
            content,
            sum(_is_content(word) for c, word in zip(run, put, strict=False) if c.name.startswith("=") or c.inserts),
            float(wrong[first : last + 1].max(initial=0.0)),
            float(reading.flags[first : last + 2, 1].max(initial=0.0)),
            float(wrong[around].mean()) if len(wrong[around]) else 0.0,
            float(wrong[:-1].mean()) if len(wrong) > 1 else 0.0,
            len(words),
            (len(pieces.ids) - 2) / max(1, len(touched) or 2),
            float(first == 0),
            float(wrong[around].mean() - wrong_after[around_after].mean()) if len(wrong_after[around_after]) else 0.0,
            float(reading.flags.mean() - after.flags.mean()),
            float(kept.min(initial=1.0)),
            float(wrong_after[around_after].max(initial=0.0)),
            float(np.log1p(max((gaps if c.inserts else names).index(c.name) for c in run))),
        ],
        np.float64,
    )


def _loses(change: Change) -> bool:
    return change.name == DELETE or change.name.startswith("=")


def _is_content(word: str) -> bool:
    return len(word) > 3 and word.isalpha()
