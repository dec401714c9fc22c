"""How many of the seed document's artifacts are found and mended: python -m benchmarks.seed"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from mtfix import Fixer

SEED = Path(__file__).parents[1] / "seeds" / "000_aea68b335b6b7adf"


class Count(NamedTuple):
    """Quotes of the gold notes: those found by an issue that overlaps them, those mended, and all."""

    found: list[str]
    mended: list[str]
    all: list[str]


def seed() -> tuple[str, dict[str, Any]]:
    """Return the seed document and its gold notes."""
    gold: dict[str, Any] = json.loads(SEED.with_suffix(".gold.json").read_text(encoding="utf-8"))
    return SEED.with_suffix(".txt").read_text(encoding="utf-8"), gold


def count(fixer: Fixer, must: bool) -> Count:
    """Count the artifacts marked `must`, or the others.

    Found: an issue overlaps every place of the quote. Mended: one of the accepted texts stands in the output and
    the quote is gone; where nothing is accepted, only finding is asked.
    """
    text, gold = seed()
    repair = fixer.repair(text)
    result = Count([], [], [])
    for artifact in gold["artifacts"]:
        if artifact["must"] != must:
            continue
        quote = artifact["quote"]
        result.all.append(quote)
        places = [(start, start + len(quote)) for start in artifact["starts"]]
        if all(any(i.start < end and start < i.end for i in repair.issues) for start, end in places):
            result.found.append(quote)
        if quote not in repair.text and any(accepted in repair.text for accepted in artifact["accept"]):
            result.mended.append(quote)
    return result


def lost(fixer: Fixer) -> list[str]:
    """Return the strings that had to survive and did not."""
    text, gold = seed()
    repaired = fixer.clean(text)
    return [string for string in gold["clean"] if string not in repaired]


def outside(fixer: Fixer) -> list[str]:
    """Return what is found beside the artifacts of the gold notes, each with its detector."""
    text, gold = seed()
    places = [(start, start + len(artifact["quote"])) for artifact in gold["artifacts"] for start in artifact["starts"]]
    return [
        f"{issue.text} ({issue.detector})"
        for issue in fixer.check(text)
        if not any(issue.start < end and start < issue.end for start, end in places)
    ]


def report(fixer: Fixer) -> list[str]:
    """Return lines that tell the counts and what is missing."""
    lines = []
    for must in (True, False):
        counted = count(fixer, must)
        name = "must" if must else "others"
        lines.append(
            f"- seed, {name}: {len(counted.found)} of {len(counted.all)} found, {len(counted.mended)} mended; "
            f"not found: {', '.join(q for q in counted.all if q not in counted.found) or 'none'}; "
            f"not mended: {', '.join(q for q in counted.all if q not in counted.mended) or 'none'}"
        )
    lines.append(f"- seed, strings to keep that were lost: {', '.join(lost(fixer)) or 'none'}")
    others = outside(fixer)
    lines.append(f"- seed, found beside the artifacts: {len(others)}: {', '.join(others)}")
    return lines


if __name__ == "__main__":
    print("\n".join(report(Fixer())))
