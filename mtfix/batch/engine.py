"""Rows → outcomes, in order, here or in worker processes, with only so many rows in memory."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, Protocol

from mtfix.batch.readers import Row
from mtfix.files import InputError
from mtfix.result import Repair

_CHUNK_ROWS = 32
_CHUNK_CHARACTERS = 50_000


class Repairer(Protocol):
    """What the engine needs of a fixer."""

    def repair(self, text: str) -> Repair:
        """Repair one document."""


Load = Callable[[], Repairer]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one text: the repaired text with its issues and edits, or an error."""

    text: str = ""
    issues: tuple[dict[str, Any], ...] = ()
    edits: tuple[dict[str, Any], ...] = ()
    error: str | None = None


def repair_rows(
    rows: Iterable[Row], load: Load, workers: int = 1, details: bool = False
) -> Iterator[tuple[Row, Outcome | None]]:
    """Yield every row with its outcome, in order; None for a row that has no text.

    load: makes the fixer, once per process; it must be picklable for more than one worker. details: whether
    the outcomes carry issues and edits. Each row is repaired by itself, so the number of workers changes
    nothing but the speed. Raises InputError when a worker dies.
    """
    if workers == 1:
        fixer = load()
        for chunk in _chunks(rows):
            yield from _paired(chunk, [_outcome(fixer, text, details) for text in _texts(chunk)])
        return
    pool = ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), initializer=_start_worker, initargs=(load,)
    )
    try:
        in_flight: deque[tuple[list[Row], Future[list[Outcome]]]] = deque()
        for chunk in _chunks(rows):
            in_flight.append((chunk, pool.submit(_work, _texts(chunk), details)))
            if len(in_flight) > 2 * workers:
                yield from _finished(*in_flight.popleft())
        while in_flight:
            yield from _finished(*in_flight.popleft())
    except BrokenProcessPool as error:
        raise InputError("a worker process died, perhaps for want of memory; use fewer --workers") from error
    finally:
        pool.shutdown(cancel_futures=True)


def _finished(chunk: list[Row], future: Future[list[Outcome]]) -> Iterator[tuple[Row, Outcome | None]]:
    return _paired(chunk, future.result())


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    chunk: list[Row] = []
    size = 0
    for row in rows:
        chunk.append(row)
        size += len(row.data)
        if len(chunk) >= _CHUNK_ROWS or size >= _CHUNK_CHARACTERS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _texts(chunk: list[Row]) -> list[str]:
    return [row.text for row in chunk if row.text is not None]


def _paired(chunk: list[Row], outcomes: list[Outcome]) -> Iterator[tuple[Row, Outcome | None]]:
    remaining = iter(outcomes)
    for row in chunk:
        yield row, None if row.text is None else next(remaining)


def _outcome(fixer: Repairer, text: str, details: bool) -> Outcome:
    try:
        repair = fixer.repair(text)
        if not details:
            return Outcome(repair.text)
        return Outcome(
            repair.text,
            tuple(issue.to_dict() for issue in repair.issues),
            tuple(edit.to_dict() for edit in repair.edits),
        )
    except Exception as error:  # one bad row must not stop a corpus: it is written down and left alone
        return Outcome(error=f"internal error: {type(error).__name__}: {error}")


# In a worker process: how to make the fixer, and the fixer itself. It is made for the first chunk, not by the
# initializer, so that its errors reach the caller.
_load: Load | None = None
_fixer: Repairer | None = None


def _start_worker(load: Load) -> None:
    global _load
    _load = load
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle


def _work(texts: list[str], details: bool) -> list[Outcome]:
    global _fixer
    if _fixer is None:
        assert _load is not None
        _fixer = _load()
    return [_outcome(_fixer, text, details) for text in texts]
