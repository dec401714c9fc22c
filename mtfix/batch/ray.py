"""The Ray engine: actors on the nodes of a cluster, each a local engine with one worker process.

Reading, writing and the journal stay where the command runs; what travels are the texts of chunks and their outcomes.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from mtfix.batch.chunks import Chunk
from mtfix.batch.engine import STARTS, LocalPool, Progress, Task, Texts, in_order
from mtfix.batch.job import Job, Outcome
from mtfix.batch.rows import Row
from mtfix.files import InputError
from mtfix.options import OptionsError

_SECONDS = 10  # for a cluster to answer, and between calls to its head node


class RayEngine:
    """Actors in a Ray cluster, each with a fixer of its own.

    A row has the same outcome as with the local engine, which each actor is. When an actor dies, with its node or
    alone, others go on with its rows one by one; a row that costs an actor twice is rejected.
    """

    def __init__(self, workers: int | None = None, threads: int = 1, address: str | None = None) -> None:
        """Use so many actors with so many CPUs each; as many as there is room for, if that isn't given.

        address: of a cluster, else RAY_ADDRESS; without either Ray runs on this machine alone. What the program has
        connected to already is used as it is. Raises InputError when there is no cluster or no room in it,
        ImportError naming the extra when Ray isn't installed.
        """
        self._ray = _ray()
        if not self._ray.is_initialized():
            address = address or os.environ.get("RAY_ADDRESS")  # HOST:PORT, or auto for what runs on this machine
            _connect(self._ray, address, workers * threads if workers and not address else None)
        cpus = [node["Resources"].get("CPU", 0) for node in self._ray.nodes() if node["Alive"]]
        room = sum(int(cpu // threads) for cpu in cpus)
        if not room:
            raise InputError(
                f"Ray: no node has {threads} CPUs for an actor; start worker nodes, or use fewer --threads"
            )
        self.workers = workers or room
        self._threads = threads

    def __call__(self, chunks: Iterable[Chunk], job: Job) -> Iterator[tuple[Chunk, list[Outcome]]]:
        """Yield every chunk with its outcomes; raises what loading the fixer raises, InputError when Ray ends."""
        return in_order(chunks, _ActorPool(self._ray, job, self.workers, self._threads), self.workers)


class _Actor:
    """What stands on a node: a pool of one worker process."""

    def __init__(self, job: Job, threads: int) -> None:
        self._pool = LocalPool(job, 1, threads)

    def node(self) -> str:
        """Return the name of the node, when this actor has a place."""
        return socket.gethostname()

    def repair(self, rows: list[Texts]) -> list[Outcome]:
        """Return the outcomes of some rows."""
        progress = Progress(Chunk(0, tuple(Row(0, columns, texts) for columns, texts in rows), last=False))
        self._pool.add(progress)
        while not progress.is_done:
            self._pool.turn(None)
        return progress.result()[1]


class _ActorPool:
    """Hands out tasks, takes back outcomes, and replaces actors that die."""

    def __init__(self, ray: Any, job: Job, count: int, threads: int) -> None:
        self._ray = ray
        self._job = job
        self._count = count
        self._threads = threads
        self._tasks: deque[Task] = deque()
        self._starting: dict[Any, Any] = {}  # what is waited for → the actor
        self._idle: list[tuple[Any, str]] = []  # actors with their nodes
        self._busy: dict[Any, tuple[Any, str, Task]] = {}
        self._failed_starts = 0
        self._heard_of = time.monotonic()

    def add(self, progress: Progress) -> None:
        """Queue what there is to do in a chunk."""
        if not progress.is_done:
            self._tasks.append(progress.task())

    def turn(self, timeout: float | None) -> None:
        """Hand out what can be handed out, then wait so long for something to happen, and take it in."""
        self._hand_out()
        waiting = [*self._busy, *self._starting]
        ready = self._ray.wait(waiting, timeout=_SECONDS if timeout is None else timeout)[0] if waiting else []
        if time.monotonic() - self._heard_of > _SECONDS:
            self._call_head()
        for reference in ready:
            self._take(reference)
        self._hand_out()

    def close(self) -> None:
        """End all actors."""
        busy = [actor for actor, _, _ in self._busy.values()]
        for actor in (*self._starting.values(), *busy, *(actor for actor, _ in self._idle)):
            with suppress(Exception):  # the cluster may be gone
                self._ray.kill(actor)

    def _call_head(self) -> None:
        """Make sure that the head node and this one are there; Ray itself ends the process in a minute, or waits on."""
        here = self._ray.get_runtime_context()
        try:
            _call(here.gcs_address)
        except OSError as error:
            raise InputError(f"Ray: the head node doesn't answer any more ({_line(error)})") from error
        if not any(node["Alive"] and node["NodeID"] == here.get_node_id() for node in self._ray.nodes()):
            raise InputError("Ray: the node on this machine is lost; start it again")
        self._heard_of = time.monotonic()

    def _hand_out(self) -> None:
        while self._tasks and self._idle:
            task, (actor, node) = self._tasks.popleft(), self._idle.pop()
            self._busy[actor.repair.remote(task.rows)] = actor, node, task
        while len(self._starting) < min(len(self._tasks), self._count - len(self._busy) - len(self._idle)):
            remote = self._ray.remote(num_cpus=self._threads, scheduling_strategy="SPREAD")(_Actor)
            actor = remote.remote(self._job, self._threads)
            self._starting[actor.node.remote()] = actor

    def _take(self, reference: Any) -> None:
        errors = self._ray.exceptions
        actor, node, task = self._busy.pop(reference, (self._starting.pop(reference, None), "", None))
        try:
            answer = self._ray.get(reference)
        except errors.RayTaskError as error:
            if task is None:
                raise InputError(f"Ray: mtfix can't start on a node ({_line(error)}); install it on all") from error
            raise _on_node(node, error.cause) from error
        except errors.RayError as error:  # the actor is gone, or out of reach
            with suppress(Exception):
                self._ray.kill(actor)
            self._bury(task, error)
            return
        if task is None:
            self._failed_starts = 0
            node = answer
        else:
            for outcome in answer:
                task.settle(outcome)
        self._idle.append((actor, node))

    def _bury(self, task: Task | None, error: Exception) -> None:
        """Put what a dead actor had in hand back to the front, row by row, but for a row that was alone twice."""
        if task is None:
            self._failed_starts += 1
            if self._failed_starts >= STARTS:
                raise InputError(f"Ray: actors die as they start ({_line(error)}); look at the logs of Ray") from error
            return
        task.deaths += 1
        if len(task.indices) > 1:
            self._tasks.extendleft(reversed(task.split()))
        elif task.deaths > 1:
            task.reject(f"its actor ended twice ({type(error).__name__})")
        else:
            self._tasks.appendleft(task)


def _ray() -> Any:
    """Return Ray; raises ImportError naming the extra when it isn't installed."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is sent anywhere
    os.environ.setdefault("RAY_worker_niceness", "0")  # of a Ray on this machine: a run's work waits for nothing else
    try:
        import ray
        import ray.exceptions
    except ImportError as error:
        raise ImportError("the Ray engine needs an extra: pip install 'mtfix[ray]'") from error
    return ray


