"""Names in figures: python -m benchmarks.names --data DIR

Pairs beside other methods (`pip install mtfix[benchmarks]`), respelt articles, articles nobody touched, speed.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

from benchmarks import name_documents, name_pairs
from benchmarks.conditions import write
from benchmarks.respelling import articles
from mtfix.names import NamesPass
from mtfix.segment import segment


def curve(data: Path) -> list[str]:
    """Return lines on the speed of the names pass: on news, and as mentions of one document grow."""
    texts = list(articles(data, "dev"))[:300]
    names = NamesPass()
    documents = [segment(text) for text in texts]
    begun = time.perf_counter()
    for document in documents:
        names(document)
    words = sum(len(text.split()) for text in texts)
    lines = [f"News: {words / (time.perf_counter() - begun):,.0f} words/s, one core ({words:,} words)."]
    rng = random.Random(0)
    syllables = [a + b for a in "bdfghjklmnprstvz" for b in ("a", "e", "i", "o", "u", "ar", "en", "il")]
    for mentions in (500, 5000, 50000):
        pool = ["".join(rng.choices(syllables, k=3)).capitalize() for _ in range(mentions // 5)]
        parts = (
            f"Then {rng.choice(pool)} {rng.choice(pool)} met Mr {rng.choice(pool)} there." for _ in range(mentions // 2)
        )
        document = segment(" ".join(parts))
        begun = time.perf_counter()
        names(document)
        lines.append(f"One document with {mentions:,} mentions: {time.perf_counter() - begun:.2f} s.")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--part", default="test", choices=("dev", "test"))
    options = parser.parse_args()
    untouched, changes = name_documents.untouched(options.data, options.part, 2000)
    write(
        "names",
        [
            "# Names",
            "",
            "`python -m benchmarks.names --data DIR`",
            "",
            *name_pairs.report(options.data),
            "",
            *name_documents.report(options.data, options.part, 300),
            "",
            *untouched,
            "",
            *curve(options.data),
        ],
    )
    Path("out").mkdir(exist_ok=True)
    Path("out/names-changes.tsv").write_text("\n".join(changes) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
