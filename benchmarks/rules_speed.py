"""Words per second of rules and detectors, and what more rules cost: python -m benchmarks.rules_speed FILE.jsonl[.zst] ...

More rules are copies of the shipped ones in which every word that a rule is found by is spelt with another letter more, so
that it stands in no text: what a phrasebook costs that has nothing to say. Beside them copies that fire just as often.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from benchmarks.conditions import write
from benchmarks.rules import texts
from mtfix.detect import RuleDetector, detectors, phrasebooks
from mtfix.document import Document
from mtfix.protect import protect
from mtfix.segment import segment

_RUNS = 3
_TIMES = (1, 2, 4, 8)


def seconds(call: Callable[[], object]) -> float:
    """Return the least processor time of several runs."""
    least = float("inf")
    for _ in range(_RUNS):
        begun = time.process_time()
        call()
        least = min(least, time.process_time() - begun)
    return least


def multiplied(times: int, silent: bool) -> RuleDetector:
    """Return a detector with so many times the shipped rules; silent copies are found by words that no text has."""
    detector = RuleDetector(phrasebooks())
    count, index = len(detector.rules), detector._index
    shipped = {word: list(places) for word, places in index.items()}
    for copy in range(1, times):
        for word, places in shipped.items():
            shifted = [(number + copy * count, first, last) for number, first, last in places]
            index.setdefault(f"{word}{'q' * copy}" if silent else word, []).extend(shifted)
    detector.rules = detector.rules * times
    return detector


def run(passes: Sequence[Callable[[Document], Iterable[object]]], documents: Sequence[Document]) -> None:
    """Run the passes over the documents."""
    for document in documents:
        for detect in passes:
            list(detect(document))


def main() -> None:
    """Measure and keep the result as benchmarks/results/rules_speed.md."""
    parser = argparse.ArgumentParser(description="Words per second of rules and detectors.")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--words", type=int, default=50_000)
    arguments = parser.parse_args()
    read = list(texts(arguments.files, arguments.words))
    words = sum(len(text.split()) for text in read)

    def segmented() -> list[Document]:
        return [segment(text, protect(text)) for text in read]

    documents, passes = segmented(), detectors()
    run(passes, documents)
    lines = [
        "# Speed of rules and detectors",
        "",
        f"{words:,} words of {', '.join(path.name for path in arguments.files)}, one process, processor time, best of {_RUNS}.",
        "",
        "| what | words/s |",
        "|---|--:|",
    ]

    def line(name: str, call: Callable[[], object]) -> None:
        lines.append(f"| {name} | {words / seconds(call):,.0f} |")

    line("segmentation, protection, all phrasebooks and detectors", lambda: run(passes, segmented()))
    line("segmentation and protection alone", segmented)
    line("all phrasebooks and detectors, on documents", lambda: run(passes, documents))
    line("detectors without the phrasebooks", lambda: run(passes[1:], documents))
    lines += [
        "",
        "| rules | words/s of the rules alone, more rules silent | more rules firing as often |",
        "|--:|--:|--:|",
    ]
    for times in _TIMES:
        speeds = [
            words / seconds(lambda d=d: run([d], documents)) for d in (multiplied(times, s) for s in (True, False))
        ]  # type: ignore[misc]
        lines.append(f"| {len(multiplied(times, True).rules):,} | {speeds[0]:,.0f} | {speeds[1]:,.0f} |")
    write("rules_speed", lines)


if __name__ == "__main__":
    main()
