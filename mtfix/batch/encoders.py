"""Rows → the bytes of an output: as they were read, with new texts in them, or as values in another format."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, BinaryIO, Protocol

from mtfix.batch.formats import Format, Kind
from mtfix.batch.jsonl import json_line
from mtfix.batch.lines import LineReader, LineRow
from mtfix.batch.parquet import BatchEncoder, ParquetReader, RecordEncoder, pyarrow
from mtfix.batch.rows import Reader, Row
from mtfix.batch.tables import DELIMITERS, table_line
from mtfix.files import InputError

_SAMPLE = 1000  # rows that tell the columns of another format
Record = Mapping[str, Any]


class Encoder(Protocol):
    """Writes rows by segments: what stands between `begin` and `end` can be cut off without spoiling the rest."""

    def begin(self, stream: BinaryIO, first: bool) -> None:
        """Start a segment; `first` at the start of a file."""

    def write(self, row: Row, texts: Sequence[str]) -> None:
        """Write a row with these texts; raises ValueError with the reason when that can't be, and writes nothing."""

    def end(self) -> None:
        """End the segment."""


class LineEncoder:
    """Rows that are lines, into the format that they came from."""

    def __init__(self, reader: LineReader) -> None:
        self._reader = reader

    def begin(self, stream: BinaryIO, first: bool) -> None:
        """Write the header at the start of a file."""
        self._stream = stream
        if first:
            stream.write(self._reader.header)

    def write(self, row: Row, texts: Sequence[str]) -> None:
        """Write a row with these texts."""
        assert isinstance(row, LineRow)
        if row.overlong is not None:
            row.overlong.copy_to(self._stream)
        else:
            self._stream.write(self._reader.encoded(row, texts))

    def end(self) -> None:
        """Nothing has to be ended."""


class RecordWriter(Protocol):
    """Writes records of one format."""

    def begin(self, stream: BinaryIO, first: bool) -> None:
        """Start a segment."""

    def add(self, record: Record) -> None:
        """Write a record; raises ValueError when it doesn't fit."""

    def end(self) -> None:
        """End the segment."""


