"""Files of names: reading glossaries and gazetteers, with the line of what can't be used."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from mtfix.names.glossary import key
from mtfix.options import OptionsError

_Entry = tuple[str, Any, str]  # canonical, variants, where it stands
_HEADER = {"canonical", "variants"}
_DELIMITERS = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "bars"}
_WANTED = "write canonical spellings with lists of variants"
_ROW = '{"canonical": "…", "variants": ["…"]}'


def load_names(source: Mapping[str, Sequence[str]] | str | Path, what: str) -> dict[str, tuple[str, ...]]:
    """Return canonical spellings with their variants from a mapping or a file.

    Files: .json and .yaml (mapping: canonical → list of variants, or a list of {"canonical": …, "variants": […]}),
    .jsonl (such an object on each line), .csv or .tsv (header canonical, variants; variants separated by |). `what`
    names the option in messages. Raises OptionsError when the source cannot be read, is not of this form, or gives one
    spelling to two canonical ones.
    """
    if isinstance(source, Mapping):
        return _collect((name, variants, what) for name, variants in source.items())
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
    where = f"{what} {path}"
    if reader is None:
        raise OptionsError(f"{where}: unknown kind of file; use one of {', '.join(readers)}")
    return _collect(reader(_read(path, where), where))


def _read(path: Path, where: str) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise OptionsError(f"{where}: cannot be read ({error.strerror}); give a readable file") from error
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode()
        end = text.find("\0")
    except UnicodeDecodeError as error:
        text, end = "", error.start
    if end >= 0:
        line = (text.encode()[:end] or data[:end]).count(b"\n") + 1
        raise OptionsError(f"{where}, line {line}: not UTF-8; save the file as UTF-8")
    return text


def _json(text: str, where: str) -> Iterator[_Entry]:
    try:
        data = json.loads(text, object_pairs_hook=_Object)
    except json.JSONDecodeError as error:
        raise OptionsError(f"{where}, line {error.lineno}: not valid JSON ({error.msg}); mend the file") from error
    except (RecursionError, ValueError) as error:
        raise OptionsError(f"{where}: nested too deeply, or with too long a number; {_WANTED}") from error
    position = 0

    def here(name: Any) -> str:
        nonlocal position
        position = max(position, text.find(json.dumps(name, ensure_ascii=False, default=str), position))
        return f"{where}, line {text.count(chr(10), 0, position) + 1}"

    if isinstance(data, _Object):
        for name, variants in data:
            yield name, variants, here(name)
    elif isinstance(data, list):
        for row in data:
            found = dict(row) if isinstance(row, _Object) else row
            yield _entry(found, here(found.get("canonical") if isinstance(found, dict) else found))
    else:
        raise OptionsError(f"{where}, line 1: not a mapping; {_WANTED}")


class _Object(list[tuple[str, Any]]):
    """A JSON object as pairs: a name that stands twice counts twice."""


def _yaml(text: str, where: str) -> Iterator[_Entry]:
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if isinstance(node, yaml.SequenceNode):
            for part in node.value:
                here = f"{where}, line {part.start_mark.line + 1}"
                yield _entry(_built(loader, part, here), here)
        elif node is not None:
            if not isinstance(node, yaml.MappingNode) or node.tag != "tag:yaml.org,2002:map":
                raise OptionsError(f"{where}, line {node.start_mark.line + 1}: not a mapping; {_WANTED}")
            for name, variants in node.value:
                here = f"{where}, line {name.start_mark.line + 1}"
                yield _built(loader, name, here), _built(loader, variants, here), here
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise OptionsError(f"{where}{line}: not valid YAML; mend the file") from error
    except RecursionError as error:
        raise OptionsError(f"{where}, line {loader.line + 1}: nested too deeply; {_WANTED}") from error
    finally:
        loader.dispose()


def _built(loader: yaml.SafeLoader, node: yaml.Node, here: str) -> Any:
    try:
        return loader.construct_object(node, deep=True)
    except (ValueError, TypeError) as error:  # a date with a month 13, a mapping as a key
        raise OptionsError(f"{here}: not a name ({error}); {_WANTED}") from error


def _jsonl(text: str, where: str) -> Iterator[_Entry]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            here = f"{where}, line {number}"
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise OptionsError(f"{here}: not valid JSON ({error.msg}); mend the line") from error
            except (RecursionError, ValueError) as error:
                raise OptionsError(f"{here}: nested too deeply, or with too long a number; write {_ROW}") from error
            yield _entry(row, here)


def _entry(row: Any, here: str) -> _Entry:
    if not isinstance(row, dict) or "canonical" not in row:
        raise OptionsError(f'{here}: no "canonical"; write {_ROW}')
    return row["canonical"], row.get("variants"), here


def _table(text: str, where: str) -> Iterator[_Entry]:
    lines = list(io.StringIO(text, newline=""))
    skipped = next((number for number, line in enumerate(lines) if line.strip()), 0)
    delimiter = _delimiter(lines[skipped] if lines else "", f"{where}, line {skipped + 1}")
    rows = csv.reader(lines[skipped:], delimiter=delimiter, strict=True)
    header: list[str] = []
    while rows.line_num < len(lines) - skipped:
        here = f"{where}, line {skipped + rows.line_num + 1}"
        try:
            cells = next(rows)
        except csv.Error as error:
            raise OptionsError(f"{here}: not valid CSV ({error}); mend the row that begins there") from error
        if not header:
            header = _columns(cells)
        elif any(cell.strip() for cell in cells):
            if len(cells) != len(header):
                more = "more" if len(cells) > len(header) else "fewer"
                raise OptionsError(f"{here}: {more} cells than columns; separate variants with |, not {delimiter!r}")
            row = dict(zip(header, cells, strict=True))
            variants = row["variants"].split("|")
            if len(variants) == 1 and ";" in variants[0]:
                raise OptionsError(f"{here}: variants that are separated by ;; separate them with |")
            yield row["canonical"], variants, here


def _delimiter(header: str, here: str) -> str:
    for delimiter, name in _DELIMITERS.items():
        if set(_columns(header.split(delimiter))) >= _HEADER:
            if delimiter not in ",\t":
                raise OptionsError(f"{here}: columns are separated by {name}; separate them with commas or tabs")
            return delimiter
    raise OptionsError(f"{here}: no columns canonical, variants; add this header")


def _columns(cells: Iterable[str]) -> list[str]:
    return [cell.strip().strip('"').lower() for cell in cells]


def _collect(entries: Iterable[_Entry]) -> dict[str, tuple[str, ...]]:
    """Return the entries by canonical spelling; a variant that is its own canonical spelling stays one.

    So an entry that lists only itself differs from one without variants, which is a term not to be touched.
    """
    names: dict[str, tuple[str, ...]] = {}
    canonical: dict[tuple[str, ...], str] = {}
    owners: dict[tuple[str, ...], tuple[str, str, str]] = {}  # matching key → variant, its canonical, where
    for name, given, where in entries:
        if not isinstance(name, str) or not name.strip():
            raise OptionsError(f"{where}: {name!r} is not a name; write a canonical spelling")
        name = name.strip()
        given = () if given is None else given
        if isinstance(given, str) or not isinstance(given, Sequence) or not all(isinstance(v, str) for v in given):
            raise OptionsError(f'{where}: the variants of {name!r} are not a list of strings; write ["…"]')
        if canonical.setdefault(key(name), name) != name:
            raise OptionsError(f"{where}: {name!r} and {canonical[key(name)]!r} are one spelling; keep one")
        variants = tuple(dict.fromkeys(v.strip() for v in given if v.strip()))
        for variant in variants:
            other, owner, _ = owners.setdefault(key(variant), (variant, name, where))
            if owner != name:
                both = repr(variant) if variant == other else f"{variant!r} ({other!r})"
                raise OptionsError(f"{where}: {both} is a variant of both {owner!r} and {name!r}; keep one")
        names[name] = tuple(dict.fromkeys((*names.get(name, ()), *variants)))
    for listed, (variant, name, where) in owners.items():
        if canonical.get(listed, name) != name:
            raise OptionsError(f"{where}: {variant!r} is canonical and a variant of {name!r}; keep one")
    return names
