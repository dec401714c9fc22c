"""Rows → chunks, the portions that an engine hands out and gives back in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from mtfix.batch.rows import Row
from mtfix.files import InputError

_ROWS = 32
_CHARACTERS = 50_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of one file, of which it is counted from 0; `last` marks its last chunk, which may be empty.

    problem: why the file can't be read any further; what came of it before is not the whole file then.
    """

    file: int
    rows: tuple[Row, ...]
    last: bool
    problem: InputError | OSError | None = None


def chunked(file: int, rows: Iterable[Row], max_chars: int) -> Iterator[Chunk]:
    """Yield the rows of a file in chunks of about equal work; texts beyond `max_chars` are given a reason instead."""
    waiting: list[Row] = []
    size = 0
    try:
        for row in rows:
            longest = max(map(len, row.texts), default=0)
            if longest > max_chars:
                row = replace(row, reason=f"{longest:,} characters, more than --max-chars {max_chars}")
            waiting.append(row)
            size += 0 if row.reason else sum(map(len, row.texts))
            if len(waiting) >= _ROWS or size >= _CHARACTERS or longest > _CHARACTERS:
                yield Chunk(file, tuple(waiting), last=False)
                waiting, size = [], 0
    except (InputError, OSError) as problem:
        yield Chunk(file, (), last=True, problem=problem)
    else:
        yield Chunk(file, tuple(waiting), last=True)
