"""Formats whose rows are lines: text, and what JSON Lines and tables share with it.

A row keeps its bytes, so that what isn't repaired comes out as it went in.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from mtfix.batch.rows import Row
from mtfix.files import InputError, codec_name

LONGEST = 1 << 26  # bytes of a row


@dataclass(frozen=True, slots=True)
class LineRow(Row):
    """A row with its bytes, line end included.

    `pieces` are the row cut up: what stands before the first text, the text as it is written there, what stands
    before the second, and so on; for n texts 2n + 1.
    """

    data: bytes = b""
    pieces: tuple[str, ...] = ()


class LineReader(ABC):
    """Reads rows that are lines in an encoding in which a line end is the byte of ASCII."""

    def __init__(self, name: str, columns: Sequence[str], encoding: str = "utf-8") -> None:
        """Read the file called `name` in messages; raises InputError for an encoding that won't do."""
        self.name = name
        self.columns = tuple(columns)
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
        """Return the row's columns with these texts in it, None when it can't be read."""

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

    def undecodable(self, error: UnicodeDecodeError) -> str:
        """Return the reason of a row with bytes that aren't in the encoding."""
        return f"byte {error.start} of the row isn't {error.encoding.upper()}"

    def lines(self, stream: BinaryIO) -> Iterator[bytes]:
        """Yield the lines with their ends; raises InputError when they are too long or the file is binary."""
        number = 0
        while line := stream.readline(LONGEST):
            number += 1
            if len(line) >= LONGEST:
                raise InputError(
                    f"{self.name}, line {number}: longer than {LONGEST >> 20} MiB; name the format with --format"
                )
            if number == 1 and b"\0" in line:
                raise InputError(
                    f"{self.name}: binary file (NUL in the first line), not text; unpack or convert it first"
                )
            yield line


class TextReader(LineReader):
    """One document a line."""

    def rows(self, stream: BinaryIO) -> Iterator[LineRow]:
        """Yield one row per line."""
        for number, data in enumerate(self.lines(stream), 1):
            yield self._row(number, data, data.rstrip(b"\r\n"))

    def _row(self, number: int, data: bytes, content: bytes) -> LineRow:
        try:
            text = content.decode(self.codec)
        except UnicodeDecodeError as error:
            return LineRow(number, reason=self.undecodable(error), data=data)
        before = "\ufeff" if number == 1 and text.startswith("\ufeff") else ""
        text = text[len(before) :]
        if not text.strip():
            return LineRow(number, data=data)
        pieces = before, text, data[len(content) :].decode(self.codec)
        return LineRow(number, self.columns, (text,), data=data, pieces=pieces)

    def values(self, row: Row, texts: Sequence[str]) -> dict[str, Any] | None:
        """Return the text as the one column."""
        return None if row.reason and not row.texts else {self.columns[0]: texts[0] if texts else ""}

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
        if len(data) >= LONGEST:
            raise InputError(f"{self.name}: longer than {LONGEST >> 20} MiB; it can't be one document")
        if b"\0" in data.partition(b"\n")[0]:
            raise InputError(f"{self.name}: binary file (NUL in the first line), not text")
        yield self._row(1, data, data)

    def quoted(self, row: LineRow, index: int, text: str) -> str:
        """Return the text as it is."""
        return text
