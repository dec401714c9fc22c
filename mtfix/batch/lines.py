"""Formats whose rows are lines: text, and what JSON Lines and tables share with it.

A row keeps its bytes, so that what isn't repaired comes out as it went in.
"""

from __future__ import annotations

import base64
import codecs
import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, BinaryIO, cast

from mtfix.batch.rows import Row
from mtfix.files import InputError, codec_name

LONGEST = 1 << 26  # bytes of a row
_SHOWN = 1000  # bytes of a longer one in the rejects
_BINARY = {  # how files begin that can't be text
    b"\x1f\x8b": "gzip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"BZh91AY&SY": "bzip2",
    b"\xfd7zXZ\0": "xz",
    b"PK\x03\x04": "zip",
    b"PAR1\x15": "Parquet",
    b"ARROW1\0": "Arrow",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


@dataclass(frozen=True, slots=True)
class Overlong:
    """A row of more than LONGEST bytes, which is kept in a temporary file and never held as a whole."""

    file: BinaryIO

    @classmethod
    def of(cls, pieces: Iterable[bytes]) -> Overlong:
        """Return the row that these pieces make up."""
        file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 (closed with the row)
        for piece in pieces:
            file.write(piece)
        return cls(file)

    def copy_to(self, stream: BinaryIO) -> None:
        """Write the row as it is."""
        self.file.seek(0)
        shutil.copyfileobj(self.file, stream)

    def raw(self) -> dict[str, Any]:
        """Return its size and how it begins."""
        self.file.seek(0)
        start = self.file.read(_SHOWN).decode("utf-8", "replace")
        return {"bytes": self.file.seek(0, 2), "start": start}


@dataclass(frozen=True, slots=True)
class LineRow(Row):
    """A row with its bytes, line end included.

    `pieces` are the row cut up: what stands before the first text, the text as it is written there, what stands
    before the second, and so on; for n texts 2n + 1. `overlong` is there in place of the bytes when they are too many.
    """

    data: bytes = b""
    pieces: tuple[str, ...] = ()
    overlong: Overlong | None = None

    def raw(self) -> dict[str, Any]:
        """Return the bytes as text or else in Base64; of a row that is too long its size and how it begins."""
        if self.overlong is not None:
            return self.overlong.raw()
        try:
            return {"data": self.data.decode()}
        except UnicodeDecodeError:
            return {"base64": base64.b64encode(self.data).decode()}


class LineReader(ABC):
    """Reads rows that are lines in an encoding in which a line end is the byte of ASCII."""

    def __init__(self, name: str, columns: Sequence[str], encoding: str = "utf-8") -> None:
        """Read the file called `name` in messages; raises InputError for an encoding that won't do."""
        self.name = name
        self.columns = tuple(columns)
        self.names: Sequence[str] = ()
        self.codec = codec_name(encoding)
        self.header = b""
        if "\n{".encode(self.codec) != b"\n{":
            raise InputError(
                f"--encoding {self.codec}: rows can't be told apart in it; convert the corpus to UTF-8 first"
            )

    @abstractmethod
    def rows(self, stream: BinaryIO) -> Iterator[LineRow]:
        """Yield the rows in order."""

    @abstractmethod
    def values(self, row: Row, texts: Sequence[str]) -> dict[str, Any] | None:
        """Return the row's columns with these texts in it, None for a line that holds no row.

        Raises ValueError with the reason when it can't be read.
        """

    @abstractmethod
    def quoted(self, row: LineRow, index: int, text: str) -> str:
        """Return a text as it is written in its place in the row; raises ValueError when it can't be."""

    def encoded(self, row: LineRow, texts: Sequence[str]) -> bytes:
        """Return the row's bytes with these texts in it, the very same ones where nothing changed.

        Raises ValueError when that can't be: the format or the encoding lacks a way to write it.
        """
        if tuple(texts) == row.texts:
            return row.data
        pieces = list(row.pieces)
        for index, text in enumerate(texts):
            if text != row.texts[index]:
                pieces[2 * index + 1] = self.quoted(row, index, text)
        return "".join(pieces).encode(self.codec)

    def decoded(self, data: bytes) -> str:
        """Return the text of a row; raises ValueError with the reason for bytes that aren't text in the encoding."""
        try:
            text = data.decode(self.codec)
        except UnicodeDecodeError as error:
            raise ValueError(f"byte {error.start} of the row isn't {error.encoding.upper()}") from error
        if "\0" in text:
            raise ValueError(f"byte {data.index(0)} of the row is NUL, which text hasn't")
        return text

    def lines(self, stream: BinaryIO) -> Iterator[bytes | Overlong]:
        """Yield the lines with their ends; raises InputError when the file begins as those of another kind do."""
        line = stream.readline(LONGEST)
        self.check_text(line)
        while line:
            yield line if len(line) < LONGEST else Overlong.of(_rest_of_line(line, stream.readline))
            line = stream.readline(LONGEST)

    def overlong(self, number: int, overlong: Overlong) -> LineRow:
        """Return the row that is too long to be repaired."""
        return LineRow(number, reason=f"longer than {LONGEST >> 20} MiB", overlong=overlong)

    def check_text(self, start: bytes) -> None:
        """Raise InputError when a file that starts so isn't text."""
        kind = next((kind for mark, kind in _BINARY.items() if start.startswith(mark)), None)
        if kind is not None:
            raise InputError(f"{self.name}: it begins as {kind} does, not as text; unpack, convert or rename it first")


def _rest_of_line(line: bytes, readline: Callable[[int], bytes]) -> Iterator[bytes]:
    """Yield the start of a line, then what follows up to its end."""
    while line:
        yield line
        line = b"" if line.endswith(b"\n") else readline(LONGEST)


class TextReader(LineReader):
    """One document a line."""

    def rows(self, stream: BinaryIO) -> Iterator[LineRow]:
        """Yield one row per line."""
        for number, line in enumerate(self.lines(stream), 1):
            if isinstance(line, Overlong):
                yield self.overlong(number, line)
            else:
                yield self._row(number, line, line.rstrip(b"\r\n"))

    def _row(self, number: int, data: bytes, content: bytes) -> LineRow:
        try:
            text = self.decoded(content)
        except ValueError as error:
            return LineRow(number, reason=str(error), data=data)
        before = "\ufeff" if number == 1 and text.startswith("\ufeff") else ""
        text = text[len(before) :]
        if not text.strip():
            return LineRow(number, data=data)
        pieces = before, text, data[len(content) :].decode(self.codec)
        return LineRow(number, self.columns, (text,), data=data, pieces=pieces)

    def values(self, row: Row, texts: Sequence[str]) -> dict[str, Any] | None:
        """Return the text as the one column."""
        if row.reason and not row.texts:
            raise ValueError(row.reason)
        return {self.columns[0]: texts[0] if texts else ""}

    def quoted(self, row: LineRow, index: int, text: str) -> str:
        """Return the text as it is; raises ValueError when it is more than a line."""
        if "\n" in text or "\r" in text.rstrip("\r"):
            raise ValueError("the repaired text has a line end")
        return text


class DocumentReader(TextReader):
    """One document, the whole file."""

    def rows(self, stream: BinaryIO) -> Iterator[LineRow]:
        """Yield one row."""
        data = stream.read(LONGEST)
        self.check_text(data)
        if len(data) >= LONGEST:
            yield self.overlong(1, Overlong.of(chain((data,), iter(lambda: stream.read(LONGEST), b""))))
            return
        yield self._row(1, data, data)

    def quoted(self, row: LineRow, index: int, text: str) -> str:
        """Return the text as it is."""
        return text
