"""The full names of a corpus, by document in a file, and one spelling for each person: a glossary that makes itself."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from mtfix.document import tokenize
from mtfix.names.alignment import is_vowel
from mtfix.names.glossary import words
from mtfix.names.lexicon import lexicon
from mtfix.names.romanization import fold, skeleton
from mtfix.names.similarity import similarity
from mtfix.names.veto import differ_in_ending
from mtfix.options import OptionsError
from mtfix.result import Entity

_SHORTEST = 4  # letters of a token that may be respelt
_MAJORITY = 2  # times the documents of a variant that its canonical spelling must have
#: How alike tokens that differ must be, and with how many different tokens before it the corpus may have seen the rare
#: one: when only the surname differs and the rest is rare; when another does and the rest is rare; when the surname is.
_SURNAME, _OTHER, _ELSE = (0.5, 3), (0.85, 1), (0.94, 1)
# The row with an empty name says that a document has been read.
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS names (name TEXT, document BLOB, mentions INTEGER NOT NULL, "
    "PRIMARY KEY (name, document)) WITHOUT ROWID"
)
_COUNTS = "SELECT name, COUNT(*), SUM(mentions) FROM names WHERE name != '' GROUP BY name"
_TOGETHER = "SELECT 1 FROM names a JOIN names b ON b.document = a.document WHERE a.name = ? AND b.name = ? LIMIT 1"


@dataclass(frozen=True)
class _Name:
    """A full name with its counts; those that differ in the case of an article alone are one."""

    text: str
    documents: int
    mentions: int

    @cached_property
    def key(self) -> tuple[str, ...]:
        return tuple(word.key for word in words(tuple(tokenize(self.text))) if fold(word.text))

    @cached_property
    def cores(self) -> tuple[str, ...]:
        return tuple(core for word in words(tuple(tokenize(self.text))) if (core := fold(word.text)))

    @cached_property
    def sound(self) -> tuple[str, ...]:
        return tuple(map(skeleton, self.cores))


class Registry:
    """Full names by document in an SQLite file, for as many documents as have been added.

    Raises OptionsError when the file is no registry or cannot be written.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = path
        try:
            self._file = sqlite3.connect(path)
            self._file.execute(_SCHEMA)
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def __enter__(self) -> Registry:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.commit()
        self._file.close()

    def knows(self, texts: Sequence[str]) -> bool:
        """Whether a document with these texts has been added."""
        return bool(self._rows("SELECT 1 FROM names WHERE name = '' AND document = ?", (_digest(texts),)))

    def add(self, texts: Sequence[str], entities: Iterable[Entity]) -> None:
        """Count the full names of a document, each as the document spells it in the end; the same document once."""
        counts: Counter[str] = Counter({"": 0})
        for entity in entities:
            name = " ".join(entity.canonical.split())
            if len(_Name(name, 0, 0).cores) > 1 and name.split()[0].lower() not in lexicon().particles:
                counts[name] += len(entity.mentions)
        document = _digest(texts)
        for name, count in counts.items():
            self._rows("INSERT OR IGNORE INTO names VALUES (?, ?, ?)", (name, document, count))

    def glossary(self, source: str = "auto") -> dict[str, tuple[str, ...]]:
        """Return canonical spellings with their variants, and longer names that must not be taken for one inside them.

        source: the language that the names were romanized from. Two full names of the corpus are one person's if
        the same number of tokens sounds alike, no document names both, and one of the tokens is rare: not known to be
        many people's, and seen here with few others. What differs must be more alike where the rest is not rare.
        The spelling of most documents is canonical, if it has twice as many as the other. A spelling that may be two
        people's is left.
        """
        names = self._names()
        partners: dict[str, set[str]] = defaultdict(set)
        for name in names:
            for slot, core in enumerate(name.cores):
                partners[core].add(name.sound[slot - 1 if slot else 1])
        hubs: dict[tuple[str, ...], list[_Name]] = defaultdict(list)
        variants: dict[str, list[str]] = {}
        for name in names:
            alike = [hub for hub in hubs[name.sound] if _are_one(hub, name, partners, source)]
            if len(alike) == 1 and self._is_usual(alike[0], name):
                variants[alike[0].text].append(name.text)
            else:
                hubs[name.sound].append(name)
                variants[name.text] = []
        longer = {name.text for name in names if len(name.cores) > 2}
        return {name: (name, *found) for name, found in variants.items() if found or name in longer}

    def _names(self) -> list[_Name]:
        """Return the names, the spelling of most documents first, then of most mentions."""
        counted: dict[tuple[str, ...], list[_Name]] = defaultdict(list)
        for row in self._rows(_COUNTS):
            name = _Name(*row)
            counted[name.key].append(name)
        merged = []
        for same in counted.values():
            usual = min(same, key=_rank)
            merged.append(_Name(usual.text, sum(n.documents for n in same), sum(n.mentions for n in same)))
        return sorted(merged, key=_rank)

    def _is_usual(self, hub: _Name, name: _Name) -> bool:
        """Whether a spelling is clearly more usual than another, and no document has both for two people."""
        return hub.documents >= _MAJORITY * name.documents and not self._rows(_TOGETHER, (hub.text, name.text))

    def _rows(self, query: str, values: tuple[Any, ...] = ()) -> list[Any]:
        try:
            return self._file.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def _unusable(self, error: sqlite3.Error) -> OptionsError:
        return OptionsError(f"names registry {self._path}: {error}; name a file that mtfix made, or a new one")


def _rank(name: _Name) -> tuple[int, int, str]:
    return -name.documents, -name.mentions, name.text


def _digest(texts: Sequence[str]) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for text in texts:
        data = text.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.digest()


def _are_one(one: _Name, other: _Name, partners: dict[str, set[str]], source: str) -> bool:
    """Whether two full names of one sound are one person's, by what differs and how rare the name is."""
    pairs = list(zip(one.cores, other.cores, strict=True))
    differing = [slot for slot, (x, y) in enumerate(zip(one.key, other.key, strict=True)) if x != y]
    rest = [pair for slot, pair in enumerate(pairs) if slot not in differing]
    (bar, most), rare = _SURNAME if differing == [len(pairs) - 1] else _OTHER, rest
    if len(differing) > 1 or not any(_is_rare(x, y, partners, most) for x, y in rest):
        (bar, most), rare = _ELSE, pairs[-1:]
    return any(_is_rare(x, y, partners, most) for x, y in rare) and all(
        x == y or (_may_be_one(x, y) and similarity(x, y, source) >= bar) for x, y in pairs
    )


def _is_rare(x: str, y: str, partners: dict[str, set[str]], most: int) -> bool:
    """Whether a token, however spelt, can tell who is meant."""
    lex = lexicon()
    common = any(core in lex.common or lex.is_ordinary(core) or lex.is_place(core) for core in (x, y))
    return not common and min(len(x), len(y)) >= _SHORTEST and len(partners[x] | partners[y]) <= most


def _may_be_one(x: str, y: str) -> bool:
    """Whether nothing speaks against two tokens being spellings of one."""
    lex = lexicon()
    return not (
        min(len(x), len(y)) < _SHORTEST
        or is_vowel(x[0]) != is_vowel(y[0])
        or {x[-3:], y[-3:]} == {"sen", "son"}
        or differ_in_ending(x, y)
        or lex.are_distinct(x, y)
        or (x in lex.common and y in lex.common and lex.common[x] != lex.common[y])
        or any(lex.is_ordinary(core) or lex.is_place(core) for core in (x, y))
    )
