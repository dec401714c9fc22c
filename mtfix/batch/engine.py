"""Engines: chunks → outcomes, in order, by workers of which any may die; here by processes on this machine.

An engine is anything that is called with chunks and yields each with the outcomes of its rows, in the order of the
chunks, and keeps only so many in memory.
"""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Protocol

from mtfix.batch.chunks import Chunk
from mtfix.batch.job import Job, Outcome
from mtfix.files import InputError

STARTS = 3  # workers that die one after another before any is ready: then something is wrong with all of them
_AHEAD = 4  # chunks per worker between the oldest that is waited for and the newest
Texts = tuple[tuple[str, ...], tuple[str, ...]]  # of one row: columns, and the text in each
#: What tells numerical libraries how many threads to use; read when they are loaded.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Engine(Protocol):
    """Repairs chunks of rows."""

    def __call__(self, chunks: Iterable[Chunk], job: Job) -> Iterator[tuple[Chunk, list[Outcome]]]:
        """Yield every chunk with one outcome for each of its rows, in order."""
        ...


class Pool(Protocol):
    """Workers of whatever kind."""

    def add(self, progress: Progress) -> None:
        """Queue what there is to do in a chunk."""
        ...

    def turn(self, timeout: float | None) -> None:
        """Hand out what can be handed out, then wait so long for something to happen, and take it in."""
        ...

    def close(self) -> None:
        """End all workers."""
        ...


def in_order(chunks: Iterable[Chunk], pool: Pool, workers: int) -> Iterator[tuple[Chunk, list[Outcome]]]:
    """Yield every chunk with its outcomes, reading ahead only so far as to keep so many workers busy."""
    window: deque[Progress] = deque()
    try:
        for chunk in chunks:
            window.append(Progress(chunk))
            pool.add(window[-1])
            pool.turn(0)
            while window and (window[0].is_done or len(window) >= _AHEAD * workers):
                if window[0].is_done:
                    yield window.popleft().result()
                else:
                    pool.turn(None)
        while window:
            while not window[0].is_done:
                pool.turn(None)
            yield window.popleft().result()
    finally:
        pool.close()


class LocalEngine:
    """Worker processes on this machine, each with a fixer of its own.

    Each row is repaired by itself, so the number of workers changes nothing but the speed. When a worker dies, or
    takes longer over a row than it may, another goes on with its rows; a row that costs a worker twice is rejected.
    """

    def __init__(self, workers: int, threads: int = 1) -> None:
        """Use so many processes, each with so many threads for its arithmetic."""
        self.workers = workers
        self._threads = threads

    def __call__(self, chunks: Iterable[Chunk], job: Job) -> Iterator[tuple[Chunk, list[Outcome]]]:
        """Yield every chunk with its outcomes; raises what loading the fixer raises, InputError when that dies."""
        return in_order(chunks, LocalPool(job, self.workers, self._threads), self.workers)


class Progress:
    """A chunk on its way, and the outcomes that are there."""

    def __init__(self, chunk: Chunk) -> None:
        self.chunk = chunk
        self.outcomes = [
            None if row.texts and row.reason is None else Outcome(row.texts, row.reason) for row in chunk.rows
        ]

    @property
    def is_done(self) -> bool:
        """Whether all outcomes are there."""
        return None not in self.outcomes

    def task(self) -> Task:
        """Return what there is to do."""
        return Task(self, (index for index, outcome in enumerate(self.outcomes) if outcome is None))

    def result(self) -> tuple[Chunk, list[Outcome]]:
        """Return the chunk with its outcomes."""
        return self.chunk, [outcome for outcome in self.outcomes if outcome is not None]


class Task:
    """Rows of one chunk that a worker gets at a time; it gives back their outcomes one by one.

    The first of `indices` is the row in hand, which has cost so many `deaths`.
    """

    def __init__(self, progress: Progress, indices: Iterable[int]) -> None:
        self._progress = progress
        self.indices = list(indices)
        self.deaths = 0

    @property
    def rows(self) -> list[Texts]:
        """What the worker needs of the rows."""
        rows = self._progress.chunk.rows
        return [(rows[index].columns, rows[index].texts) for index in self.indices]

    def settle(self, outcome: Outcome) -> None:
        """The row in hand is done."""
        self._progress.outcomes[self.indices.pop(0)] = outcome
        self.deaths = 0

    def split(self) -> list[Task]:
        """Return a task for each row."""
        return [Task(self._progress, (index,)) for index in self.indices]

    def reject(self, reason: str) -> None:
        """Leave the row in hand as it is."""
        self.settle(Outcome(self._progress.chunk.rows[self.indices[0]].texts, reason))


