"""The closed word lists behind names: titles, particles, places, common English words."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import yaml


class Lexicon(NamedTuple):
    """Word lists in lower case.

    distinct: name → the groups of look-alikes that it belongs to. common: name that many people have → its group, which
    are the spellings of one.
    """

    titles: frozenset[str]
    suffixes: frozenset[str]
    particles: frozenset[str]
    compounds: frozenset[str]
    first_names: frozenset[str]
    openers: frozenset[str]
    calendar: frozenset[str]
    organizations: frozenset[str]
    places: frozenset[str]
    peoples: frozenset[str]
    words: frozenset[str]
    chinese: frozenset[str]
    locatives: frozenset[str]
    distinct: dict[str, frozenset[int]]
    renowned: dict[str, frozenset[int]]
    common: dict[str, int]

    def is_ordinary(self, word: str) -> bool:
        """Whether a word (in lower case), or what it is the plural of, is English and so may be no name."""
        lists = (self.words, self.openers, self.calendar, self.titles, self.organizations)
        return any(word in words or (word.endswith("s") and word[:-1] in words) for words in lists)

    def is_place(self, word: str) -> bool:
        """Whether a word (in lower case) is a country, people or language, or their plural."""
        return word in self.places or (word.endswith("s") and word[:-1] in self.places) or self.is_people(word)

    def is_people(self, word: str) -> bool:
        """Whether a word (in lower case) is a people, a language or a faith, or their plural."""
        return word in self.peoples or (word.endswith("s") and word[:-1] in self.peoples)

    def are_distinct(self, a: str, b: str) -> bool:
        """Whether two names (in lower case) are listed as look-alikes that are never one name."""
        return bool(self.distinct.get(a, frozenset()) & self.distinct.get(b, frozenset()))

    def are_renowned(self, a: str, b: str) -> bool:
        """Whether two surnames (in lower case) are listed as those of two people whom everybody knows."""
        return bool(self.renowned.get(a, frozenset()) & self.renowned.get(b, frozenset()))


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Return the lists, read from lexicon.yaml and words.txt on first use."""
    folder = files(__package__)
    data = yaml.safe_load((folder / "lexicon.yaml").read_text(encoding="utf-8"))
    lines = (folder / "words.txt").read_text(encoding="utf-8").splitlines()
    common = {name: number for number, group in enumerate(data["common"].split()) for name in group.split("/")}
    lists = {
        name: frozenset(text.split()) for name, text in data.items() if name not in ("distinct", "renowned", "common")
    }
    return Lexicon(
        **lists,
        words=frozenset(line for line in lines if not line.startswith("#")),
        distinct=_groups(data["distinct"]),
        renowned=_groups(data["renowned"]),
        common=common,
    )


def _groups(text: str) -> dict[str, frozenset[int]]:
    """Return for each name of "a/b c/d" the numbers of its groups."""
    found: dict[str, frozenset[int]] = {}
    for number, group in enumerate(text.split()):
        for name in group.split("/"):
            found[name] = found.get(name, frozenset()) | {number}
    return found
