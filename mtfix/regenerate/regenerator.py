"""The pass that mends what the tagger finds: sentences → readings → candidates → gate → edits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from mtfix.detect.tagger import Flagged, flagged
from mtfix.document import Document, Sentence
from mtfix.options import Strength
from mtfix.regenerate.explain import explain
from mtfix.regenerate.gate import Gate
from mtfix.regenerate.model import Tagger
from mtfix.regenerate.propose import Candidate, candidates, read
from mtfix.result import Edit, Issue, Rejection

_SURROGATE = re.compile("[\ud800-\udfff]")
_TOKENS = range(4, 120)  # shorter sentences tell too little, longer ones are lists
_REMEMBERED = 20_000  # sentences


class Judged(NamedTuple):
    """What is found in a sentence: flagged runs, and candidates with the gate's probabilities, the surest first."""

    flags: tuple[Flagged, ...]
    candidates: tuple[tuple[Candidate, float], ...]


class Regenerator:
    """Yields edits where the gate takes a candidate for better, rejections where it does not, and issues.

    A sentence is judged once and remembered; threads may share an instance.
    """

    def __init__(self, tagger: Tagger, gate: Gate, strength: Strength) -> None:
        """Use `gate` at the threshold of `strength`."""
        self.tagger = tagger
        self._gate = gate
        self._threshold = gate.thresholds[strength]
        self._judged: dict[str, Judged] = {}

    def __call__(self, document: Document) -> Iterator[Issue | Edit | Rejection]:
        """Yield findings in order of their place."""
        chosen = [sentence for sentence in document.sentences if may_be_mended(document, sentence)]
        for sentence, judged in zip(chosen, self._judge(chosen), strict=True):
            yield from self._findings(sentence, judged)

    def token_scores(self, tokens: Sequence[str]) -> list[float]:
        """Return for each given token the probability that it is part of an error."""
        if not tokens:
            return []
        wrong = read(self.tagger, [tokens])[0].flags[: len(tokens), 0]
        return [float(p) for p in wrong] + [0.0] * (len(tokens) - len(wrong))

    def _judge(self, sentences: Sequence[Sentence]) -> list[Judged]:
        known = {s.text: self._judged[s.text] for s in sentences if s.text in self._judged}
        fresh = list({s.text: s for s in sentences if s.text not in known}.values())
        if fresh:
            if len(self._judged) > _REMEMBERED:
                self._judged.clear()
            for sentence, judged in zip(fresh, judge(self.tagger, self._gate, fresh), strict=True):
                known[sentence.text] = self._judged[sentence.text] = judged
        return [known[s.text] for s in sentences]

    def _findings(self, sentence: Sentence, judged: Judged) -> Iterator[Issue | Edit | Rejection]:
        taken: list[Candidate] = []
        for candidate, probability in judged.candidates:
            start, end = sentence.start + candidate.start, sentence.start + candidate.end
            text = sentence.text[candidate.start : candidate.end]
            category, message = explain(text, candidate.replacement)
            confidence = round(probability, 3)
            suggestions = (candidate.replacement,)
            issue = Issue(
                start, end, text, category, "minor", confidence, message, "model:edits", suggestions, suspected=True
            )
            edit = Edit(start, end, text, candidate.replacement, (issue,))
            if probability < self._threshold:
                yield Rejection(edit, f"the gate gives it {probability:.2f}, and asks for {self._threshold:.2f}")
            elif any(candidate.first <= other.last and other.first <= candidate.last for other in taken):
                yield Rejection(edit, "overlaps a surer edit")
            else:
                taken.append(candidate)
                yield edit
        for flag in judged.flags:
            mended = any(c.first <= flag.last and flag.first <= c.last for c in taken)
            if not mended:
                start, end = sentence.tokens[flag.first].start, sentence.tokens[flag.last].end
                yield Issue(
                    start,
                    end,
                    sentence.text[start - sentence.start : end - sentence.start],
                    "awkward",
                    "minor",
                    round(flag.probability, 3),
                    "The wording here looks mistranslated; no certain repair was found.",
                    "model:tagger",
                    suspected=True,
                )


def may_be_mended(document: Document, sentence: Sentence) -> bool:
    """Whether a sentence is running text of a length that tells something, in characters that are text."""
    return (
        document.blocks[sentence.block].kind == "paragraph"
        and len(sentence.tokens) in _TOKENS
        and not _SURROGATE.search(sentence.text)
    )


def judge(tagger: Tagger, gate: Gate, sentences: Sequence[Sentence]) -> list[Judged]:
    """Return for each sentence what the tagger flags, and the candidates with the gate's probabilities."""
    readings = read(tagger, [[token.text for token in sentence.tokens] for sentence in sentences])
    found = candidates(tagger, sentences, readings, gate.detect)
    judged = []
    for reading, proposed in zip(readings, found, strict=True):
        rows = [candidate.features for candidate in proposed]
        sure = list(zip(proposed, gate.probability(np.stack(rows)).tolist() if rows else (), strict=True))
        sure.sort(key=lambda pair: (-pair[1], pair[0].first, pair[0].last))
        judged.append(Judged(tuple(flagged(reading.flags, gate.report)), tuple(sure)))
    return judged
