"""A whole corpus: reader → engine → writer, counted row by row."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath
from typing import BinaryIO, Literal

from tqdm import tqdm

from mtfix.batch.engine import Load, Outcome, Repairer, repair_rows
from mtfix.batch.readers import Row, read_jsonl_rows, read_text_rows
from mtfix.batch.writers import Rejects, json_line, jsonl_row, text_row
from mtfix.files import InputError, codec_name
from mtfix.names.registry import Registry
from mtfix.result import Entity

Kind = Literal["jsonl", "text"]

_SUFFIXES: dict[str, Kind] = {".jsonl": "jsonl", ".ndjson": "jsonl", ".txt": "text"}


@dataclass
class Summary:
    """Counts of a run."""

    rows: int = 0
    changed: int = 0
    rejected: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        share = f" ({self.changed / self.rows:.1%})" if self.rows else ""
        speed = f", {self.rows / self.seconds:,.1f} rows/s" if self.seconds else ""
        return f"{self.rows:,} rows, {self.changed:,} changed{share}, {self.rejected:,} rejected{speed}"


def format_of(source: str, target: str) -> Kind:
    """Return the format that the file names tell.

    Raises InputError when they tell none, or two.
    """
    kinds = {kind for path in (source, target) if (kind := _SUFFIXES.get(PurePath(path).suffix.lower()))}
    if len(kinds) != 1:
        problem = "the formats of IN and OUT differ" if kinds else "the file names don't tell the format"
        raise InputError(f"{source}, {target}: {problem}; say --format jsonl or --format text")
    return kinds.pop()


def repair_corpus(
    source: BinaryIO,
    target: BinaryIO,
    load: Load,
    *,
    kind: Kind = "jsonl",
    column: str = "text",
    encoding: str = "utf-8",
    workers: int = 1,
    report: BinaryIO | None = None,
    rejects: str | None = None,
    name: str = "corpus",
    progress: bool = False,
) -> Summary:
    """Repair every row of a corpus, keeping all else byte for byte, and return the counts.

    load: makes the fixer, once per process. report: gets one JSON line of issues and edits per row. rejects:
    file for the numbers of the rows that were left alone, with reasons; standard error without one.

    Raises InputError for a binary file, an encoding that isn't a superset of ASCII, a column that the first
    row lacks, and when a worker dies.
    """
    codec = codec_name(encoding)
    rows = _rows(source, kind, column, codec, name)
    render = partial(jsonl_row if kind == "jsonl" else text_row, encoding=codec)
    summary = Summary()
    began = time.perf_counter()
    with ExitStack() as files:
        rejected = Rejects(rejects, files)
        bar = files.enter_context(
            tqdm(total=_size(source), unit="B", unit_scale=True, disable=not progress, dynamic_ncols=True)
        )
        for row, outcome in repair_rows(rows, load, workers, details=report is not None):
            data, reason = row.data, row.reason
            if outcome is not None:
                reason = outcome.error
                if reason is None and outcome.text != row.text:
                    try:
                        data = render(row, outcome.text)
                    except ValueError as error:  # among them a character that the encoding lacks
                        reason = str(error)
            target.write(data)
            if reason is not None:
                rejected.add(row, reason)
            if report is not None:
                report.write(json_line(_report(row, outcome, reason)))
            summary.rows += 1
            summary.changed += data != row.data
            summary.seconds = time.perf_counter() - began
            bar.set_postfix_str(
                f"{summary.rows / summary.seconds:,.1f} rows/s, {summary.changed / summary.rows:.1%} changed",
                refresh=False,
            )
            bar.update(len(row.data))
        rejected.close()
    summary.rejected = rejected.count
    return summary


def register_names(
    source: BinaryIO, path: Path, fixer: Repairer, kind: Kind, column: str, encoding: str, name: str, progress: bool
) -> None:
    """Count the names of every row in a new registry, which stands under its name only when it is whole.

    Rows that cannot be read have no names here; `repair_corpus` says what is wrong with them.
    """
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        with (
            Registry(part) as registry,
            tqdm(total=_size(source), unit="B", unit_scale=True, desc="names", disable=not progress) as bar,
        ):
            for row in _rows(source, kind, column, codec_name(encoding), name):
                entities: tuple[Entity, ...] = ()
                if row.text is not None:
                    with suppress(Exception):  # one bad row must not stop a corpus: the second pass tells of it
                        entities = fixer.repair(row.text).entities
                registry.add(entities)
                bar.update(len(row.data))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _rows(source: BinaryIO, kind: Kind, column: str, codec: str, name: str) -> Iterator[Row]:
    if "\n{".encode(codec) != b"\n{":
        raise InputError(f"--encoding {codec}: rows can't be told apart in it; convert the corpus to UTF-8 first")
    return read_jsonl_rows(source, name, column, codec) if kind == "jsonl" else read_text_rows(source, name, codec)


def _report(row: Row, outcome: Outcome | None, reason: str | None) -> dict[str, object]:
    if reason is not None:
        return {"row": row.number, "rejected": reason, "issues": [], "edits": []}
    if outcome is None:
        return {"row": row.number, "issues": [], "edits": []}
    return {"row": row.number, "issues": outcome.issues, "edits": outcome.edits}


def _size(source: BinaryIO) -> int | None:
    """The bytes to be read, if the source is a file."""
    try:
        position = source.tell()
        size = source.seek(0, 2)
        source.seek(position)
    except OSError:
        return None
    return size - position
