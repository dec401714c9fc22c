"""Parquet through pyarrow: columns of text in record batches, everything else as it was read.

A file that is being written grows by Arrow IPC streams, one after another, and becomes Parquet when it is whole.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from mtfix.batch.rows import Row
from mtfix.batch.scalars import plain_value
from mtfix.files import InputError

_BATCH_ROWS, _BATCH_BYTES = 100, 1 << 22  # read at a time
_GROUP_ROWS, _GROUP_BYTES = 100_000, 1 << 26  # a row group of the output is as large as one of these
_CODEC = b"mtfix:codec"  # tells in the metadata of an Arrow stream how the Parquet file is to be compressed


@dataclass(frozen=True, slots=True)
class ParquetRow(Row):
    """A row with the record batch that it stands in, and its place there."""

    batch: Any = None
    index: int = 0

    def raw(self) -> dict[str, Any]:
        """Return the values by column; bytes are in Base64, and text that isn't UTF-8 is `{"base64": …}`."""
        pa = pyarrow()
        columns = zip(self.batch.schema.names, self.batch.columns, strict=True)
        return {"values": {name: plain_value(pa, column[self.index], keeps_bytes=True) for name, column in columns}}


class ParquetReader:
    """Rows of a Parquet file, each with a string in every column that is to be repaired."""

    def __init__(self, name: str, columns: Sequence[str]) -> None:
        """Read the file called `name` in messages."""
        self.name = name
        self.columns = tuple(columns)
        self.names: Sequence[str] = ()
        self.schema: Any = None
        self.codec = "snappy"

    def rows(self, stream: BinaryIO) -> Iterator[ParquetRow]:
        """Yield the rows; raises InputError when the file is damaged or a column is missing or has no text."""
        pa = pyarrow()
        import pyarrow.parquet as pq

        try:
            file = pq.ParquetFile(stream if stream.seekable() else _spooled(stream), buffer_size=1 << 20)
        except pa.ArrowException as error:
            raise InputError(f"{self.name}: not a Parquet file that can be read ({error})") from error
        self.schema = file.schema_arrow
        self.names = self.schema.names
        self.codec = _codec(file.metadata) or self.codec
        for column in self.columns:
            self._check(pa, column)
        number = 0
        for batch in self._batches(pa, file):
            texts = [_bytes(pa, batch.column(column)) for column in self.columns]
            for index, values in enumerate(zip(*texts, strict=True)):
                number += 1
                yield self._row(number, values, batch, index)

    def values(self, row: Row, texts: Sequence[str]) -> dict[str, Any] | None:
        """Return the row as Python values with these texts in it; raises ValueError when text in it isn't UTF-8."""
        assert isinstance(row, ParquetRow)
        pa = pyarrow()
        found = {}
        for name, column in zip(row.batch.schema.names, row.batch.columns, strict=True):
            try:
                found[name] = plain_value(pa, column[row.index])
            except UnicodeDecodeError as error:
                raise ValueError(f"byte {error.start} of column “{name}” isn't UTF-8") from error
        return found | dict(zip(row.columns, texts, strict=True))

    def _check(self, pa: Any, column: str) -> None:
        names = self.schema.names
        if names.count(column) != 1:
            raise InputError(f"{self.name}: no column “{column}”; it has {', '.join(names)}; name it with --column")
        kind = self.schema.field(column).type
        kind = kind.value_type if pa.types.is_dictionary(kind) else kind
        if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)):
            raise InputError(f"{self.name}: column “{column}” holds {kind}, not text; name another with --column")

    def _batches(self, pa: Any, file: Any) -> Iterator[Any]:
        try:
            for group in range(file.num_row_groups):
                about = file.metadata.row_group(group)
                rows = _BATCH_BYTES * about.num_rows // max(about.total_byte_size, 1)
                yield from file.iter_batches(batch_size=max(1, min(rows, _BATCH_ROWS)), row_groups=[group])
        except (pa.ArrowException, OSError) as error:
            raise InputError(f"{self.name}: damaged ({error}); mend or replace it") from error

    def _row(self, number: int, values: tuple[bytes | None, ...], batch: Any, index: int) -> ParquetRow:
        texts = []
        for column, value in zip(self.columns, values, strict=True):
            if value is None:
                return ParquetRow(number, reason=f"column “{column}” is not a string", batch=batch, index=index)
            try:
                texts.append(value.decode())
            except UnicodeDecodeError as error:
                reason = f"byte {error.start} of column “{column}” isn't UTF-8"
                return ParquetRow(number, reason=reason, batch=batch, index=index)
        return ParquetRow(number, self.columns, tuple(texts), batch=batch, index=index)


