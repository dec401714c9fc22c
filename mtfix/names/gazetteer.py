"""Known names: reading glossaries and gazetteers, and looking names up in them."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from mtfix.document import Token, tokenize
from mtfix.names.mention import NameMention, strip_possessive
from mtfix.names.romanization import fold, skeleton, split_article
from mtfix.names.similarity import similarity
from mtfix.options import OptionsError

_STRONG = 0.9  # similarity of every token from which a full name is taken for a known one
_LIKELY = 0.6  # from which it is suggested
_Entry = tuple[str, Any, str]  # canonical, variants, where it stands


def load_names(source: Mapping[str, Sequence[str]] | str | Path, what: str) -> dict[str, tuple[str, ...]]:
    """Return canonical spellings with their variants from a mapping or a file.

    Files: .json (object: canonical → list of variants), .jsonl ({"canonical": …, "variants": […]}), .csv or
    .tsv (header canonical, variants; variants separated by |), .yaml (mapping). `what` names the option in
    messages. Raises OptionsError when the source cannot be read, is not of this form, or gives one variant to
    two canonical spellings.
    """
    if isinstance(source, Mapping):
        return _collect(((name, variants, what) for name, variants in source.items()))
    path = Path(source)
    readers = {
        ".json": _json,
        ".jsonl": _jsonl,
        ".csv": _table,
        ".tsv": _table,
        ".yaml": _yaml,
        ".yml": _yaml,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise OptionsError(f"{what} {path}: unknown kind of file; use one of {', '.join(readers)}")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise OptionsError(f"{what} {path}: cannot be read ({reason}); give a readable UTF-8 file") from error
    return _collect(reader(text, f"{what} {path}"))


def _json(text: str, where: str) -> Iterator[_Entry]:
    try:
        data = json.loads(text, object_pairs_hook=lambda pairs: pairs)  # a name that stands twice counts twice
    except json.JSONDecodeError as error:
        raise OptionsError(f"{where}, line {error.lineno}: not valid JSON ({error.msg}); mend the file") from error
    if not isinstance(data, list) or any(not isinstance(pair, tuple) for pair in data):
        raise OptionsError(f"{where}, line 1: not a mapping; write canonical spellings with lists of variants")
    position = 0
    for name, variants in data:
        position = max(position, text.find(json.dumps(name, ensure_ascii=False), position))
        yield name, variants, f"{where}, line {text.count(chr(10), 0, position) + 1}"


def _yaml(text: str, where: str) -> Iterator[_Entry]:
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is not None and not isinstance(node, yaml.MappingNode):
            raise OptionsError(f"{where}, line 1: not a mapping; write canonical spellings with lists of variants")
        for key, value in node.value if node else ():
            name, variants = (loader.construct_object(part, deep=True) for part in (key, value))
            yield name, variants, f"{where}, line {key.start_mark.line + 1}"
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise OptionsError(f"{where}{line}: not valid YAML; mend the file") from error
    finally:
        loader.dispose()


def _jsonl(text: str, where: str) -> Iterator[_Entry]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            here = f"{where}, line {number}"
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise OptionsError(f"{here}: not valid JSON ({error.msg}); mend the line") from error
            if not isinstance(row, dict) or "canonical" not in row:
                raise OptionsError(f'{here}: no "canonical"; write {{"canonical": "…", "variants": ["…"]}}')
            yield row["canonical"], row.get("variants"), here


def _table(text: str, where: str) -> Iterator[_Entry]:
    lines = text.splitlines()
    delimiter = "\t" if lines and "\t" in lines[0] else ","
    reader = csv.DictReader(lines, delimiter=delimiter)
    if not {"canonical", "variants"} <= set(reader.fieldnames or ()):
        raise OptionsError(f"{where}, line 1: no columns canonical, variants; add this header")
    for row in reader:
        here = f"{where}, line {reader.line_num}"
        if None in row:
            raise OptionsError(f"{here}: more cells than columns; separate variants with |, not {delimiter!r}")
        yield row["canonical"], [v for v in (row["variants"] or "").split("|") if v.strip()], here


def _collect(entries: Iterable[_Entry]) -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    owners: dict[str, str] = {}
    places: dict[str, str] = {}
    for name, given, where in entries:
        if not isinstance(name, str) or not name.strip():
            raise OptionsError(f"{where}: {name!r} is not a name; write a canonical spelling")
        name = name.strip()
        given = () if given is None else given
        if isinstance(given, str) or not isinstance(given, Sequence) or not all(isinstance(v, str) for v in given):
            raise OptionsError(f'{where}: the variants of {name!r} are not a list of strings; write ["…"]')
        variants = tuple(dict.fromkeys(v.strip() for v in given if v.strip() and v.strip() != name))
        for variant in variants:
            places.setdefault(variant, where)
            if owners.setdefault(variant, name) != name:
                raise OptionsError(
                    f"{where}: {variant!r} is a variant of both {owners[variant]!r} and {name!r}; keep one"
                )
        names[name] = tuple(dict.fromkeys((*names.get(name, ()), *variants)))
    for variant, name in owners.items():
        if variant in names:
            raise OptionsError(f"{places[variant]}: {variant!r} is canonical and a variant of {name!r}; keep one")
    return names


class GlossaryMatch(NamedTuple):
    """A listed spelling that stands in a text: its tokens, its end, its canonical spelling."""

    length: int
    end: int
    canonical: str


class Glossary:
    """Finds the variants of a glossary: whole tokens, with or without a possessive, in the listed case."""

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
        # Canonical spellings are looked up too, so that a variant inside one is left alone.
        self._canonical = {
            tuple(token.text for token in map(_with_small_article, tokenize(spelling))): name
            for name, variants in names.items()
            for spelling in (*variants, name)
            if variants
        }
        lengths: dict[str, set[int]] = defaultdict(set)
        for words in self._canonical:
            if words:
                lengths[words[0]].add(len(words))
        self._lengths = {word: sorted(found, reverse=True) for word, found in lengths.items()}

    def __bool__(self) -> bool:
        return bool(self._canonical)

    def match(self, tokens: Sequence[Token], position: int, any_capital: bool) -> GlossaryMatch | None:
        """Return the longest listed spelling that starts at a token.

        any_capital: the place may have given its first letter a capital.
        """
        first = _with_small_article(tokens[position])
        starts = [first, strip_possessive(first)]
        if any_capital:
            starts += [token._replace(text=token.text[0].lower() + token.text[1:]) for token in starts]
        for start in starts:
            for length in self._lengths.get(start.text, ()):
                rest = [_with_small_article(token) for token in tokens[position + 1 : position + length]]
                for last in (rest[-1], strip_possessive(rest[-1])) if rest else (start,):
                    words = (start, *rest[:-1], last) if rest else (start,)
                    canonical = self._canonical.get(tuple(token.text for token in words))
                    if canonical:
                        return GlossaryMatch(length, last.end, canonical)
        return None


class Gazetteer:
    """Finds the known name that a mention spells."""

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
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
            score = min(similarity(a, b) for a, b in zip(cores, known, strict=True))
            scores[name] = max(score, scores.get(name, 0.0))
        likely = {name: score for name, score in scores.items() if score >= _LIKELY}
        return next(iter(likely.items())) if len(likely) == 1 else None

    @staticmethod
    def is_strong(score: float) -> bool:
        """Whether a match of this score is changed, not only suggested."""
        return score >= _STRONG


def _with_small_article(token: Token) -> Token:
    article, rest = split_article(token.text)
    return token._replace(text=article.lower() + rest)


def _cores(name: str) -> tuple[str, ...]:
    return tuple(core for token in tokenize(name) if (core := fold(split_article(token.text)[1])))