def _connect(ray: Any, address: str | None, cpus: int | None) -> None:
    here = {} if address else {"num_cpus": cpus, "include_dashboard": False}
    try:
        if address and ":" in address:
            _call(address)  # Ray itself would try for minutes
        ray.init(address or "local", log_to_driver=False, logging_level=logging.ERROR, **here)
    except Exception as error:  # of many kinds: no connection, another version of Ray or Python, no token
        where = f"no cluster can be used at {address}" if address else "it can't be started on this machine"
        raise InputError(f"Ray: {where} ({_line(error)}); check --address, or see docs/cluster.md") from error


def _call(address: str) -> None:
    """Raise OSError when nobody listens at HOST:PORT, ValueError when it isn't of this form."""
    host, _, port = address.rpartition(":")
    socket.create_connection((host.strip("[]"), int(port)), timeout=_SECONDS).close()


def _on_node(node: str, error: Exception) -> Exception:
    """Return an error that says where it happened, if it is one for users."""
    kinds: tuple[type[Exception], ...] = (InputError, OptionsError, ImportError)
    kind = next((kind for kind in kinds if isinstance(error, kind)), None)
    return error if kind is None else kind(f"Ray node {node}: {error}")


def _line(error: Exception) -> str:
    """Return what an error says, in one line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
