"""JSON Lines: where the columns' values stand in a line, and how a text is written there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, BinaryIO

from mtfix.batch.lines import LineReader, LineRow, Overlong
from mtfix.batch.rows import Row
from mtfix.files import InputError

_BLANKS = " \t\n\r"
_DECODER = json.JSONDecoder()


class JsonlReader(LineReader):
    """One JSON object a line, each with a string in every column that is to be repaired."""

    def rows(self, stream: BinaryIO) -> Iterator[LineRow]:
        """Yield one row per line; raises InputError when the first lacks a column."""
        first = True
        for number, data in enumerate(self.lines(stream), 1):
            if isinstance(data, Overlong):
                yield self.overlong(number, data)
                continue
            if not data.strip():
                yield LineRow(number, data=data)
                continue
            try:
                yield self._row(number, data)
            except KeyError as error:
                if first:
                    raise InputError(f"{self.name}, row {number}: {error.args[0]}; name it with --column") from error
                yield LineRow(number, reason=error.args[0], data=data)
            except RecursionError:
                yield LineRow(number, reason="JSON nested too deeply", data=data)
            except ValueError as error:
                yield LineRow(number, reason=str(error), data=data)
            first = False

    def values(self, row: Row, texts: Sequence[str]) -> dict[str, Any] | None:
        """Return the object with these texts in it, None for a blank line; raises ValueError when it isn't one."""
        assert isinstance(row, LineRow)
        if row.reason is None and not row.data.strip():
            return None
        try:
            found = json.loads(self.decoded(row.data).removeprefix("\ufeff"))
        except (ValueError, RecursionError) as error:
            raise ValueError(row.reason or "not JSON") from error
        if not isinstance(found, dict):
            raise ValueError(row.reason or "not a JSON object")
        return found | dict(zip(row.columns, texts, strict=True))

    def quoted(self, row: LineRow, index: int, text: str) -> str:
        """Return the text as a JSON string, escaped as the row's own text is."""
        escaped = row.data.isascii() and b"\\u" in row.data
        surrogates = any("\ud800" <= character <= "\udfff" for character in text)
        return json.dumps(text, ensure_ascii=escaped or surrogates)

    def _row(self, number: int, data: bytes) -> LineRow:
        """Find where the columns' values stand; raises KeyError or ValueError with a reason."""
        line = self.decoded(data)
        found = _members(line)
        for column in self.columns:
            if column not in found:
                raise KeyError(f"no column “{column}”; it has {', '.join(found) or 'none'}")
            if not isinstance(found[column][2], str):
                raise ValueError(f"column “{column}” is not a string")
        places = sorted((found[column][:2], column) for column in self.columns)
        pieces, last = [], 0
        for (start, end), _ in places:
            pieces += [line[last:start], line[start:end]]
            last = end
        columns = tuple(column for _, column in places)
        texts = tuple(found[column][2] for column in columns)
        return LineRow(number, columns, texts, data=data, pieces=(*pieces, line[last:]))


def _members(line: str) -> dict[str, tuple[int, int, Any]]:
    """Return the columns of a JSON object: start, end and value of each; raises ValueError when it isn't one."""
    position = _skip(line, 1 if line.startswith("\ufeff") else 0)
    if not line.startswith("{", position):
        raise ValueError("not a JSON object")
    found: dict[str, tuple[int, int, Any]] = {}
    position = _skip(line, position + 1)
    closed = line.startswith("}", position)
    while not closed:
        if not line.startswith('"', position):
            raise ValueError(f"not JSON: expected a column name at character {position + 1}")
        key, position = scanstring(line, position + 1, True)
        position = _skip(line, position)
        if not line.startswith(":", position):
            raise ValueError(f"not JSON: expected a colon at character {position + 1}")
        start = _skip(line, position + 1)
        value, end = _DECODER.raw_decode(line, start)
        found[key] = start, end, value
        position = _skip(line, end)
        closed = line.startswith("}", position)
        if not closed and not line.startswith(",", position):
            raise ValueError(f"not JSON: expected a comma at character {position + 1}")
        if not closed:
            position = _skip(line, position + 1)
    if _skip(line, position + 1) != len(line):
        raise ValueError(f"not JSON: more text after the object at character {position + 2}")
    return found


def _skip(line: str, position: int) -> int:
    while position < len(line) and line[position] in _BLANKS:
        position += 1
    return position


def json_line(value: object) -> bytes:
    """Return a value as one line of JSON in UTF-8; lone surrogates, which UTF-8 lacks, are escaped."""
    try:
        return json.dumps(value, ensure_ascii=False, default=str).encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(value, default=str).encode() + b"\n"
