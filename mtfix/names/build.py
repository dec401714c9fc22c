"""A Wikidata dump or a table of names → a gazetteer of those full names that no other sounds like.

A gazetteer respells what sounds like a known name, so it must not know two people of one sound. Tried with people of
all degrees of fame, of nine names that it would respell in machine translation the references bore out one and spoke
against four: a namesake is meant more often than somebody whom few have written about. Hence the weight: a name is kept
if it weighs enough, and ten times what each of its rivals does.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Any, BinaryIO, NamedTuple

from mtfix.compression import DAMAGE, compression_of, unpacked
from mtfix.document import tokenize
from mtfix.files import InputError, open_input
from mtfix.names.glossary import key
from mtfix.names.lexicon import lexicon
from mtfix.names.romanization import fold, skeleton, split_article
from mtfix.names.similarity import similarity

_HUMAN = "Q5"
_INSTANCE_OF = "P31"
_OF_PLACES = ("P1566", "P1082")  # GeoNames number, population
_OF_ORGANIZATIONS = ("P159", "P749")  # headquarters, parent organization
_RIVAL = 0.6  # similarity of every token from which another name can be meant
_STRONGER = 10  # times the weight of a rival that a name must have
_VARIANT = 0.5  # similarity of every token from which an alias is a spelling of the name


class Known(NamedTuple):
    """A full name, its other spellings, and how well it is known: Wikipedias that have an article, or a count."""

    name: str
    variants: tuple[str, ...]
    weight: int
    person: bool = True  # who is known by a full name only


def read_known(path: str, left_out: Counter[str]) -> Iterator[Known]:
    """Yield the names of a file, plain, .gz or .zst; what can't be used is counted in `left_out` by reason.

    Files: .json or .jsonl, one record a line, of Wikidata entities as in its dumps (people, places and organizations:
    labels and aliases in English or of all languages) or of a glossary, canonical, variants and perhaps count;
    .csv or .tsv with these as columns, variants separated by |. Raises InputError for others, and for a row that can't
    be used.
    """
    compression = compression_of(path)
    suffix = PurePath(path.removesuffix(f".{compression}") if compression else path).suffix.lower()
    readers = {".json": _wikidata, ".jsonl": _wikidata, ".csv": _table, ".tsv": _table}
    if suffix not in readers:
        raise InputError(f"{path}: unknown kind of file; use a Wikidata dump (.json) or a table (.csv, .tsv)")
    with open_input(path) as stream:
        try:
            yield from readers[suffix](unpacked(stream, compression), path, left_out)
        except DAMAGE as error:
            raise InputError(f"{path}: damaged ({error}); get a whole copy") from error


def _wikidata(stream: BinaryIO, path: str, left_out: Counter[str]) -> Iterator[Known]:
    for number, line in enumerate(stream, 1):
        record = line.strip().rstrip(b",")
        if record in (b"", b"[", b"]"):
            continue
        try:
            entity = json.loads(record)
            if "canonical" in entity:
                yield _listed(entity, f"{path}, line {number}")
                continue
            claims = entity.get("claims", {})
            classes = claims.get(_INSTANCE_OF, ())
            kinds = {claim["mainsnak"].get("datavalue", {}).get("value", {}).get("id") for claim in classes}
            labels, others = entity["labels"], entity.get("aliases", {})
            label = (labels.get("en") or labels.get("mul") or {}).get("value", "")
            aliases = tuple(alias["value"] for code in ("en", "mul") for alias in others.get(code, ()))
            weight = len(entity.get("sitelinks", {}))
        except InputError:
            raise
        except (ValueError, KeyError, TypeError, AttributeError):
            left_out["lines that are no Wikidata entity"] += 1
            continue
        person = _HUMAN in kinds
        if not person and not any(claim in claims for claim in (*_OF_PLACES, *_OF_ORGANIZATIONS)):
            left_out["entities that are no people, places or organizations"] += 1
        elif not label:
            left_out["entities without an English name"] += 1
        else:
            yield Known(label, aliases, weight, person)


def _listed(entry: dict[str, Any], where: str) -> Known:
    """Return a record of a glossary."""
    name, variants, weight = entry["canonical"], entry.get("variants") or [], entry.get("count", 1)
    if not isinstance(name, str) or not name.strip():
        raise InputError(f"{where}: no canonical name; write one")
    if not isinstance(variants, list) or not all(isinstance(variant, str) for variant in variants):
        raise InputError(f'{where}: the variants of {name!r} are not a list of strings; write ["…"]')
    if not isinstance(weight, int) or isinstance(weight, bool) or weight < 0:
        raise InputError(f"{where}: the count {weight!r} is no whole number; write one")
    return Known(name.strip(), tuple(variants), weight)


def _table(stream: BinaryIO, path: str, left_out: Counter[str]) -> Iterator[Known]:
    lines = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    delimiter = "\t" if ".tsv" in PurePath(path).suffixes else ","
    rows = csv.DictReader(lines, delimiter=delimiter)
    try:
        if not {"canonical", "variants"} <= set(rows.fieldnames or ()):
            raise InputError(f"{path}, line 1: no columns canonical, variants; add this header")
        for row in rows:
            where = f"{path}, line {rows.line_num}"
            count = (row.get("count") or "1").strip()
            if None in row:
                raise InputError(f"{where}: more cells than columns; separate variants with |, not {delimiter!r}")
            if not (row["canonical"] or "").strip():
                raise InputError(f"{where}: no canonical name; write one")
            if not (count.isascii() and count.isdigit()):
                raise InputError(f"{where}: the count {count!r} is no whole number; write one")
            yield Known(row["canonical"].strip(), tuple((row["variants"] or "").split("|")), int(count[:18]))
    except csv.Error as error:
        raise InputError(f"{path}: the row after line {rows.line_num} can't be read ({error}); mend it") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8; convert the file") from error


def build(known: Iterable[Known], left_out: Counter[str], least: int = 0) -> dict[str, tuple[str, ...]]:
    """Return the names that weigh at least so much and have no rival of their sound, with their other spellings.

    What is left out is counted in `left_out` by reason.
    """
    sounding: dict[tuple[str, ...], list[tuple[tuple[str, ...], Known]]] = defaultdict(list)
    lex = lexicon()
    for entry in known:
        cores = _cores(entry.name)
        if not cores or (entry.person and len(cores) < 2):
            left_out["people of one word, or names not in Latin letters"] += 1
        elif len(cores) == 1 and (lex.is_ordinary(cores[0]) or lex.is_place(cores[0])):
            left_out["names that are English words"] += 1
        else:
            sounding[tuple(map(skeleton, cores))].append((cores, entry))
    names: dict[str, tuple[str, ...]] = {}
    for group in sounding.values():
        group.sort(key=lambda item: (-item[1].weight, item[1].name))
        for cores, entry in group:
            if entry.weight < least:
                left_out["names less known than asked"] += 1
            elif entry.name in names or any(_is_rival(cores, entry, *other) for other in group):
                left_out["names that another sounds like"] += 1
            else:
                spellings = (variant.strip() for variant in entry.variants)
                same = (v for v in spellings if v != entry.name and _alike(cores, _cores(v), _VARIANT))
                names[entry.name] = tuple(dict.fromkeys(same))
    owners = Counter(of for name, variants in names.items() for of in {*map(key, variants), key(name)})
    return {name: tuple(v for v in variants if owners[key(v)] == 1) for name, variants in sorted(names.items())}


def _is_rival(cores: tuple[str, ...], entry: Known, theirs: tuple[str, ...], other: Known) -> bool:
    """Whether a text that seems to name an entry may name another, which is nearly as well known."""
    nearly = max(entry.weight, 1) < _STRONGER * max(other.weight, 1)
    return nearly and other is not entry and _alike(cores, theirs, _RIVAL)


def as_csv(names: dict[str, tuple[str, ...]]) -> str:
    """Return a gazetteer that `--gazetteer` takes."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("canonical", "variants"))
    rows.writerows((name, "|".join(variants)) for name, variants in names.items())
    return text.getvalue()


def _alike(a: tuple[str, ...], b: tuple[str, ...], least: float) -> bool:
    return len(a) == len(b) and all(x == y or similarity(x, y) >= least for x, y in zip(a, b, strict=True))


def _cores(name: str) -> tuple[str, ...]:
    cores = tuple(fold(split_article(token.text)[1]) for token in tokenize(name))
    return tuple(core for core in cores if core.isascii() and len(core) > 1)
