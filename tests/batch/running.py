"""Runs of `mtfix batch` with a fixer that needs no model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mtfix import commands
from mtfix.batch.chunks import Chunk
from mtfix.batch.engine import Engine
from mtfix.batch.job import Job
from mtfix.batch.rows import Row
from tests import fake_fixer


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the fixer without a model in place of the real one; take effect where this is imported."""
    monkeypatch.setattr(commands, "load_fixer", fake_fixer.load)


def rejects(tmp_path: Path, suffix: str = ".jsonl") -> dict[int, str]:
    """Return the rows that were left alone, with the reasons."""
    lines = (tmp_path / f"out{suffix}.rejects.jsonl").read_text(encoding="utf-8").splitlines()
    return {entry["row"]: entry["reason"] for entry in map(json.loads, lines)}


def read_for_the_first(engine: Engine) -> int:
    """Return how many of ten thousand rows are read when the first is repaired, which is checked."""
    read = 0

    def chunks() -> Iterator[Chunk]:
        nonlocal read
        for read in range(1, 10_001):
            yield Chunk(0, (Row(read, ("text",), ("teh",)),), last=False)

    outcomes = engine(chunks(), Job(fake_fixer.load))
    chunk, (outcome,) = next(outcomes)
    assert (chunk.rows[0].number, outcome.texts) == (1, ("the",))
    outcomes.close()  # type: ignore[attr-defined]
    return read
