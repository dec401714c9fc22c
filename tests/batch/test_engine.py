from __future__ import annotations

import os
import time
from functools import partial
from pathlib import Path

import pytest

from mtfix.batch.chunks import chunked
from mtfix.batch.engine import THREADS, LocalEngine, _environment
from mtfix.batch.job import Job, Outcome
from mtfix.batch.rows import Row
from mtfix.files import InputError
from tests import fake_fixer
from tests.batch.running import read_for_the_first


def rows(*texts: str) -> list[Row]:
    return [Row(number, ("text",), (text,)) for number, text in enumerate(texts, 1)]


def repaired(job: Job, texts: list[str], workers: int = 1) -> list[Outcome]:
    chunks = chunked(0, rows(*texts), 1000)
    return [outcome for _, outcomes in LocalEngine(workers)(chunks, job) for outcome in outcomes]


@pytest.mark.parametrize("workers", [1, 2])
def test_rows_are_read_only_as_they_are_needed(workers: int) -> None:
    assert read_for_the_first(LocalEngine(workers)) < 20


def test_rows_without_text_keep_their_place() -> None:
    given = [Row(1), Row(2, ("text",), ("teh",)), Row(3, reason="bad"), Row(4, ("text",), ("x" * 99,)), *rows("a")]
    outcomes = [o for _, found in LocalEngine(1)(chunked(0, given, 50), Job(fake_fixer.load)) for o in found]
    assert [outcome.texts for outcome in outcomes] == [(), ("the",), (), ("x" * 99,), ("a",)]
    assert [outcome.reason for outcome in outcomes] == [
        None,
        None,
        "bad",
        "99 characters, more than --max-chars 50",
        None,
    ]


def test_a_row_that_kills_its_worker_twice_is_rejected_and_no_other(tmp_path: Path) -> None:
    job = Job(partial(fake_fixer.DyingFixer, marks=str(tmp_path)))
    outcomes = repaired(job, ["teh 1", "DIE", "teh 2", "DIE ONCE", "teh 3"], workers=2)
    assert [outcome.texts[0] for outcome in outcomes] == ["the 1", "DIE", "the 2", "DIE ONCE", "the 3"]
    assert [outcome.reason for outcome in outcomes] == [
        None,
        "its worker process ended twice (code 7)",
        None,
        None,
        None,
    ]


def test_a_row_over_time_is_rejected() -> None:
    outcomes = repaired(Job(fake_fixer.SlowFixer, row_timeout=0.5), ["teh", "SLOW", "teh"])
    assert [outcome.texts[0] for outcome in outcomes] == ["the", "SLOW", "the"]
    assert [outcome.reason for outcome in outcomes] == [
        None,
        "its worker process ended twice (over --row-timeout 0.5 s)",
        None,
    ]


def test_workers_that_cannot_start_are_one_error() -> None:
    with pytest.raises(InputError, match="worker processes die as they start"):
        repaired(Job(fake_fixer.load_dying), ["teh"], workers=2)


def test_workers_end_with_the_engine() -> None:
    import multiprocessing

    outcomes = LocalEngine(2)(chunked(0, rows(*["teh"] * 200), 1000), Job(fake_fixer.load))
    next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]
    until = time.monotonic() + 10
    while multiprocessing.active_children() and time.monotonic() < until:
        time.sleep(0.05)
    assert multiprocessing.active_children() == []


def test_a_worker_starts_with_its_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    own, *others = THREADS
    monkeypatch.setenv(own, "7")  # what the user says stays
    for name in others:
        monkeypatch.delenv(name, raising=False)
    with _environment(3):
        assert [os.environ[name] for name in THREADS] == ["7", *("3" for _ in others)]
    assert os.environ[own] == "7"
    assert not set(others) & os.environ.keys()
