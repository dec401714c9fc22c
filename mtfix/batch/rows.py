"""A row of a corpus, and what the reader of a format does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol


@dataclass(frozen=True, slots=True)
class Row:
    """One document of a corpus, counted from 1 in its file.

    `texts` are what is to be repaired, and `columns` where each stands; both are empty when there is nothing to
    repair, and when the row can't be repaired because of `reason`.
    """

    number: int
    columns: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    reason: str | None = None

    def raw(self) -> dict[str, Any]:
        """Return all that the row holds, JSON-ready, for one that has no place in the output."""
        return {}


class Reader(Protocol):
    """Reads one format; knows what its rows hold for another.

    `columns` are those to be repaired, `names` all those that a header or schema names, once the first row is read.
    """

    name: str
    columns: tuple[str, ...]
    names: Sequence[str]

    def rows(self, stream: BinaryIO) -> Iterator[Row]:
        """Yield the rows in order; raises InputError when the file isn't of this format or lacks a column."""
        ...

    def values(self, row: Row, texts: Sequence[str]) -> dict[str, Any] | None:
        """Return the row's columns with these texts in it, None for a line that holds no row.

        Raises ValueError with the reason when it can't be read.
        """
        ...
