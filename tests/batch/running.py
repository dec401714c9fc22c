"""Runs of `mtfix batch` with a fixer that needs no model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mtfix import commands
from tests import fake_fixer


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the fixer without a model in place of the real one; take effect where this is imported."""
    monkeypatch.setattr(commands, "load_fixer", fake_fixer.load)


def rejects(tmp_path: Path, suffix: str = ".jsonl") -> dict[int, str]:
    """Return the rows that were left alone, with the reasons."""
    lines = (tmp_path / f"out{suffix}.rejects.jsonl").read_text(encoding="utf-8").splitlines()
    return {entry["row"]: entry["reason"] for entry in map(json.loads, lines)}
