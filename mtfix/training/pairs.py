"""(hypothesis, post-edit) → error spans with their corrections → examples for the regenerator and the tagger."""

from __future__ import annotations

import random
import re
from typing import NamedTuple

from mtfix.align import changes
from mtfix.document import Token, tokenize

_MAX_CHANGED = 0.5  # share of tokens: beyond it a pair is a new translation, not a correction
_MAX_TARGET = 24  # tokens
_MAX_TOKENS = 80
_NUMBER = re.compile(r"\d+")


class Correction(NamedTuple):
    """`hypothesis[start:end]` becomes `target`; token ranges of both sides, and what stands between as it is."""

    start: int
    end: int
    target: str


class SpanExample(NamedTuple):
    """A marked span of a sentence and what should stand there (with its leading space)."""

    text: str
    start: int
    end: int
    context: str
    target: str


class TagExample(NamedTuple):
    """A sentence, its tokens, and for each: 1 if it is wrong; and 1 if something is missing before it."""

    text: str
    tokens: list[Token]
    wrong: list[int]
    missing: list[int]


def corrections(
    hypothesis: str, post_edit: str, rng: random.Random | None = None
) -> tuple[list[Correction], list[Token]]:
    """Return the spans of the hypothesis that the post-edit changes, and the hypothesis' tokens.

    Changes with one token between them are one span; an insertion takes in the token after it (at the end, the
    one before). With `rng`, spans are widened by a token at random.
    """
    source, target = tokenize(hypothesis), tokenize(post_edit)
    ranges: list[list[int]] = []
    for a, b, c, d in changes(source, target):
        if ranges and a - ranges[-1][1] <= 1:
            ranges[-1][1], ranges[-1][3] = b, d
        else:
            ranges.append([a, b, c, d])
    found: list[Correction] = []
    for position, (a, b, c, d) in enumerate(ranges):
        free_left = a - (ranges[position - 1][1] if position else 0)
        free_right = (ranges[position + 1][0] if position + 1 < len(ranges) else len(source)) - b
        insertion = a == b
        if free_right and (insertion or (rng is not None and rng.random() < 0.15)):
            b, d = b + 1, d + 1
        elif free_left and (insertion or (rng is not None and rng.random() < 0.15)):
            a, c = a - 1, c - 1
        if a < b:
            text = post_edit[target[c].start : target[d - 1].end] if c < d else ""
            found.append(Correction(source[a].start, source[b - 1].end, text))
    return found, source


def span_examples(
    hypothesis: str, post_edit: str, context: str, rng: random.Random, most: int = 3, correct: float = 0.3
) -> list[SpanExample]:
    """Return up to `most` examples with one marked span each; a share of `correct` is right as it stands.

    Left out: pairs that are re-translations, and spans whose correction brings in a number or a name that the
    hypothesis and its context do not have.
    """
    found, tokens = corrections(hypothesis, post_edit, rng)
    if not 3 <= len(tokens) <= _MAX_TOKENS or _changed(found, tokens) > _MAX_CHANGED:
        return []
    known = hypothesis + " " + context
    usable = [c for c in found if _grounded(c, known) and len(tokenize(c.target)) <= _MAX_TARGET]
    rng.shuffle(usable)
    examples = [
        SpanExample(hypothesis, c.start, c.end, context, _with_space(hypothesis, c.start, c.target))
        for c in usable[:most]
    ]
    if rng.random() < correct * max(1, len(examples)) / (1 - correct):
        start = rng.randrange(len(tokens))
        stop = min(len(tokens), start + rng.choice((1, 1, 2, 2, 3, 4)))
        begin, end = tokens[start].start, tokens[stop - 1].end
        if all(end < c.start or begin > c.end for c in found):
            target = _with_space(hypothesis, begin, hypothesis[begin:end])
            examples.append(SpanExample(hypothesis, begin, end, context, target))
    return examples


def tag_example(hypothesis: str, post_edit: str) -> TagExample | None:
    """Label the hypothesis' tokens by aligning it with its post-edit; None for a re-translation."""
    source, target = tokenize(hypothesis), tokenize(post_edit)
    wrong, missing = [0] * len(source), [0] * len(source)
    for a, b, _, _ in changes(source, target):
        wrong[a:b] = [1] * (b - a)
        if a == b and source:
            missing[min(a, len(source) - 1)] = 1
    if not 3 <= len(source) <= _MAX_TOKENS or sum(wrong) > 0.7 * len(source):
        return None
    return TagExample(hypothesis, source, wrong, missing)


def _changed(found: list[Correction], tokens: list[Token]) -> float:
    touched = sum(any(c.start <= t.start < c.end for c in found) for t in tokens)
    return touched / max(1, len(tokens))


def _grounded(correction: Correction, known: str) -> bool:
    lower = known.lower()
    if set(_NUMBER.findall(correction.target)) - set(_NUMBER.findall(known)):
        return False
    words = [t.text for t in tokenize(correction.target)]
    return all(word.lower() in lower for word in words[correction.start == 0 :] if word[:1].isupper())


def _with_space(text: str, start: int, target: str) -> str:
    space = start == 0 or text[start - 1].isspace()
    if not target or target[0] in ",.;:!?)]”’%":
        return target
    return " " + target if space else target
