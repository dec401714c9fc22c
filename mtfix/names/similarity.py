"""How likely two spellings are one name: a logistic regression over their differences, and trees over its sum.

The regression adds up features of single differences (see features.py); the trees weigh the sum with measures of the
whole pair, since a difference means less in a long name, and more beside others. Both are learned from spellings of one
source token against look-alikes of others (see mtfix.training.names). Edit costs were first learned by Ristad and
Yianilos (1998), in a log-linear model by McCallum, Bellare and Pereira (2005); trees are boosted after Friedman (2001),
on top of another model's output after Wolpert (1992).
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache, partial
from importlib.resources import files
from operator import itemgetter, mul
from typing import Any

from rapidfuzz.distance import Indel, Levenshtein

from mtfix.names.alignment import Difference, differences
from mtfix.names.features import INPUTS, LANGUAGES, MEASURES, inputs, kinds, of_difference, of_shape, shape
from mtfix.names.romanization import fold, skeleton, sounds, split_article

#: The languages with weights of their own, and those that write names as one of them does.
_LANGUAGES = {
    **{code: code for code in LANGUAGES},
    **dict.fromkeys(("fa", "ps", "ur", "ckb"), "ar"),
    **dict.fromkeys(("be", "bg", "kk", "ky", "mk", "sr", "tg", "uk"), "ru"),
    "yi": "he",
}
_UNLIKE = 0.4  # letters in common, of all; tokens with fewer and other initials are no further looked at
_UNHEARD = 0.63  # letters and sounds in common; so too with fewer of both and the same initial, if consonants differ
_MOST_LETTERS = 64  # of a token; longer ones are no names


def similarity(a: str, b: str, source: str = "auto") -> float:
    """Return 0 to 1: how likely two spellings of one token or of a full name are one name.

    source: the ISO 639-1 code of the language that the names were romanized from, if it is known; it is more often
    right then. Case, accents, apostrophes and an Arabic article don't count. Full names are as alike as their least
    alike tokens, paired in order; spellings with unequal numbers of tokens are compared run together. The answer is
    the same for (b, a). It says nothing of two people who share a name. Raises TypeError for what is no string.
    """
    for value, what in ((a, "a name"), (b, "a name"), (source, "a source language such as 'ar'")):
        if not isinstance(value, str):
            raise TypeError(f"similarity wants {what} as a str, not {type(value).__name__}")
    tokens_a, tokens_b = _tokens(a), _tokens(b)
    if tokens_a == tokens_b:
        return float(bool(tokens_a))
    if len(tokens_a) != len(tokens_b):
        tokens_a, tokens_b = ("".join(tokens_a),), ("".join(tokens_b),)
    score, language = shipped(), _LANGUAGES.get(source.lower().partition("-")[0], "")
    return min([score(x, y, language) for x, y in zip(tokens_a, tokens_b, strict=True)])


@lru_cache(maxsize=65536)
def _tokens(name: str) -> tuple[str, ...]:
    return tuple([letters for part in name.split() if (letters := fold(split_article(part)[1]))])


class Scorer:
    """Says how likely two folded tokens are one name.

    weights: of `features` by name. trees: what is added to `bias` for the logit, given the `inputs`; without them, the
    sum of the weights is. A tree is a number, or a list: an input's index, a threshold, and the trees for inputs up to
    it and over it.
    """

    def __init__(self, weights: Mapping[str, float], trees: Sequence[Any] = (), bias: float = 0.0) -> None:
        self._sums = cache(partial(_Sums, weights))
        self._logit = _compiled(trees, bias) if trees else itemgetter(0)
        self._known = lru_cache(maxsize=65536)(self._probability)

    def __call__(self, a: str, b: str, language: str = "") -> float:
        """Return 0 to 1, the same for (b, a). language: one with weights of its own, "" if it is not known."""
        if a == b:
            return float(bool(a))
        if not (a and b) or len(a) > _MOST_LETTERS or len(b) > _MOST_LETTERS:
            return 0.0
        if a[0] != b[0] and Indel.normalized_similarity(a, b) < _UNLIKE:
            return 0.0
        return self._known(a, b, language) if a < b else self._known(b, a, language)

    def _probability(self, a: str, b: str, language: str) -> float:
        if (
            a[0] == b[0]
            and Indel.normalized_similarity(sounds(a), sounds(b)) < _UNHEARD
            and Indel.normalized_similarity(a, b) < _UNHEARD
            and Levenshtein.distance(skeleton(a), skeleton(b)) > 1
        ):
            return 0.0
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, self._logit(self.inputs(a, b, language))))))

    def inputs(self, a: str, b: str, language: str = "") -> tuple[float, ...]:
        """Return what the trees see of two folded tokens: the sum of the weights of their features first."""
        sums = self._sums(language)
        weights, of_kinds = zip(*map(sums.difference, differences(a, b)), strict=True)
        found = inputs(a, b, len(of_kinds))
        total = sums.pair(shape(a, b, of_kinds)) + sum(weights) + sum(map(mul, sums.measures, found))
        return (total, *found)


class _Sums:
    """The weights of a language: those of all and its own. Few differences and few shapes make up most pairs."""

    def __init__(self, weights: Mapping[str, float], language: str) -> None:
        prefix = f"{language} "
        of_all = dict(weights)
        for name, weight in weights.items() if language else ():
            if name.startswith(prefix):
                general = name.removeprefix(prefix)
                of_all[general] = of_all.get(general, 0.0) + weight
        self._contexts: dict[str, dict[str, float]] = defaultdict(dict)  # what a difference is → context → weight
        for name, weight in of_all.items():
            what, mark, context = name.partition("|")
            if mark:
                self._contexts[what][context] = weight
        self.difference = lru_cache(maxsize=65536)(self._difference)
        self.pair = lru_cache(maxsize=65536)(lambda form: sum([of_all.get(name, 0.0) for name in of_shape(form)]))
        self.measures = tuple([of_all.get(name, 0.0) for name in MEASURES])

    def _difference(self, part: Difference) -> tuple[float, str]:
        """Return the weights of a difference, and its kinds."""
        total = 0.0
        for what, contexts in of_difference(part):
            found = self._contexts.get(what)
            if found:
                total += sum([found.get(context, 0.0) for context in contexts])
        return total, kinds(part)


def _compiled(trees: Sequence[Any], bias: float) -> Callable[[Sequence[float]], float]:
    """Return the sum of the trees as a function of the inputs, compiled: much faster than going from node to node."""

    def expression(tree: Any) -> str:
        if not isinstance(tree, list):
            return repr(float(tree))
        index, threshold, below, above = tree
        return f"({expression(below)} if x{int(index)} <= {float(threshold)!r} else {expression(above)})"

    inputs = ", ".join(f"x{index}" for index in range(INPUTS))
    total = " + ".join([repr(float(bias)), *map(expression, trees)])
    made = eval(f"lambda {inputs}: {total}", {"__builtins__": {}})  # numbers alone are put in
    return lambda found: float(made(*found))


@lru_cache(maxsize=1)
def shipped() -> Scorer:
    """Return the scorer with the shipped weights, read on first use."""
    return Scorer(**json.loads((files(__package__) / "scorer.json").read_text(encoding="utf-8")))
