"""What must hold on real data. The data are no part of the project: without them these tests are skipped.

They are looked for in the folder that the environment variable MTFIX_DATA names, or in ../shared/data.
"""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest

import mtfix
from benchmarks.opened import OPEN, opened
from mtfix.evaluate import evaluate
from mtfix.options import Options
from mtfix.training.corpora import read_rows

DATA = Path(os.environ.get("MTFIX_DATA", Path(__file__).parents[2] / "shared" / "data"))
pytestmark = pytest.mark.skipif(
    not (DATA / "mlqe_pe.dev.jsonl.gz").is_file(), reason=f"needs the development data ({DATA}, or MTFIX_DATA)"
)


@pytest.fixture(scope="module")
def translated() -> list[str]:
    """Every tenth sentence of the development set: 500 machine translations from five languages."""
    return [row["mt"] for row in itertools.islice(read_rows(DATA / "mlqe_pe.dev.jsonl.gz"), 0, 5000, 10)]


@pytest.fixture(scope="module")
def open_gate(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The shipped model with its gate opened: the shipped gate may let nothing through, which would test nothing."""
    return opened(Options().model, tmp_path_factory.mktemp("opened"), OPEN)


def test_a_second_run_changes_nothing(translated: list[str], open_gate: str) -> None:
    fixer = mtfix.Fixer(model=open_gate)
    once = [fixer.clean(text) for text in translated]
    assert once != translated
    assert [fixer.clean(text) for text in once] == once


@pytest.mark.parametrize(("strength", "ties"), [("conservative", 4), ("balanced", 8)])
def test_both_backends_give_the_same_text(translated: list[str], strength: str, ties: int) -> None:
    """But for near-ties at the gate, which fall either way: without VNNI the processor's sums of int8 are rough."""
    ours, theirs = mtfix.Fixer(strength=strength), mtfix.Fixer(strength=strength, backend="torch")
    sample = translated[::3]
    once = [ours.clean(text) for text in sample]
    differ = [cleaned for text, cleaned in zip(sample, once, strict=True) if theirs.clean(text) != cleaned]
    assert sum(a != b for a, b in zip(once, sample, strict=True)) >= 8
    assert len(differ) <= ties, differ


def test_human_english_comes_back_unchanged() -> None:
    changes = evaluate("prose", DATA, mtfix.Fixer(), limit=2000).changes
    assert len(changes) <= 20, changes  # 1 % of 2,000 sentences
