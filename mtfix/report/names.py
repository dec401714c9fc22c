"""Entities of many documents → one list of names with their spellings, as a table, CSV or JSON.

The CSV is a glossary: corrected by a person, it goes back in with --glossary.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from mtfix.names.romanization import fold
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
        """The other spellings, the most used first."""
        return [text for text, _ in self.spellings.most_common() if text != self.canonical]


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
    """Return CSV with the columns canonical, variants (joined by |), short forms, mentions, documents."""
    rows = list(names)
    taken = {name.canonical for name in rows}  # a glossary may list a spelling once: the most mentioned name has it
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("canonical", "variants", "short", "mentions", "documents"))
    for name in rows:
        variants = [variant for variant in name.variants if variant not in taken]
        taken.update(variants)
        writer.writerow((name.canonical, "|".join(variants), "|".join(name.short), name.count, name.documents))
    return text.getvalue()


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
