"""How often the detectors fire on human English: python -m benchmarks.rules FILE.jsonl[.zst] ... [--words N]

Each line is a JSON object with a "text" and perhaps a "source"; sources that begin with "newstest" are left out. All
detectors but names and the model.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.conditions import write
from mtfix.detect import detectors
from mtfix.protect import protect
from mtfix.result import SEVERITIES, Edit, Issue
from mtfix.segment import segment
from mtfix.training.corpora import read_rows


class Tally(NamedTuple):
    """Words read, hits that change the text and hits that only report, by detector and severity; a few hits of each."""

    words: int
    edits: Counter[tuple[str, str]]
    reports: Counter[tuple[str, str]]
    examples: dict[str, list[str]]


def texts(paths: list[Path], words: int) -> Iterator[str]:
    """Yield texts of each file, in order, up to its share of so many words."""
    for path in paths:
        left = words / len(paths)
        for row in read_rows(path):
            if left <= 0:
                break
            if not str(row.get("source", "")).startswith("newstest"):
                left -= len(str(row["text"]).split())
                yield str(row["text"])


def tally(paths: list[Path], words: int, shown: int = 3) -> Tally:
    """Count the hits of every detector, keeping `shown` of each with their surroundings."""
    result = Tally(0, Counter(), Counter(), {})
    passes = detectors()
    for text in texts(paths, words):
        result = result._replace(words=result.words + len(text.split()))
        document = segment(text, protect(text))
        for found in (found for detect in passes for found in detect(document)):
            issue: Issue = found.issues[0] if isinstance(found, Edit) else found
            (result.edits if isinstance(found, Edit) else result.reports)[issue.detector, issue.severity] += 1
            kept = result.examples.setdefault(issue.detector, [])
            if len(kept) < shown:
                before, after = text[max(0, found.start - 40) : found.start], text[found.end : found.end + 40]
                kept.append(f"{before}[[{found.text}]]{after}".replace("\n", " "))
    return result


def rates(result: Tally) -> list[str]:
    """Return lines that tell how many words go by for one finding, changes and severities apart."""
    counts = {"changes": sum(result.edits.values())}
    for severity in SEVERITIES:
        counts[severity] = sum(
            n for hits in (result.edits, result.reports) for (_, s), n in hits.items() if s == severity
        )
    counts["any severity"] = sum(result.edits.values()) + sum(result.reports.values())
    return [
        f"- {name}: {count}, one per {result.words // count:,} words" if count else f"- {name}: none"
        for name, count in counts.items()
    ]


def main() -> None:
    """Print the rates and keep them as benchmarks/results/rules.md (without the texts)."""
    parser = argparse.ArgumentParser(description="How often each detector fires on human English.")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--words", type=int, default=1_000_000)
    parser.add_argument("--examples", type=int, default=0, help="hits of each detector to print")
    arguments = parser.parse_args()
    result = tally(arguments.files, arguments.words, arguments.examples)
    lines = [
        "# Detectors on human English",
        "",
        f"{result.words:,} words of {', '.join(path.name for path in arguments.files)}; names and model off.",
        "",
        *rates(result),
        "",
        "| detector | severity | hits | per million words | changes the text |",
        "|---|---|--:|--:|---|",
    ]
    for hits, changes in ((result.edits, "yes"), (result.reports, "no")):
        for (name, severity), number in hits.most_common():
            lines.append(f"| {name} | {severity} | {number} | {number / max(1, result.words) * 1e6:.1f} | {changes} |")
    write("rules", lines)
    for name, kept in sorted(result.examples.items()):
        print(name, *kept, sep="\n    ")


if __name__ == "__main__":
    main()
