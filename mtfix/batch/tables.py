"""CSV and TSV: records with a header, where the columns' fields stand, and how a text is written there.

CSV is as in RFC 4180. In TSV a quotation mark is a character like others: a field stands as it is, unless it is in
quotation marks and needs them, since it holds a tab, a line end or doubled quotation marks. TSV whose header has names
in quotation marks is read as CSV with tabs.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, BinaryIO

from mtfix.batch.formats import Kind
from mtfix.batch.lines import LONGEST, LineReader, LineRow, Overlong
from mtfix.batch.rows import Row
from mtfix.files import InputError

_LINE_END = re.compile(rb"\r*\n?\Z")
_QUOTED = re.compile(rb'"[^"]*(?:""[^"]*)*("?)')
_UNCLOSED = "a quotation mark is opened and never closed"
DELIMITERS: dict[Kind, str] = {"csv": ",", "tsv": "\t"}
_LONGEST = 1 << 24  # bytes of a record of several lines
_Field = tuple[int, int]  # start and end in a record, quotation marks included


class _Astray(Exception):
    """A quotation mark stands where none should."""


class TableReader(LineReader):
    """Records under a header; a field in quotation marks may hold delimiters, doubled quotation marks and line ends.

    `is_unquoted` for TSV without quotation marks in the header.
    """

    def __init__(self, name: str, columns: Sequence[str], encoding: str = "utf-8", delimiter: str = ",") -> None:
        super().__init__(name, columns, encoding)
        self.delimiter = delimiter
        self._end = re.compile(re.escape(delimiter.encode()) + rb"|\r*\n?\Z")
        self.is_unquoted = False

    def rows(self, stream: BinaryIO) -> Iterator[LineRow]:
        """Yield one row per record after the header, which is kept in `header`; raises InputError when it won't do."""
        records = self._records(stream)
        header, _ = next(records, (b"", None))
        if isinstance(header, Overlong):
            raise InputError(f"{self.name}, header: longer than {LONGEST >> 20} MiB; name the format with --format")
        self.header = header
        if not header:
            return
        header = header.removeprefix(codecs.BOM_UTF8)
        try:
            self.decoded(header)
        except ValueError as error:
            raise InputError(f"{self.name}, header: {error}; name another --encoding") from error
        self.names = [self._value(header, field) for field in self._fields(header) or []]
        self.is_unquoted = self.delimiter == "\t" and not header.startswith(b'"') and b'\t"' not in header
        for column in self.columns:
            if self.names.count(column) != 1:
                problem = "no column" if column not in self.names else "more than one column"
                raise InputError(
                    f"{self.name}: {problem} “{column}”; it has {', '.join(self.names)}; name it with --column"
                )
        for number, (data, found) in enumerate(records, 1):
            yield self.overlong(number, data) if isinstance(data, Overlong) else self._row(number, data, found)

    def values(self, row: Row, texts: Sequence[str]) -> dict[str, Any] | None:
        """Return the fields by column with these texts in them, None for a blank line among several columns.

        Raises ValueError with the reason when they don't fit the header.
        """
        assert isinstance(row, LineRow)
        if row.reason and not row.texts:
            raise ValueError(row.reason)
        if not row.data.strip(b"\r\n") and len(self.names) > 1:
            return None
        fields = self._whole(row.data)
        self.decoded(row.data)
        found = dict(zip(self.names, (self._value(row.data, field) for field in fields), strict=True))
        return found | dict(zip(row.columns, texts, strict=True))

    def quoted(self, row: LineRow, index: int, text: str) -> str:
        """Return the text as a field, in quotation marks if it stood in them or needs them."""
        if self.is_unquoted:
            stood = '"' in text and self._is_quoted(row.pieces[2 * index + 1])
            needs = text.startswith('"') and not self._is_bare(row.data)
        else:
            stood = row.pieces[2 * index + 1].startswith('"')
            needs = '"' in text
        if stood or needs or self._is_quoted(text) or any(c in text for c in (self.delimiter, "\n", "\r")):
            return _in_marks(text)
        return text

    def _row(self, number: int, data: bytes, fields: list[_Field] | None) -> LineRow:
        if fields is None:
            return LineRow(number, reason=_UNCLOSED, data=data)
        if not data.strip(b"\r\n"):
            return LineRow(number, data=data)
        if len(fields) != len(self.names):
            return LineRow(number, reason=f"it has {len(fields)} fields, and the header {len(self.names)}", data=data)
        try:
            self.decoded(data)
            places = sorted(fields[self.names.index(column)] for column in self.columns)
            columns = tuple(self.names[fields.index(place)] for place in places)
            pieces, last = [], 0
            for start, end in places:
                pieces += [data[last:start].decode(self.codec), data[start:end].decode(self.codec)]
                last = end
            pieces.append(data[last:].decode(self.codec))
            texts = tuple(self._value(data, place) for place in places)
        except ValueError as error:
            return LineRow(number, reason=str(error), data=data)
        if not any(text.strip() for text in texts):
            return LineRow(number, data=data)
        return LineRow(number, columns, texts, data=data, pieces=tuple(pieces))

    def _value(self, data: bytes, field: _Field) -> str:
        text = data[field[0] : field[1]].decode(self.codec)
        if self._is_quoted(text):
            return text[1:-1].replace('""', '"')
        return text

    def _is_quoted(self, text: str) -> bool:
        return _is_in_marks(text) and (not self.is_unquoted or _needs_marks(text[1:-1]))

    def _is_bare(self, data: bytes) -> bool:
        """Return whether a line of TSV has as many fields as the header when no quotation mark counts."""
        return self.is_unquoted and data.count(b"\t") + 1 == len(self.names)

    def _records(self, stream: BinaryIO) -> Iterator[tuple[bytes | Overlong, list[_Field] | None]]:
        """Yield each record with its fields; a line that opens a quotation mark for good is a record without any."""
        lines = self.lines(stream)
        again: deque[bytes | Overlong] = deque()

        def following() -> bytes | Overlong:
            return again.popleft() if again else next(lines, b"")

        while line := following():
            if isinstance(line, Overlong):
                yield line, None
                continue
            data, fields = line, self._fields(line)
            if fields is None:
                data, fields = self._continued(line, following, again)
            if self.is_unquoted and (fields is None or self._is_bare(data)):
                fields = self._parts(data)
            yield data, fields

    def _continued(
        self, line: bytes, following: Callable[[], bytes | Overlong], again: deque[bytes | Overlong]
    ) -> tuple[bytes, list[_Field] | None]:
        """Return the record that a line with an open quotation mark begins; the line without fields if there is none.

        What follows it is given back then. A line of TSV that is a record by itself ends the search.
        """
        fields = None
        taken: list[bytes | Overlong] = []
        data = bytearray(line)
        with suppress(_Astray):
            while fields is None and len(data) < _LONGEST and (more := following()):
                taken.append(more)
                if isinstance(more, Overlong) or self._is_bare(more):
                    break
                data += more
                if more.count(b'"') % 2:  # only then can a quotation mark have been closed
                    fields = self._fields(bytes(data))
        if fields is None or (self.is_unquoted and len(fields) != len(self.names)):
            again.extendleft(reversed(taken))
            return line, None
        return bytes(data), fields

    def _whole(self, data: bytes) -> list[_Field]:
        """Return the places of the fields of a record that has as many as the header."""
        return self._parts(data) if self._is_bare(data) else self._fields(data) or []

    def _parts(self, data: bytes) -> list[_Field]:
        """Return the places of what stands between tabs."""
        end = _LINE_END.search(data)
        assert end is not None
        tabs = [match.start() for match in re.finditer(b"\t", data)]
        return list(zip([0, *(tab + 1 for tab in tabs)], [*tabs, end.start()], strict=True))

    def _fields(self, data: bytes) -> list[_Field] | None:
        """Return the places of a record's fields, None while a quotation mark is open at its end.

        A field that goes on after its closing quotation mark is taken as it stands, marks and all; raises _Astray when
        that mark is on another line.
        """
        fields: list[_Field] = []
        position = 0
        while True:
            end = None
            if data.startswith(b'"', position) and (match := _QUOTED.match(data, position)):
                if not match.group(1):
                    return None
                end = self._end.match(data, match.end())
                if end is None and b"\n" in match.group():
                    raise _Astray
            end = end or self._end.search(data, position)
            assert end is not None
            fields.append((position, end.start()))
            if end.group() != self.delimiter.encode():
                return fields
            position = end.end()


def table_line(cells: Sequence[str], delimiter: str) -> bytes:
    """Return a record as the reader of such tables reads it."""
    if delimiter == "\t" and not any(c in cell for cell in cells for c in "\t\n\r"):
        written = (_in_marks(cell) if _is_in_marks(cell) and _needs_marks(cell[1:-1]) else cell for cell in cells)
        return (delimiter.join(written) + "\n").encode()
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n").writerow(cells)  # so that both ends are put in marks
    return buffer.getvalue().removesuffix("\r\n").encode() + b"\n"


def _in_marks(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _is_in_marks(text: str) -> bool:
    return len(text) > 1 and text[0] == text[-1] == '"' and '"' not in text[1:-1].replace('""', "")


def _needs_marks(inside: str) -> bool:
    """Return whether what stands between quotation marks in TSV couldn't stand without them."""
    return not inside or any(character in inside for character in '"\t\n\r')
