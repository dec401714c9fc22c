"""Corpus → rows. A row keeps its bytes, so that what isn't repaired comes out as it went in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import BinaryIO

from mtfix.files import InputError

_BLANKS = " \t\n\r"
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Row:
    """One document of a corpus, counted from 1.

    `data` are its bytes with the line end. `text` is what is to be repaired, between `before` and `after`;
    None for an empty line, and for a row that can't be repaired because of `reason`.
    """

    number: int
    data: bytes
    text: str | None = None
    before: str = ""
    after: str = ""
    reason: str | None = None


def read_text_rows(stream: BinaryIO, name: str, encoding: str = "utf-8") -> Iterator[Row]:
    """Yield one row per line. Raises InputError when the file is binary."""
    for number, data in _lines(stream, name):
        content = data.rstrip(b"\r\n")
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            yield Row(number, data, reason=_undecodable(error))
            continue
        before = "\ufeff" if number == 1 and text.startswith("\ufeff") else ""
        text = text[len(before) :]
        if text.strip():
            yield Row(number, data, text, before, data[len(content) :].decode(encoding))
        else:
            yield Row(number, data)


def read_jsonl_rows(stream: BinaryIO, name: str, column: str, encoding: str = "utf-8") -> Iterator[Row]:
    """Yield one row per line, each a JSON object with a string in `column`.

    Raises InputError when the file is binary, or when the first row lacks the column.
    """
    first = True
    for number, data in _lines(stream, name):
        if not data.strip():
            yield Row(number, data)
            continue
        try:
            yield _json_row(number, data, column, encoding)
        except KeyError as error:
            if first:
                raise InputError(f"{name}, row {number}: no column “{column}”; {error.args[0]}") from error
            yield Row(number, data, reason=f"no column “{column}”; {error.args[0]}")
        except UnicodeDecodeError as error:
            yield Row(number, data, reason=_undecodable(error))
        except RecursionError:
            yield Row(number, data, reason="JSON nested too deeply")
        except ValueError as error:
            yield Row(number, data, reason=str(error))
        first = False


def _json_row(number: int, data: bytes, column: str, encoding: str) -> Row:
    """Find where the column's value stands; raises KeyError or ValueError with a reason."""
    line = data.decode(encoding)
    position = _skip(line, 1 if line.startswith("\ufeff") else 0)
    if not line.startswith("{", position):
        raise ValueError("not a JSON object")
    columns: list[str] = []
    found: tuple[int, int, object] | None = None
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
        columns.append(key)
        if key == column:
            found = start, end, value
        position = _skip(line, end)
        closed = line.startswith("}", position)
        if not closed and not line.startswith(",", position):
            raise ValueError(f"not JSON: expected a comma at character {position + 1}")
        if not closed:
            position = _skip(line, position + 1)
    if _skip(line, position + 1) != len(line):
        raise ValueError(f"not JSON: more text after the object at character {position + 2}")
    if found is None:
        raise KeyError(f"it has {', '.join(columns)}" if columns else "it has none")
    start, end, value = found
    if not isinstance(value, str):
        raise ValueError(f"column “{column}” is not a string")
    return Row(number, data, value, line[:start], line[end:])


def _skip(line: str, position: int) -> int:
    while position < len(line) and line[position] in _BLANKS:
        position += 1
    return position


def _lines(stream: BinaryIO, name: str) -> Iterator[tuple[int, bytes]]:
    for number, data in enumerate(stream, 1):
        if number == 1 and b"\0" in data:
            raise InputError(f"{name}: binary file (NUL in the first line), not text; unpack or convert it first")
        yield number, data


def _undecodable(error: UnicodeDecodeError) -> str:
    return f"byte {error.start} of the row isn't {error.encoding.upper()}"
