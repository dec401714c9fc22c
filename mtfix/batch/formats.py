"""The formats of corpora as file names and options tell them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal, cast, get_args

from mtfix.compression import Compression, compression_of
from mtfix.files import InputError

Kind = Literal["jsonl", "csv", "tsv", "parquet", "text", "document"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SUFFIXES: dict[Kind, tuple[str, ...]] = {
    "jsonl": (".jsonl", ".ndjson"),
    "csv": (".csv",),
    "tsv": (".tsv",),
    "parquet": (".parquet",),
    "text": (".txt",),
    "document": (".txt",),
}


@dataclass(frozen=True)
class Format:
    """What a file holds (`document`: one text, all of it), and how it is compressed."""

    kind: Kind
    compression: Compression = ""

    def __str__(self) -> str:
        return f"{self.kind}.{self.compression}" if self.compression else self.kind

    def named(self, name: str) -> str:
        """Return a file name with the suffixes of this format in place of its own."""
        path = PurePath(name)
        if compression_of(name):
            path = path.with_suffix("")
        suffix = SUFFIXES[self.kind][0] + (f".{self.compression}" if self.compression else "")
        return str(path.with_suffix(suffix)) if format_of(str(path)) else f"{path}{suffix}"


def format_of(name: str) -> Format | None:
    """Return the format that a file name tells, if it tells one."""
    path = PurePath(name)
    compression = compression_of(name)
    suffix = (path.with_suffix("") if compression else path).suffix.lower()
    kind = next((kind for kind, known in SUFFIXES.items() if suffix in known), None)
    return None if kind is None else _checked(Format(kind, compression), name)


def kind_of(kind: Kind, name: str) -> Format:
    """Return the format of a file whose kind is known; its name tells the compression."""
    return _checked(Format(kind, compression_of(name)), name)


def unknown_suffix(name: str) -> str:
    """Return the suffix of a file name that tells no format, "" if it has none or tells one."""
    path = PurePath(name)
    return "" if format_of(name) else (path.with_suffix("") if compression_of(name) else path).suffix


def known_suffixes(kinds: Sequence[Kind] = KINDS) -> str:
    """Return the suffixes of these formats as messages list them."""
    return ", ".join(dict.fromkeys(suffix for kind in kinds for suffix in SUFFIXES[kind]))


def given_format(value: str, option: str) -> Format:
    """Return the format that an option names: a kind, perhaps with .gz or .zst after it."""
    kind, _, compression = value.partition(".")
    if kind not in KINDS or compression not in get_args(Compression):
        raise InputError(f"{option} {value}: unknown; choose {', '.join(KINDS)}, with .gz or .zst after it if packed")
    return _checked(Format(kind, cast(Compression, compression)), f"{option} {value}")


def _checked(found: Format, where: str) -> Format:
    if found.kind == "parquet" and found.compression:
        raise InputError(f"{where}: Parquet is compressed inside; use a plain .parquet")
    return found
