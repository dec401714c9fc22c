"""What is told beside the output: a record of issues and edits for each row, and the rows that were left alone."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, BinaryIO

from mtfix.batch.encoders import JsonlRecords, Record, RecordWriter
from mtfix.batch.formats import SUFFIXES, Format, Kind, format_of, unknown_suffix
from mtfix.batch.job import Outcome
from mtfix.batch.parquet import RecordEncoder, pyarrow
from mtfix.batch.rows import Row
from mtfix.compression import compression_of
from mtfix.files import InputError


def sidecar_format(name: str, kinds: Sequence[Kind] = ("jsonl", "parquet")) -> Format:
    """Return the format that the name of a sidecar tells, JSON Lines if it tells none.

    Raises InputError when it is none of these kinds.
    """
    told = format_of(name)
    if unknown_suffix(name) or (told is not None and told.kind not in kinds):
        *others, last = (SUFFIXES[kind][0] for kind in kinds)
        raise InputError(f"{name}: this is written as {' or '.join(kinds)}; name it {' or '.join([*others, last])}")
    return told or Format("jsonl", compression_of(name))


class ReportRecords(RecordEncoder):
    """A report as Parquet, with issues and edits as lists of structs; lone surrogates become question marks."""

    def __init__(self) -> None:
        pa = pyarrow()
        text, number = pa.string(), pa.int64()
        place = [("column", text), ("start", number), ("end", number), ("text", text)]
        issue = pa.struct(
            [
                *place,
                ("category", text),
                ("severity", text),
                ("confidence", pa.float64()),
                ("message", text),
                ("detector", text),
                ("suggestions", pa.list_(text)),
                ("suspected", pa.bool_()),
                ("key", text),
            ]
        )
        edit = pa.struct([*place, ("replacement", text), ("issues", pa.list_(text))])
        head = [("file", text), ("row", number), ("rejected", text), ("skipped", text)]
        super().__init__(pa.schema([*head, ("issues", pa.list_(issue)), ("edits", pa.list_(edit))]))

    @classmethod
    def of(cls, form: Format) -> RecordWriter:
        """Return what writes a report in this format."""
        return cls() if form.kind == "parquet" else JsonlRecords()

    def add(self, record: Record) -> None:
        """Write the record of a row."""
        super().add(_writable(record))


class StderrRecords:
    """Rows that were left alone, told on standard error."""

    def begin(self, stream: BinaryIO, first: bool) -> None:
        """Nothing has to be begun."""

    def add(self, record: Record) -> None:
        """Tell of one row."""
        print(f"mtfix: row {record['row']}: {record['reason']}", file=sys.stderr)

    def end(self) -> None:
        """Nothing has to be ended."""


def found_in(row: Row, outcome: Outcome, reason: str | None) -> dict[str, Any]:
    """Return what the report says of a row. reason: why it was left alone, if it was."""
    if reason is not None:
        return {"rejected": reason, "issues": (), "edits": ()}
    found = {"issues": outcome.issues, "edits": outcome.edits}
    if not outcome.skipped:
        return found
    several = len(row.columns) > 1
    reasons = [f"column “{column}”: {why}" if several else why for column, why in outcome.skipped.items()]
    return {"skipped": "; ".join(reasons), **found}


def _writable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {name: _writable(inner) for name, inner in value.items()}
    return [_writable(inner) for inner in value] if isinstance(value, list | tuple) else value
