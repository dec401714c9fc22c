"""Words per second of detectors, and the cost of more rules: python -m benchmarks.rules_speed FILE.jsonl[.zst] ...

More rules are copies of the shipped ones, found by other words. Silent ones are found by words that no text has: what a
phrasebook costs that has nothing to say. Shuffled ones are found by each other's words: tried as often as the shipped
ones, mostly in vain.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from benchmarks.conditions import write
from benchmarks.rules import texts
from mtfix.detect import RuleDetector, detectors, phrasebooks
from mtfix.document import Document
from mtfix.protect import protect
from mtfix.segment import segment
from mtfix.sentences import split

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


def multiplied(times: int, shuffled: bool) -> RuleDetector:
    """Return a detector with so many times the shipped rules, the copies found by other words."""
    detector = RuleDetector(phrasebooks())
    count, index = len(detector.rules), detector._index
    shipped = {word: list(places) for word, places in index.items()}
    for copy in range(1, times):
        others = random.Random(copy).sample(sorted(shipped), len(shipped))
        for word, other in zip(shipped, others, strict=True):
            shifted = [(number + copy * count, first, last) for number, first, last in shipped[word]]
            index.setdefault(other if shuffled else word + "q" * copy, []).extend(shifted)
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
        split.cache_clear()  # no text has been read before
        return [segment(text, protect(text)) for text in read]

    documents, passes = segmented(), detectors()
    run(passes, documents)
    lines = [
        "# Speed of rules and detectors",
        "",
        f"{words:,} words of {', '.join(path.name for path in arguments.files)}, one core, best of {_RUNS} runs.",
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
    lines += ["", "| rules | words/s of the rules alone, silent copies | shuffled copies |", "|--:|--:|--:|"]
    for times in _TIMES:
        silent, shuffled = multiplied(times, shuffled=False), multiplied(times, shuffled=True)
        cells = [f"{words / seconds(partial(run, [detect], documents)):,.0f}" for detect in (silent, shuffled)]
        lines.append(f"| {len(silent.rules):,} | {' | '.join(cells)} |")
    write("rules_speed", lines)


if __name__ == "__main__":
    main()
