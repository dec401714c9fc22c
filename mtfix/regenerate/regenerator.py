"""The pass that mends what the tagger flags: sentences → scores → candidates → gate → edits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mtfix.detect.tagger import Flagged, Scores, flagged, token_scores
from mtfix.document import Document, Sentence, Token
from mtfix.options import Strength
from mtfix.regenerate.decode import Candidate, candidates
from mtfix.regenerate.explain import explain
from mtfix.regenerate.gate import Gate
from mtfix.regenerate.model import SpanModel
from mtfix.result import Edit, Issue, Rejection

_SURROGATE = re.compile("[\ud800-\udfff]")
_TOKENS = range(4, 120)  # shorter sentences tell too little, longer ones are lists
_REMEMBERED = 20_000  # sentences
_Judged = tuple[tuple[Flagged, ...], tuple[tuple[Candidate, float], ...]]


class Regenerator:
    """Yields edits where the gate takes a candidate for better, rejections where it does not, and issues.

    A sentence is judged once with its context and remembered; threads may share an instance.
    """

    def __init__(self, model: SpanModel, gate: Gate, strength: Strength) -> None:
        """Use `gate` at the threshold of `strength`."""
        self.model = model
        self._gate = gate
        self._threshold = gate.thresholds[strength]
        self._judged: dict[tuple[str, str], _Judged] = {}

    def __call__(self, document: Document) -> Iterator[Issue | Edit | Rejection]:
        """Yield findings in order of their place."""
        chosen: list[Sentence] = []
        contexts: list[str] = []
        for sentence in document.sentences:
            if may_be_mended(document, sentence):
                previous = document.previous(sentence)
                chosen.append(sentence)
                contexts.append(previous.text if previous else "")
        for sentence, (flags, judged) in zip(chosen, self._judge(chosen, contexts), strict=True):
            yield from self._findings(sentence, flags, judged)

    def token_scores(self, tokens: Sequence[str]) -> list[float]:
        """Return for each given token the probability that it is part of an error."""
        text = " ".join(tokens)
        position, places = 0, []
        for token in tokens:
            places.append(Token(position, position + len(token), token))
            position += len(token) + 1
        return [float(p) for p in token_scores(self.model, [(text, places)])[0].max(axis=1, initial=0.0)]

    def _judge(self, sentences: Sequence[Sentence], contexts: Sequence[str]) -> list[_Judged]:
        keys = [(sentence.text, context) for sentence, context in zip(sentences, contexts, strict=True)]
        known = {key: self._judged[key] for key in keys if key in self._judged}
        fresh = [i for i, key in enumerate(keys) if key not in known]
        if fresh:
            if len(self._judged) > _REMEMBERED:
                self._judged.clear()
            found = judge(self.model, self._gate, [sentences[i] for i in fresh], [contexts[i] for i in fresh])
            for i, judged in zip(fresh, found, strict=True):
                known[keys[i]] = self._judged[keys[i]] = judged
        return [known[key] for key in keys]

    def _findings(
        self, sentence: Sentence, flags: Sequence[Flagged], judged: Sequence[tuple[Candidate, float]]
    ) -> Iterator[Issue | Edit | Rejection]:
        answered: set[Flagged] = set()
        for candidate, probability in judged:
            start, end = sentence.start + candidate.start, sentence.start + candidate.end
            text = sentence.text[candidate.start : candidate.end]
            category, message = explain(text, candidate.replacement)
            issue = Issue(
                start,
                end,
                text,
                category,
                "minor",
                round(probability, 3),
                message,
                "model:span",
                (candidate.replacement,),
                suspected=True,
            )
            edit = Edit(start, end, text, candidate.replacement, (issue,))
            if probability >= self._threshold:
                answered.add(candidate.flag)
                yield edit
            else:
                reason = f"the gate gives it {probability:.2f}, and asks for {self._threshold:.2f}"
                yield Rejection(edit, reason)
        for flag in flags:
            if flag.probability >= self._gate.report and flag not in answered:
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


def judge(model: SpanModel, gate: Gate, sentences: Sequence[Sentence], contexts: Sequence[str]) -> list[_Judged]:
    """Return for each sentence what the tagger flags, and the candidates with the gate's probabilities."""
    scores = score_sentences(model, sentences)
    flags = [flagged(score, gate.detect) for score in scores]
    found = candidates(model, sentences, contexts, scores, flags)
    return [
        (
            tuple(flags[i]),
            tuple((candidate, float(gate.probability(candidate.features)[0])) for candidate in found[i]),
        )
        for i in range(len(sentences))
    ]


def score_sentences(model: SpanModel, sentences: Sequence[Sentence]) -> list[Scores]:
    """Score the tokens of sentences of a document."""
    relative = [(s.text, [Token(t.start - s.start, t.end - s.start, t.text) for t in s.tokens]) for s in sentences]
    return token_scores(model, relative)
