"""Phrasebooks: YAML files of rules, read and checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from mtfix.detect.pattern import Pattern
from mtfix.detect.replacement import Template
from mtfix.detect.syntax import PatternError
from mtfix.options import OptionsError
from mtfix.result import CATEGORIES, SEVERITIES, Severity

_RULES = Path(__file__).parent.parent / "rules"
_SHARED = _RULES / "_lists.yaml"
_LANGUAGES = {
    "ar": "arabic",
    "ru": "russian",
    "zh": "chinese",
    "es": "spanish",
    "de": "german",
    "fr": "french",
}
_CONTEXTS = ("before", "after", "not_before", "not_after")
_FIELDS = {
    *("id", "pattern", "category", "severity", "confidence", "message", "replacement", "suggestions"),
    *("suspected", "where", "quotes", "density", "good", "bad", *_CONTEXTS),
}
_WHERE = ("heading", "caption", "paragraph")
_QUOTES = ("report", "repair", "skip")


@dataclass(frozen=True, slots=True)
class Example:
    """A text in which a rule must fire and, for a repairing rule, what the text must become."""

    text: str
    repaired: str | None = None


@dataclass(frozen=True)
class Rule:
    """One rule, from a line of a phrasebook; the other fields are documented in `mtfix/rules/general.yaml`."""

    id: str
    pattern: Pattern
    category: str
    severity: Severity
    confidence: float
    message: str
    replacements: tuple[Template, ...]
    suggestions: tuple[Template, ...]
    contexts: Mapping[str, Pattern]
    where: frozenset[str]
    quotes: str
    density: float
    suspected: bool
    good: tuple[Example, ...]
    bad: tuple[str, ...]
    book: Path
    line: int


def phrasebooks(source: str = "auto") -> list[Path]:
    """Return the phrasebooks for a source language: the general one and the language's own.

    `source` is an ISO 639-1 code, with or without a region; "auto" stands for all books, an unknown code for
    the general one alone.
    """
    names = sorted(_LANGUAGES.values()) if source == "auto" else [_LANGUAGES.get(source[:2].lower(), "")]
    return [path for name in ("general", *names) if (path := _RULES / f"{name}.yaml").is_file()]


def phrasebooks_of(languages: Collection[str]) -> list[Path]:
    """Return the languages' own phrasebooks, without the general one."""
    return [_RULES / f"{_LANGUAGES[code]}.yaml" for code in sorted(languages) if code in _LANGUAGES]


