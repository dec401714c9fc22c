"""Entities of many documents → one list of names with their spellings, as a table, CSV or JSON.

The CSV is a glossary: corrected by a person, it goes back in with --glossary. As its variants have the canonical
spelling among them, a correction of that has something to replace; other mentions follow as the document links them.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from mtfix.document import tokenize
from mtfix.names.glossary import key, words
from mtfix.names.romanization import fold, split_article
from mtfix.report.lines import visible
from mtfix.result import Entity

_WIDEST = 60  # characters of a cell in the table


@dataclass
class Name:
    """A name in several documents. spellings: of all its tokens. short: of parts, such as the bare surname."""

    canonicals: Counter[str] = field(default_factory=Counter)
    spellings: Counter[str] = field(default_factory=Counter)
    short: Counter[str] = field(default_factory=Counter)
    documents: int = 0

    @property
    def canonical(self) -> str:
        """The spelling that most documents, and of those most mentions, take for the right one."""
        return max(self.canonicals, key=lambda text: (self.canonicals[text], self.spellings[text], text))

    @property
    def count(self) -> int:
        """The number of mentions."""
        return self.spellings.total() + self.short.total()

    @property
    def variants(self) -> list[str]:
        """The other spellings of the whole name, the most used first."""
        return [text for text, _ in self.spellings.most_common() if text != self.canonical]

    @property
    def varies(self) -> bool:
        """Whether it is spelt in several ways, as a whole or in a part."""
        return bool(self.variants) or not _letters(" ".join(self.short)) <= _letters(self.canonical)


def _letters(name: str) -> set[str]:
    return {split_article(token)[1] for token in name.split()}


def collect(documents: Iterable[Iterable[Entity]]) -> list[Name]:
    """Return the names of documents, the most mentioned first; equal canonical spellings are one name."""
    names: dict[str, Name] = {}
    for entities in documents:
        for entity in entities:
            name = names.setdefault(fold(entity.canonical), Name())
            name.canonicals[entity.canonical] += 1
            name.documents += 1
            tokens = len(entity.canonical.split())
            for text, count in entity.variants.items():
                spelt = " ".join(text.split())
                (name.spellings if len(spelt.split()) == tokens else name.short)[spelt] += count
    return sorted(names.values(), key=lambda name: (-name.count, name.canonical))


def as_table(names: Iterable[Name]) -> str:
    """Return aligned columns: mentions, documents, canonical spelling, other spellings with counts."""
    rows = [("mentions", "documents", "canonical", "other spellings and short forms")]
    for name in names:
        others = [f"{text} ({count})" for text, count in (name.spellings + name.short).most_common()]
        own = f"{name.canonical} ({name.spellings[name.canonical]})"
        listed = ", ".join(other for other in others if other != own)
        rows.append((str(name.count), str(name.documents), visible(name.canonical), visible(listed)))
    width = min(max(len(row[2]) for row in rows), _WIDEST)
    return "".join(f"{a:>8}  {b:>9}  {c:<{width}}  {d}".rstrip() + "\n" for a, b, c, d in rows)


def as_csv(names: Iterable[Name]) -> str:
    """Return CSV with the columns canonical, variants, also, mentions, documents.

    variants: every spelling of the whole name, joined by |. also: what a glossary can't take for the name wherever it
    stands: its parts, what has another article, and spellings that are another row's.
    """
    rows = list(names)
    owners = {key(name.canonical): name for name in reversed(rows)}  # at a tie the most mentioned
    for name in rows:
        for spelling in name.spellings:
            owners.setdefault(key(spelling), name)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("canonical", "variants", "also", "mentions", "documents"))
    for name in rows:
        spellings = list(dict.fromkeys((name.canonical, *name.variants)))
        variants = [s for s in spellings if owners[key(s)] is name and _articles(s) == _articles(name.canonical)]
        also = [s for s in spellings if s not in variants]
        row = (name.canonical, "|".join(variants), "|".join((*also, *name.short)), name.count, name.documents)
        writer.writerow(row)
    return text.getvalue()


def _articles(name: str) -> list[str]:
    return [word.article for word in words(tuple(tokenize(name)))]


def as_json(names: Iterable[Name]) -> str:
    """Return a JSON list of objects: canonical, spellings and short forms with counts, mentions, documents."""
    rows = [
        {
            "canonical": name.canonical,
            "spellings": dict(name.spellings.most_common()),
            "short": dict(name.short.most_common()),
            "mentions": name.count,
            "documents": name.documents,
        }
        for name in names
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