class ValueEncoder:
    """Rows of any format, as records of another."""

    def __init__(self, reader: Reader, writer: RecordWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.begin = writer.begin
        self.end = writer.end

    def write(self, row: Row, texts: Sequence[str]) -> None:
        """Write a row; one that can't be read has no place in another format, and a blank line isn't one."""
        values = self._reader.values(row, texts)
        if values is not None:
            self._writer.add(values)


class JsonlRecords:
    """One JSON object a line."""

    def begin(self, stream: BinaryIO, first: bool) -> None:
        """Start a segment."""
        self._stream = stream

    def add(self, record: Record) -> None:
        """Write a record."""
        self._stream.write(json_line({name: _plain(value) for name, value in record.items()}))

    def end(self) -> None:
        """Nothing has to be ended."""


class TableRecords:
    """CSV or TSV with a header; what isn't a string is written as JSON."""

    def __init__(self, columns: Sequence[str], delimiter: str) -> None:
        self._columns = tuple(columns)
        self._delimiter = delimiter

    def begin(self, stream: BinaryIO, first: bool) -> None:
        """Write the header at the start of a file."""
        self._stream = stream
        if first:
            stream.write(table_line(self._columns, self._delimiter))

    def add(self, record: Record) -> None:
        """Write a record; raises ValueError when the header lacks one of its columns."""
        _check_columns(record, self._columns)
        cells = [_cell(record.get(column)) for column in self._columns]
        self._stream.write(table_line(cells, self._delimiter))

    def end(self) -> None:
        """Nothing has to be ended."""


class TextRecords:
    """The one column, a line each."""

    def __init__(self, column: str) -> None:
        self._column = column

    def begin(self, stream: BinaryIO, first: bool) -> None:
        """Start a segment."""
        self._stream = stream

    def add(self, record: Record) -> None:
        """Write a record; raises ValueError when its text is more than a line."""
        text = record.get(self._column)
        if not isinstance(text, str):
            raise ValueError(f"column “{self._column}” is not a string")
        if "\n" in text or "\r" in text:
            raise ValueError("the text has a line end, and text files have a document a line")
        self._stream.write(text.encode() + b"\n")

    def end(self) -> None:
        """Nothing has to be ended."""


class ParquetRecords(RecordEncoder):
    """Parquet whose columns are bool, int64, float64 or string; nested values become JSON in strings."""

    def add(self, record: Record) -> None:
        """Write a record; raises ValueError when it doesn't fit the schema."""
        _check_columns(record, self.schema.names)
        fitted = {}
        for field in self.schema:
            value = _plain(record.get(field.name))
            kind = str(field.type)
            if kind == "string" and value is not None:
                value = _cell(value)
                value.encode()
            elif kind == "double" and isinstance(value, int) and not isinstance(value, bool) and abs(value) <= 2**53:
                value = float(value)
            if value is not None and type(value) is not _TYPES[kind]:
                raise ValueError(f"column “{field.name}” holds {kind}, as the first rows tell, and here something else")
            if kind == "int64" and not _is_int64(value):
                raise ValueError(f"column “{field.name}” has a number that needs more than 64 bits")
            fitted[field.name] = value
        super().add(fitted)


_TYPES = {"bool": bool, "int64": int, "double": float, "string": str}


def encoder_of(reader: Reader, rows: Iterator[Row], source: Kind, target: Format) -> tuple[Encoder, Iterator[Row]]:
    """Return the encoder for an output format, and the rows, of which some may have been looked at.

    Raises InputError when the rows can't be written so.
    """
    first = list(islice(rows, 1))
    rows = chain(first, rows)
    if isinstance(reader, LineReader) and source == target.kind:
        return LineEncoder(reader), rows
    if isinstance(reader, ParquetReader) and target.kind == "parquet":
        return BatchEncoder(reader), rows
    if "document" in (source, target.kind):
        raise InputError("files that are one document each are written as such; leave out --output-format")
    twice = next((name for name, count in Counter(reader.names).items() if count > 1), None)
    if twice is not None:
        raise InputError(f"{reader.name}: more than one column “{twice}”; rename one, or keep the format")
    writer: RecordWriter
    if target.kind == "jsonl":
        writer = JsonlRecords()
    elif target.kind == "text":
        if len(reader.columns) > 1:
            raise InputError("text files hold one column; give one --column, or another --output-format")
        writer = TextRecords(reader.columns[0])
    else:
        sample = list(islice(rows, _SAMPLE))
        rows = chain(sample, rows)
        found = [values for row in sample if (values := _values(reader, row)) is not None]
        columns = list(dict.fromkeys(name for values in found for name in values))
        if target.kind == "parquet":
            writer = ParquetRecords(_schema(columns or list(reader.columns), found))
        else:
            writer = TableRecords(columns or reader.columns, DELIMITERS[target.kind])
    return ValueEncoder(reader, writer), rows


def _values(reader: Reader, row: Row) -> dict[str, Any] | None:
    """Return what a row holds if it can be read."""
    try:
        return reader.values(row, row.texts)
    except ValueError:
        return None


def _schema(columns: Sequence[str], records: Sequence[Record]) -> Any:
    """Return a schema in which all these records fit."""
    pa = pyarrow()
    kinds = {}
    for column in columns:
        types = {type(value) for record in records if (value := record.get(column)) is not None}
        if types == {bool}:
            kinds[column] = pa.bool_()
        elif types == {int} and all(_is_int64(record.get(column)) for record in records):
            kinds[column] = pa.int64()
        elif types in ({float}, {float, int}):
            kinds[column] = pa.float64()
        else:
            kinds[column] = pa.string()
    return pa.schema(list(kinds.items()))


def _is_int64(value: Any) -> bool:
    return value is None or -(2**63) <= value < 2**63


def _check_columns(record: Record, columns: Sequence[str]) -> None:
    unknown = [name for name in record if name not in columns]
    if unknown:
        raise ValueError(f"column “{unknown[0]}” isn't among those of the first rows")


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    value = _plain(value)
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it: dates, decimals and such as text, bytes in Base64."""
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)
