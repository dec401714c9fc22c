"""The full names of a corpus, counted in a file, and the spelling that most of its documents use for each."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from mtfix.names.cluster import differ_in_ending
from mtfix.names.lexicon import lexicon
from mtfix.names.romanization import fold, skeleton, split_article
from mtfix.names.similarity import similarity
from mtfix.options import OptionsError
from mtfix.result import Entity

_ALIKE = 0.95  # similarity of tokens that are spellings of one name wherever they stand
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS names (name TEXT PRIMARY KEY, documents INTEGER NOT NULL, mentions INTEGER NOT NULL)"
)
_ADD = (
    "INSERT INTO names VALUES (?, 1, ?) "
    "ON CONFLICT (name) DO UPDATE SET documents = documents + 1, mentions = mentions + excluded.mentions"
)


class Registry:
    """Counts of full names in an SQLite file, for as many documents as have been added.

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

    def add(self, entities: Iterable[Entity]) -> None:
        """Count the full names of one document, each as the document spells it in the end."""
        counts: dict[str, int] = defaultdict(int)
        for entity in entities:
            if len(_tokens(entity.canonical)) > 1:
                counts[" ".join(entity.canonical.split())] += len(entity.mentions)
        try:
            self._file.executemany(_ADD, sorted(counts.items()))
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def gazetteer(self) -> dict[str, tuple[str, ...]]:
        """Return the canonical spellings with their variants: the spelling of most documents, then of most mentions.

        Two spellings are one name if they have as many tokens and each token is spelt alike or sounds alike.
        """
        try:
            with closing(self._file.execute("SELECT name, documents, mentions FROM names")) as rows:
                counted = sorted(rows, key=lambda row: (-row[1], -row[2], row[0]))
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        canonical: dict[tuple[str, ...], list[str]] = defaultdict(list)
        variants: dict[str, list[str]] = {}
        for name, _, _ in counted:
            tokens = _tokens(name)
            hubs = canonical[tuple(map(skeleton, tokens))]
            hub = next((hub for hub in hubs if _are_one(_tokens(hub), tokens)), None)
            if hub is None:
                hubs.append(name)
                variants[name] = []
            else:
                variants[hub].append(name)
        return {name: tuple(found) for name, found in variants.items() if found}

    def _unusable(self, error: sqlite3.Error) -> OptionsError:
        return OptionsError(f"names registry {self._path}: {error}; name a file that mtfix made, or a new one")


def _tokens(name: str) -> tuple[str, ...]:
    return tuple(core for token in name.split() if (core := fold(split_article(token)[1])))


def _are_one(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    lex = lexicon()
    return all(
        x == y or (not lex.are_distinct(x, y) and not differ_in_ending(x, y) and similarity(x, y) >= _ALIKE)
        for x, y in zip(one, other, strict=True)
    )
