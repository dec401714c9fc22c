"""Findings in machine translation, drawn to be read: python -m benchmarks.findings FILE --data DIR --set un-es

Writes a JSON Lines file with, for each finding, what a reader needs to judge it: the sentence, what was found and why,
what it becomes, and the post-edit or reference. What several systems wrote alike is drawn once. The judgements are kept
in benchmarks/results/findings.md, with the words that were found and without the sentences.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tqdm import tqdm

from mtfix.detect import RuleDetector, phrasebooks
from mtfix.detect.doubled import doubled
from mtfix.detect.loops import loops
from mtfix.detect.numerals import numerals
from mtfix.protect import protect
from mtfix.result import Edit
from mtfix.segment import segment
from mtfix.training.corpora import read_rows


class Sentence(NamedTuple):
    """A hypothesis, where it stands, and its post-edit or reference."""

    place: str
    hypothesis: str
    reference: str


def sentences(data: Path, name: str) -> Iterator[Sentence]:
    """Yield the hypotheses of a set: "mlqe-pe" (test20), "un-ar" or "un-es"."""
    if name == "mlqe-pe":
        for row in read_rows(data / "mlqe_pe.test20.jsonl.gz"):
            yield Sentence(f"{row['lang_pair']} {row['id']}", row["mt"], row["pe"])
        return
    for row in read_rows(data / "un_ar_es_en_mt.jsonl.zst"):
        if row["pair"] == f"{name[3:]}-en":
            for output in row["mts"]:
                yield Sentence(f"{row['pair']} {row['line']}", output["mt"], row["refs"][0])


def findings(rows: Iterator[Sentence]) -> Iterator[dict[str, object]]:
    """Yield what the phrasebooks and the detectors of single sentences find, alike findings of one place once."""
    detectors = (RuleDetector(phrasebooks("auto")), numerals, loops, doubled)
    seen = set()
    for place, hypothesis, reference in tqdm(rows, desc="reading", unit=" sentences", disable=None):
        document = segment(hypothesis, protect(hypothesis))
        for found in (item for detector in detectors for item in detector(document)):
            issue = found.issues[0] if isinstance(found, Edit) else found
            key = (place, issue.detector, issue.text.lower())
            if key not in seen:
                seen.add(key)
                yield {
                    "place": place,
                    "detector": issue.detector,
                    "severity": issue.severity,
                    "found": issue.text,
                    "start": issue.start,
                    "replacement": found.replacement if isinstance(found, Edit) else None,
                    "suggestions": issue.suggestions,
                    "message": issue.message,
                    "hypothesis": hypothesis,
                    "reference": reference,
                }


def main() -> None:
    """Draw, write, and count by detector."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--set", choices=("mlqe-pe", "un-ar", "un-es"), required=True)
    parser.add_argument("--sample", type=int, default=300)
    arguments = parser.parse_args()
    found = list(findings(sentences(arguments.data, arguments.set)))
    drawn = random.Random(6).sample(found, min(arguments.sample, len(found)))
    arguments.file.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in drawn), encoding="utf-8")
    print(f"{len(found)} findings, {len(drawn)} drawn")
    for name, count in Counter(item["detector"] for item in drawn).most_common():
        print(f"{count:5} {name}")


if __name__ == "__main__":
    main()
