"""Looking full names up among known ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mtfix.document import tokenize
from mtfix.names.mention import NameMention
from mtfix.names.romanization import fold, skeleton, split_article
from mtfix.names.similarity import similarity

_STRONG = 0.9  # similarity of every token from which a full name is taken for a known one
_LIKELY = 0.6  # from which it is suggested
_OTHER_ARTICLE = 0.85  # the most, if an Arabic article stands on one side only


class Match(NamedTuple):
    """The known name that a mention seems to spell, and how sure that is."""

    name: str
    score: float

    @property
    def is_strong(self) -> bool:
        """Whether the mention is changed, not only a change suggested."""
        return self.score >= _STRONG


class Gazetteer:
    """Finds the known name that a mention spells.

    source: the language that the text was translated from, as an ISO 639-1 code or "auto".
    """

    def __init__(self, names: Mapping[str, Sequence[str]], source: str = "auto") -> None:
        self._source = source
        self._exact: dict[tuple[str, ...], set[_Known]] = defaultdict(set)
        self._sounding: dict[tuple[str, ...], set[_Known]] = defaultdict(set)
        #: Core → the known names that it is part of.
        self.parts: dict[str, set[str]] = defaultdict(set)
        for name, variants in names.items():
            _, usual = _parts(name)
            for spelling in (name, *variants):
                cores, articles = _parts(spelling)
                known = _Known(name, cores, frozenset((articles, usual)))
                for core in cores:
                    self.parts[core].add(name)
                self._exact[cores].add(known)
                if len(cores) > 1:
                    self._sounding[tuple(map(skeleton, cores))].add(known)

    def __bool__(self) -> bool:
        return bool(self._exact)

    def __contains__(self, mention: NameMention) -> bool:
        """Whether a spelling is listed, articles aside, be it that of several names."""
        return _parts(mention.text)[0] in self._exact

    def find(self, mention: NameMention) -> Match | None:
        """Return the one known name that a mention can spell, None if there are several.

        With an Arabic article where no listed spelling has one, or without one where all have it, it is at most likely.
        """
        cores, articles = _parts(mention.text)
        candidates = self._exact.get(cores, set())
        if not candidates and len(cores) > 1:
            candidates = self._sounding.get(tuple(map(skeleton, cores)), set())
        scores: dict[str, float] = {}
        for known in candidates:
            score = min(similarity(a, b, self._source) for a, b in zip(cores, known.cores, strict=True))
            if articles not in known.articles:
                score = min(score, _OTHER_ARTICLE)
            scores[known.name] = max(score, scores.get(known.name, 0.0))
        likely = [Match(name, score) for name, score in scores.items() if score >= _LIKELY]
        return likely[0] if len(likely) == 1 else None


class _Known(NamedTuple):
    """A listed spelling: the name, its cores, and which of them may have an article."""

    name: str
    cores: tuple[str, ...]
    articles: frozenset[tuple[bool, ...]]


def _parts(name: str) -> tuple[tuple[str, ...], tuple[bool, ...]]:
    """Return the folded tokens without articles, and which had one."""
    split = (split_article(token.text) for token in tokenize(name))
    parts = [(core, bool(article)) for article, rest in split if (core := fold(rest))]
    return tuple(core for core, _ in parts), tuple(article for _, article in parts)