class BatchEncoder:
    """Parquet rows → record batches of the same schema, in which only repaired texts are new."""

    def __init__(self, reader: ParquetReader) -> None:
        self._reader = reader
        self._batch: Any = None
        self._first = self._count = 0
        self._changes: dict[str, dict[int, str]] = {}

    @property
    def schema(self) -> Any:
        """The schema of what is written, which tells the codec too."""
        schema = self._reader.schema
        return schema.with_metadata({**(schema.metadata or {}), _CODEC: self._reader.codec.encode()})

    def begin(self, stream: BinaryIO, first: bool) -> None:
        """Start an Arrow stream."""
        self._writer = pyarrow().ipc.new_stream(stream, self.schema)

    def write(self, row: Row, texts: Sequence[str]) -> None:
        """Write one row; raises ValueError when UTF-8 lacks a character of its texts."""
        assert isinstance(row, ParquetRow)
        for text, original in zip(texts, row.texts, strict=True):
            if text != original:
                text.encode()
        if row.batch is not self._batch:
            self._flush()
            self._batch, self._first = row.batch, row.index
        for column, text, original in zip(row.columns, texts, row.texts, strict=True):
            if text != original:
                self._changes.setdefault(column, {})[self._count] = text
        self._count += 1

    def end(self) -> None:
        """End the Arrow stream."""
        self._flush()
        self._batch = None
        self._writer.close()

    def _flush(self) -> None:
        if not self._count:
            return
        pa = pyarrow()
        batch = self._batch.slice(self._first, self._count)
        for column, changes in self._changes.items():
            position = batch.schema.get_field_index(column)
            kind = batch.schema.field(position).type
            values = _bytes(pa, batch.column(position))
            for index, text in changes.items():
                values[index] = text.encode()
            array = pa.array(values, pa.large_binary())
            if pa.types.is_dictionary(kind):
                array = array.cast(kind.value_type, safe=False).dictionary_encode()
            batch = batch.set_column(position, batch.schema.field(position), array.cast(kind, safe=False))
        self._writer.write_batch(batch)
        self._count, self._changes = 0, {}


class RecordEncoder:
    """Rows of values → record batches of a given schema, whose types are bool, int64, float64, string, and lists."""

    def __init__(self, schema: Any) -> None:
        self.schema = schema
        self._records: list[Mapping[str, Any]] = []

    def begin(self, stream: BinaryIO, first: bool) -> None:
        """Start an Arrow stream."""
        self._writer = pyarrow().ipc.new_stream(stream, self.schema)

    def add(self, record: Mapping[str, Any]) -> None:
        """Write one record."""
        self._records.append(record)
        if len(self._records) >= _BATCH_ROWS:
            self._flush()

    def end(self) -> None:
        """End the Arrow stream."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._records:
            self._writer.write_batch(pyarrow().RecordBatch.from_pylist(self._records, schema=self.schema))
            self._records = []


def write_parquet(streams: Path, target: BinaryIO) -> None:
    """Write a file of Arrow streams as Parquet, with as large row groups as the data allow."""
    pa = pyarrow()
    import pyarrow.parquet as pq

    size = streams.stat().st_size
    with ExitStack() as files:
        source = files.enter_context(streams.open("rb"))
        writer = None
        waiting: list[Any] = []
        rows = taken = 0
        while source.tell() < size:
            batches = files.enter_context(pa.ipc.open_stream(source))
            if writer is None:
                about = dict(batches.schema.metadata or {})
                codec = about.pop(_CODEC, b"snappy").decode()
                schema = batches.schema.with_metadata(about or None)
                writer = files.enter_context(pq.ParquetWriter(target, schema, compression=codec))
            for batch in batches:
                waiting.append(batch)
                rows, taken = rows + batch.num_rows, taken + batch.nbytes
                if rows >= _GROUP_ROWS or taken >= _GROUP_BYTES:
                    writer.write_table(pa.Table.from_batches(waiting), row_group_size=rows)
                    waiting, rows, taken = [], 0, 0
        if writer is not None and waiting:
            writer.write_table(pa.Table.from_batches(waiting), row_group_size=rows)


def _spooled(stream: BinaryIO) -> BinaryIO:
    """Return what a pipe holds as a temporary file; Parquet is read from its end."""
    file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 (closed with the rows)
    shutil.copyfileobj(stream, file)
    file.seek(0)
    return file


def _codec(metadata: Any) -> str | None:
    """Return how most columns are compressed, None in a file without rows."""
    groups = (metadata.row_group(index) for index in range(min(metadata.num_row_groups, 1)))
    codecs = Counter(str(group.column(index).compression) for group in groups for index in range(group.num_columns))
    codec = codecs.most_common(1)[0][0] if codecs else None
    return "none" if codec == "UNCOMPRESSED" else codec


def _bytes(pa: Any, column: Any) -> list[bytes | None]:
    """Return the texts of a column as bytes, whatever they are."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    values: list[bytes | None] = column.cast(pa.large_binary()).to_pylist()
    return values


def pyarrow() -> Any:
    """Return pyarrow; raises ImportError naming the extra when it isn't installed."""
    try:
        import pyarrow as module
        import pyarrow.ipc
    except ImportError as error:
        raise ImportError("Parquet files need an extra: pip install 'mtfix[parquet]'") from error
    return module
