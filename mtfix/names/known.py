"""The known names that mtfix ships: other spellings of places, organizations and people, read on first use.

The table is made by mtfix.training.known_names; KNOWN_NAMES.md says where its names come from.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from mtfix.names.gazetteer import Match
from mtfix.names.mention import NameMention
from mtfix.names.romanization import fold

_REPLACED, _SUGGESTED = 0.95, 0.7  # how sure a variant is a mistake


class _Listed(NamedTuple):
    kind: str
    match: Match


def find_known(mention: NameMention, persons: frozenset[str]) -> Match | None:
    """Return the shipped name of which a mention is a listed variant, the whole name, articles included.

    persons: the cores of longer names in the document, which a place isn't. A name in capitals is left alone. A place
    may be somebody's surname: what doesn't stand as a place does (in, near) is at most likely.
    """
    listed = _table().get(tuple(fold(token.text) for token in mention.tokens))
    if listed is None or mention.cut or mention.text.isupper():
        return None
    if listed.kind != "person" and (mention.titled or not persons.isdisjoint(mention.cores)):
        return None
    if listed.kind == "place" and not mention.located:
        return Match(listed.match.name, min(listed.match.score, _SUGGESTED))
    return listed.match


@lru_cache(maxsize=1)
def _table() -> dict[tuple[str, ...], _Listed]:
    lines = gzip.decompress((files(__package__) / "known.tsv.gz").read_bytes()).decode().splitlines()
    table = {}
    for kind, name, *variants in (line.split("\t") for line in lines):
        for spellings, score in zip(variants, (_REPLACED, _SUGGESTED), strict=True):
            for spelling in spellings.split("|") if spellings else ():
                table[tuple(map(fold, spelling.split()))] = _Listed(kind, Match(name, score))
    return table
