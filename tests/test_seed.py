"""The seed texts: what a reader marked in them is found and mended, and the rest stays."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import mtfix
from mtfix.result import replay

SEEDS = Path(__file__).parent.parent / "seeds"
GOLD = sorted(SEEDS.glob("*.gold.json"))
pytestmark = pytest.mark.skipif(not GOLD, reason="no seeds")


@cache
def fixer() -> mtfix.Fixer:
    return mtfix.Fixer(regenerate=False)


@cache
def repaired(gold: Path) -> tuple[str, mtfix.Repair, dict[str, Any]]:
    text = (SEEDS / gold.name.replace(".gold.json", ".txt")).read_text(encoding="utf-8")
    return text, fixer().repair(text), json.loads(gold.read_text(encoding="utf-8"))


def is_found(artifact: dict[str, Any], repair: mtfix.Repair) -> bool:
    length = len(artifact["quote"])
    return any(
        issue.start < start + length and start < issue.end for issue in repair.issues for start in artifact["starts"]
    )


def is_mended(artifact: dict[str, Any], repair: mtfix.Repair) -> bool:
    quote, accept = artifact["quote"], artifact["accept"]
    gone = quote not in repair.text or quote in accept or any(quote in form for form in accept)
    return gone and any(form in repair.text for form in accept)


@pytest.mark.parametrize("gold", GOLD, ids=lambda path: path.stem[:8])
class TestSeed:
    def test_finds_and_mends_what_must_be(self, gold: Path) -> None:
        _, repair, marks = repaired(gold)
        must = [artifact for artifact in marks["artifacts"] if artifact["must"]]
        missed = [artifact["quote"] for artifact in must if not is_found(artifact, repair)]
        left = [artifact["quote"] for artifact in must if not is_mended(artifact, repair)]
        assert len(missed) <= 0.1 * len(must), missed
        assert len(left) <= 0.2 * len(must), left

    def test_leaves_the_rest_alone(self, gold: Path) -> None:
        text, repair, marks = repaired(gold)
        for kept in marks["clean"]:
            assert repair.text.count(kept) >= text.count(kept), kept

    def test_repairs_once_and_for_all(self, gold: Path) -> None:
        _, repair, _ = repaired(gold)
        assert fixer().clean(repair.text) == repair.text

    def test_edits_give_the_text(self, gold: Path) -> None:
        text, repair, _ = repaired(gold)
        assert replay(text, repair.edits) == repair.text
        for edit in repair.edits:
            assert text[edit.start : edit.end] == edit.text
        for issue in repair.issues:
            assert text[issue.start : issue.end] == issue.text
