"""Rows → corpus: the repaired text goes back where it stood, all else is written as it was read."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from mtfix.batch.readers import Row
from mtfix.files import whole_file


def text_row(row: Row, text: str, encoding: str = "utf-8") -> bytes:
    """Return the row with its text replaced; raises ValueError when that can't be one line."""
    if "\n" in text or "\r" in text.rstrip("\r"):
        raise ValueError("the repaired text has a line end")
    return (row.before + text + row.after).encode(encoding)


def jsonl_row(row: Row, text: str, encoding: str = "utf-8") -> bytes:
    """Return the row with the column's value replaced, escaped as the row's own text is."""
    escaped = row.data.isascii() and b"\\u" in row.data
    surrogates = any("\ud800" <= character <= "\udfff" for character in text)
    value = json.dumps(text, ensure_ascii=escaped or surrogates)
    return (row.before + value + row.after).encode(encoding)


class Rejects:
    """Rows that were left alone, one JSON line each: number and reason.

    The file is made when the first one comes; what an earlier run left is removed by `close` when none came.
    Without a path they go to standard error.
    """

    def __init__(self, path: str | None, files: ExitStack) -> None:
        self._path = path
        self._files = files
        self._stream: BinaryIO | None = None
        self.count = 0

    def add(self, row: Row, reason: str) -> None:
        """Write down one row."""
        self.count += 1
        if self._path is None:
            print(f"mtfix: row {row.number}: {reason}", file=sys.stderr)
            return
        if self._stream is None:
            self._stream = self._files.enter_context(whole_file(self._path))
        self._stream.write(json_line({"row": row.number, "reason": reason}))

    def close(self) -> None:
        """All rows are done: remove the file of an earlier run if this one rejected nothing."""
        if self._path is not None and self._stream is None:
            Path(self._path).unlink(missing_ok=True)


def json_line(value: object) -> bytes:
    """Return a value as one line of JSON in UTF-8; lone surrogates, which UTF-8 lacks, are escaped."""
    try:
        return json.dumps(value, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(value).encode() + b"\n"