def read_phrasebook(path: Path) -> list[Rule]:
    """Read and check the rules of one file.

    Raises OptionsError, naming the file, the line, the rule and what to do, when something is wrong with it.
    """
    book = _load(path)
    shared = _load(_SHARED) if path != _SHARED else {}
    lists = {**(shared.get("lists") or {}), **(book.get("lists") or {})}
    for name, entries in lists.items():
        if not isinstance(entries, (list, dict)):
            raise OptionsError(
                f"{path}: the list {name!r} is no list; write it in [ ] with commas, or in {{ }} to map."
            )
        if any(isinstance(entry, bool) for entry in entries):
            raise OptionsError(f"{path}: the list {name!r} holds yes, no, on or off; put the word in quotes.")
    words = {name: [str(entry) for entry in entries] for name, entries in lists.items()}
    maps = {name: entries for name, entries in lists.items() if isinstance(entries, dict)}
    rules: list[Rule] = []
    seen: set[str] = set()
    for entry in book.get("rules") or []:
        where = f"{path}, line {entry.get('__line__', '?')}, rule {entry.get('id', '(without id)')!r}"
        try:
            rule = _rule(entry, words, maps, path)
        except PatternError as error:
            raise OptionsError(f"{where}: {error}. See the top of mtfix/rules/general.yaml.") from error
        if rule.id in seen:
            raise OptionsError(f"{where}: the id is used twice; give each rule its own.")
        seen.add(rule.id)
        rules.append(rule)
    if not rules:
        raise OptionsError(f"{path}: no rules found; a phrasebook has a list of them under the key 'rules'.")
    return rules


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """A safe loader that notes the line of each rule and refuses keys given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Build a mapping; one with an id gets its line as `__line__`."""
        keys = [key.value for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.YAMLError(f"line {node.start_mark.line + 1}: the key {key!r} stands there twice")
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        if "id" in mapping:
            mapping["__line__"] = node.start_mark.line + 1
        return mapping


def _load(path: Path) -> dict[str, Any]:
    try:
        book = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except OSError as error:
        raise OptionsError(f"{path}: cannot be read ({error.strerror}); check the path.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise OptionsError(f"{path}: not valid YAML ({error}); quote texts that hold ': ' or '#'.") from error
    entries = (book.get("rules") or []) if isinstance(book, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise OptionsError(f"{path}: expected a mapping with a list of rules under the key 'rules'.")
    assert isinstance(book, dict)
    if not isinstance(book.get("lists") or {}, dict):
        raise OptionsError(f"{path}: expected a mapping of names to lists of words under the key 'lists'.")
    return book


def _rule(
    entry: dict[str, Any], lists: Mapping[str, Sequence[str]], maps: Mapping[str, Mapping[str, str]], book: Path
) -> Rule:
    unknown = set(entry) - _FIELDS - {"__line__"}
    if unknown:
        raise PatternError(f"unknown field {', '.join(sorted(map(str, unknown)))}")
    for field in ("id", "pattern", "category", "severity", "message", "good", "bad"):
        if not entry.get(field):
            raise PatternError(f"the field {field!r} is missing or empty")
    _one_of(entry["category"], tuple(CATEGORIES), "category")
    _one_of(entry["severity"], SEVERITIES, "severity")
    _one_of(entry.get("quotes", "report"), _QUOTES, "quotes")
    for kind in _texts(entry, "where"):
        _one_of(kind, _WHERE, "where")
    confidence = entry.get("confidence", 0.8)
    if not isinstance(confidence, (int, float)) or not 0 < confidence <= 1:
        raise PatternError(f"confidence is {confidence!r}; give a probability, above 0 and up to 1")
    density = entry.get("density", 0)
    if not isinstance(density, (int, float)) or density < 0:
        raise PatternError(f"density is {density!r}; give the number of matches per 1,000 words")
    pattern = Pattern(str(entry["pattern"]), lists)
    if pattern.anchor is None or pattern.shortest == 0:
        raise PatternError("the pattern needs a word or a list that every match has, to be found by")
    templates: dict[str, tuple[Template, ...]] = {}
    for field in ("replacement", "suggestions"):
        templates[field] = tuple(Template(text, maps) for text in _texts(entry, field))
        for template in templates[field]:
            template.check({"0", *pattern.names, *map(str, range(1, pattern.groups + 1))})
    return Rule(
        id=str(entry["id"]),
        pattern=pattern,
        category=entry["category"],
        severity=entry["severity"],
        confidence=float(confidence),
        message=str(entry["message"]).strip(),
        replacements=templates["replacement"],
        suggestions=templates["suggestions"],
        contexts={name: Pattern(str(entry[name]), lists) for name in _CONTEXTS if name in entry},
        where=frozenset(_texts(entry, "where")),
        quotes=entry.get("quotes", "report"),
        density=float(density),
        suspected=bool(entry.get("suspected", False)),
        good=_good(entry, bool(templates["replacement"])),
        bad=tuple(_at_least_two(_texts(entry, "bad"), "bad")),
        book=book,
        line=entry["__line__"],
    )


def _good(entry: dict[str, Any], repairing: bool) -> tuple[Example, ...]:
    examples = []
    for item in _at_least_two(entry["good"], "good"):
        if repairing != isinstance(item, dict) or (repairing and set(item) != {"in", "out"}):
            shape = "'in' and 'out', as the rule repairs" if repairing else "a text, as the rule only reports"
            raise PatternError(f"each good example is to be {shape}")
        examples.append(Example(str(item["in"]), str(item["out"])) if repairing else Example(str(item)))
    return tuple(examples)


def _at_least_two(items: Any, field: str) -> list[Any]:
    if not isinstance(items, list) or len(items) < 2:
        raise PatternError(f"the field {field!r} needs at least two examples")
    return items


def _texts(entry: dict[str, Any], field: str) -> list[str]:
    value = entry.get(field, [])
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _one_of(value: Any, known: Sequence[str], field: str) -> None:
    if value not in known:
        raise PatternError(f"{field} is {value!r}; use one of: {', '.join(known)}")
