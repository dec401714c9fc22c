"""Looking full names up among known ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from mtfix.document import tokenize
from mtfix.names.mention import NameMention
from mtfix.names.romanization import fold, skeleton, split_article
from mtfix.names.similarity import similarity

_STRONG = 0.9  # similarity of every token from which a full name is taken for a known one
_LIKELY = 0.6  # from which it is suggested


class Gazetteer:
    """Finds the known name that a mention spells. source: the language that names were romanized from."""

    def __init__(self, names: Mapping[str, Sequence[str]], source: str = "auto") -> None:
        self._source = source
        self._exact: dict[tuple[str, ...], set[str]] = defaultdict(set)
        self._sounding: dict[tuple[str, ...], set[tuple[tuple[str, ...], str]]] = defaultdict(set)
        #: Core → the known names that it is part of.
        self.parts: dict[str, set[str]] = defaultdict(set)
        for name, variants in names.items():
            for spelling in (name, *variants):
                cores = _cores(spelling)
                for core in cores:
                    self.parts[core].add(name)
                self._exact[cores].add(name)
                if len(cores) > 1:
                    self._sounding[tuple(map(skeleton, cores))].add((cores, name))

    def __bool__(self) -> bool:
        return bool(self._exact)

    def find(self, mention: NameMention) -> tuple[str, float] | None:
        """Return the one known name that a mention can spell and how sure it is, None if several."""
        cores = _cores(mention.text)
        exact = self._exact.get(cores, set())
        if exact:
            return (next(iter(exact)), 1.0) if len(exact) == 1 else None
        if len(cores) < 2:
            return None
        scores: dict[str, float] = {}
        for known, name in self._sounding.get(tuple(map(skeleton, cores)), ()):
            score = min(similarity(a, b, self._source) for a, b in zip(cores, known, strict=True))
            scores[name] = max(score, scores.get(name, 0.0))
        likely = {name: score for name, score in scores.items() if score >= _LIKELY}
        return next(iter(likely.items())) if len(likely) == 1 else None

    @staticmethod
    def is_strong(score: float) -> bool:
        """Whether a match of this score is changed, not only suggested."""
        return score >= _STRONG


def _cores(name: str) -> tuple[str, ...]:
    return tuple(core for token in tokenize(name) if (core := fold(split_article(token.text)[1])))