class _Worker:
    """A process, the connection to it, and what it is doing."""

    def __init__(self, job: Job, threads: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, job), daemon=True)
        with _environment(threads):
            self.process.start()
        theirs.close()
        self.is_ready = False
        self.task: Task | None = None
        self.since = 0.0


@contextmanager
def _environment(threads: int) -> Iterator[None]:
    """Give a process that starts meanwhile its number of threads, before it imports anything that would read it."""
    missing = [name for name in THREADS if name not in os.environ]
    os.environ.update(dict.fromkeys(missing, str(threads)))
    try:
        yield
    finally:
        for name in missing:
            del os.environ[name]


class LocalPool:
    """Hands out tasks, takes back outcomes, and replaces workers that die."""

    def __init__(self, job: Job, count: int, threads: int) -> None:
        self._job = job
        self._count = count
        self._threads = threads
        self._tasks: deque[Task] = deque()
        self._workers: list[_Worker] = []
        self._failed_starts = 0

    def add(self, progress: Progress) -> None:
        """Queue what there is to do in a chunk."""
        if not progress.is_done:
            self._tasks.append(progress.task())

    def turn(self, timeout: float | None) -> None:
        """Hand out what can be handed out, then wait so long for something to happen, and take it in."""
        self._hand_out()
        ready = set(wait([worker.connection for worker in self._workers], timeout))
        for worker in [worker for worker in self._workers if worker.connection in ready]:
            self._take(worker)
        self._hand_out()

    def close(self) -> None:
        """End all workers."""
        for worker in self._workers:
            worker.connection.close()
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join()

    def _hand_out(self) -> None:
        for worker in list(self._workers):
            if self._tasks and worker.is_ready and worker.task is None:
                worker.task, worker.since = self._tasks.popleft(), time.monotonic()
                try:
                    worker.connection.send(worker.task.rows)
                except OSError:  # it died while it had nothing to do
                    self._tasks.appendleft(worker.task)
                    self._remove(worker)
        starting = sum(not worker.is_ready for worker in self._workers)
        while len(self._workers) < self._count and starting < len(self._tasks):
            self._workers.append(_Worker(self._job, self._threads))
            starting += 1

    def _take(self, worker: _Worker) -> None:
        try:
            answer: Outcome | Exception | None = worker.connection.recv()
        except (EOFError, OSError):
            self._bury(worker)
            return
        if isinstance(answer, Exception):
            raise answer
        if answer is None:
            worker.is_ready = True
            self._failed_starts = 0
        elif worker.task is not None:
            worker.task.settle(answer)
            worker.since = time.monotonic()
            if not worker.task.indices:
                worker.task = None

    def _bury(self, worker: _Worker) -> None:
        """Put what a dead worker had in hand back to the front, but for a row that was in hand twice."""
        seconds = time.monotonic() - worker.since
        self._remove(worker)
        task = worker.task
        if not worker.is_ready:
            self._failed_starts += 1
            if self._failed_starts >= STARTS:
                raise InputError("worker processes die as they start, perhaps for want of memory; use fewer --workers")
        if task is not None:
            task.deaths += 1
            if task.deaths > 1:
                limit = self._job.row_timeout
                cause = f"code {worker.process.exitcode}" if seconds < limit else f"over --row-timeout {limit:g} s"
                task.reject(f"its worker process ended twice ({cause})")
            if task.indices:
                self._tasks.appendleft(task)

    def _remove(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.connection.close()
        worker.process.join()


def _work(connection: Connection, job: Job) -> None:
    """Repair rows until the other end of the connection is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    with suppress(EOFError, OSError), Path(os.devnull).open("w") as nowhere:
        try:
            fixer = job.load()
        except Exception as error:
            connection.send(error)
            return
        connection.send(None)
        while True:
            for columns, texts in connection.recv():
                # Ends the process, even in the midst of native code, when the row takes too long.
                faulthandler.dump_traceback_later(job.row_timeout, exit=True, file=nowhere)
                outcome = job(fixer, columns, texts)
                faulthandler.cancel_dump_traceback_later()
                connection.send(outcome)
