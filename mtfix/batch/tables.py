"""CSV and TSV: records with a header (RFC 4180), where the columns' fields stand, and how a text is written there."""

from __future__ import annotations

import codecs
import re
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, BinaryIO

from mtfix.batch.formats import Kind
from mtfix.batch.lines import LineReader, LineRow
from mtfix.batch.rows import Row
from mtfix.files import InputError

_QUOTED = re.compile(rb'"[^"]*(?:""[^"]*)*("?)')
_UNCLOSED = "a quotation mark is opened and never closed"
DELIMITERS: dict[Kind, str] = {"csv": ",", "tsv": "\t"}
_LONGEST = 1 << 24  # bytes of a record of several lines
_Field = tuple[int, int]  # start and end in a record, quotation marks included


class _Astray(Exception):
    """A quotation mark stands where none should."""


class TableReader(LineReader):
    """Records under a header; a field in quotation marks may hold delimiters, doubled quotation marks and line ends."""

    def __init__(self, name: str, columns: Sequence[str], encoding: str = "utf-8", delimiter: str = ",") -> None:
        super().__init__(name, columns, encoding)
        self.delimiter = delimiter
        self._end = re.compile(re.escape(delimiter.encode()) + rb"|\r*\n?\Z")
        self._names: list[str] = []

    def rows(self, stream: BinaryIO) -> Iterator[LineRow]:
        """Yield one row per record after the header, which is kept in `header`; raises InputError when it won't do."""
        records = self._records(stream)
        self.header, _ = next(records, (b"", None))
        if not self.header:
            return
        try:
            mark = len(codecs.BOM_UTF8) if self.header.startswith(codecs.BOM_UTF8) else 0
            self._names = [self._value(self.header[mark:], f) for f in self._fields(self.header[mark:]) or []]
        except UnicodeDecodeError as error:
            raise InputError(f"{self.name}, header: {self.undecodable(error)}; name another --encoding") from error
        for column in self.columns:
            if self._names.count(column) != 1:
                problem = "no column" if column not in self._names else "more than one column"
                raise InputError(
                    f"{self.name}: {problem} “{column}”; it has {', '.join(self._names)}; name it with --column"
                )
        for number, (data, found) in enumerate(records, 1):
            yield self._row(number, data, found)

    def values(self, row: Row, texts: Sequence[str]) -> dict[str, Any] | None:
        """Return the fields by column with these texts in them, None when they don't fit the header."""
        assert isinstance(row, LineRow)
        fields = self._fields(row.data)
        try:
            if fields is None or len(fields) != len(self._names):
                return None
            found = dict(zip(self._names, (self._value(row.data, field) for field in fields), strict=True))
        except UnicodeDecodeError:
            return None
        return found | dict(zip(row.columns, texts, strict=True))

    def quoted(self, row: LineRow, index: int, text: str) -> str:
        """Return the text as a field, in quotation marks if it stood in them or needs them."""
        stood = row.pieces[2 * index + 1].startswith('"')
        if not stood and not text.startswith('"') and not any(c in text for c in (self.delimiter, "\n", "\r")):
            return text
        return '"' + text.replace('"', '""') + '"'

    def _row(self, number: int, data: bytes, fields: list[_Field] | None) -> LineRow:
        if fields is None:
            return LineRow(number, reason=_UNCLOSED, data=data)
        if not data.strip(b"\r\n"):
            return LineRow(number, data=data)
        if len(fields) != len(self._names):
            return LineRow(number, reason=f"it has {len(fields)} fields, and the header {len(self._names)}", data=data)
        try:
            data.decode(self.codec)
            places = sorted(fields[self._names.index(column)] for column in self.columns)
            columns = tuple(self._names[fields.index(place)] for place in places)
            pieces, last = [], 0
            for start, end in places:
                pieces += [data[last:start].decode(self.codec), data[start:end].decode(self.codec)]
                last = end
            pieces.append(data[last:].decode(self.codec))
            texts = tuple(self._value(data, place) for place in places)
        except UnicodeDecodeError as error:
            return LineRow(number, reason=self.undecodable(error), data=data)
        if not any(text.strip() for text in texts):
            return LineRow(number, data=data)
        return LineRow(number, columns, texts, data=data, pieces=tuple(pieces))

    def _value(self, data: bytes, field: _Field) -> str:
        text = data[field[0] : field[1]].decode(self.codec)
        if self._is_quoted(text):
            return text[1:-1].replace('""', '"')
        return text

    @staticmethod
    def _is_quoted(text: str) -> bool:
        return len(text) > 1 and text[0] == text[-1] == '"' and '"' not in text[1:-1].replace('""', "")

    def _records(self, stream: BinaryIO) -> Iterator[tuple[bytes, list[_Field] | None]]:
        """Yield each record with its fields; a line that opens a quotation mark for good is a record without any."""
        lines = self.lines(stream)
        again: deque[bytes] = deque()

        def following() -> bytes:
            return again.popleft() if again else next(lines, b"")

        while line := following():
            fields = self._fields(line)
            taken, size = [line], len(line)
            with suppress(_Astray):
                while fields is None and size < _LONGEST and (more := following()):
                    taken.append(more)
                    size += len(more)
                    if more.count(b'"') % 2:  # only then can a quotation mark have been closed
                        fields = self._fields(b"".join(taken))
            if fields is None:
                again.extendleft(reversed(taken[1:]))
                taken = [line]
            yield b"".join(taken), fields

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
