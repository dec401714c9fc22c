"""How often each rule fires on human English: python -m benchmarks.rules FILE.jsonl[.zst] ... [--words N]

Each line is a JSON object with a "text" and perhaps a "source"; sources that begin with "newstest" are left out.
"""

from __future__ import annotations

import argparse
import io
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.conditions import write
from mtfix.detect import RuleDetector, fragments, phrasebooks
from mtfix.result import Edit
from mtfix.segment import segment


class Tally(NamedTuple):
    """Words read, hits that change the text and hits that only report, by detector, and a few hits of each."""

    words: int
    edits: Counter[str]
    reports: Counter[str]
    examples: dict[str, list[str]]


def texts(paths: list[Path], words: int) -> Iterator[str]:
    """Yield texts of each file, in order, up to its share of so many words."""
    for path in paths:
        left = words / len(paths)
        for row in _rows(path):
            if left <= 0:
                break
            if not str(row.get("source", "")).startswith("newstest"):
                left -= len(str(row["text"]).split())
                yield str(row["text"])


def _rows(path: Path) -> Iterator[dict[str, object]]:
    with path.open("rb") as file:
        stream: Any = file
        if path.suffix == ".zst":
            import zstandard

            stream = zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(file)
        for line in io.TextIOWrapper(stream, encoding="utf-8"):
            yield json.loads(line)


def tally(paths: list[Path], words: int, shown: int = 3) -> Tally:
    """Count the hits of every rule and fragment detector, keeping `shown` of each with their surroundings."""
    detector = RuleDetector(phrasebooks())
    edits: Counter[str] = Counter()
    reports: Counter[str] = Counter()
    examples: dict[str, list[str]] = {}
    count = 0
    for text in texts(paths, words):
        count += len(text.split())
        document = segment(text)
        for found in (*detector(document), *fragments(document)):
            repairs = isinstance(found, Edit)
            name = found.issues[0].detector if isinstance(found, Edit) else found.detector
            (edits if repairs else reports)[name] += 1
            kept = examples.setdefault(name, [])
            if len(kept) < shown:
                before, after = text[max(0, found.start - 40) : found.start], text[found.end : found.end + 40]
                kept.append(f"{before}[[{found.text}]]{after}".replace("\n", " "))
    return Tally(count, edits, reports, examples)


def main() -> None:
    """Print the rates and keep them as benchmarks/results/rules.md (without the texts)."""
    parser = argparse.ArgumentParser(description="How often each rule fires on human English.")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--words", type=int, default=1_000_000)
    parser.add_argument("--examples", type=int, default=0, help="hits of each rule to print")
    arguments = parser.parse_args()
    result = tally(arguments.files, arguments.words, arguments.examples)
    changed, reported = sum(result.edits.values()), sum(result.reports.values())
    lines = [
        "# Rules on human English",
        "",
        f"{result.words:,} words of {', '.join(path.name for path in arguments.files)}.",
        f"Changes: one per {result.words // max(1, changed):,} words. "
        f"All hits: one per {result.words // max(1, changed + reported):,} words.",
        "",
        "| rule | hits | per million words | changes the text |",
        "|---|--:|--:|---|",
    ]
    for hits, changes in ((result.edits, "yes"), (result.reports, "no")):
        for name, number in hits.most_common():
            lines.append(f"| {name} | {number} | {number / max(1, result.words) * 1e6:.1f} | {changes} |")
    write("rules", lines)
    for name, kept in sorted(result.examples.items()):
        print(name, *kept, sep="\n    ")


if __name__ == "__main__":
    main()
