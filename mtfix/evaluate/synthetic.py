"""Errors put into human English, one a sentence: how many of each kind are mended, and what is harmed."""

from __future__ import annotations

import random
from pathlib import Path

from rapidfuzz.distance import Levenshtein
from tqdm import tqdm

from mtfix.document import tokenize
from mtfix.evaluate.harm import human_sentences
from mtfix.evaluate.result import Evaluation, signature
from mtfix.fixer import Fixer
from mtfix.training.noise import MEASURED, one_error

_SENTENCES = 400  # of each kind


def synthetic(data: Path, fixer: Fixer, split: str, limit: int | None) -> Evaluation:
    """Measure mending of artificial errors; `limit` sentences of each kind, from documents held out of training.

    Mended: the text is again what it was. Nearer, harmed: fewer or more token edits away from it than before.
    """
    count = limit or _SENTENCES
    sentences = [s for s in human_sentences(data, 8 * count) if 6 <= len(s.split()) <= 60]
    rng = random.Random(0)
    lines = [f"{'synthetic errors':24}{'sentences':>10}{'touched':>9}{'mended':>9}{'nearer':>8}{'harmed':>8}"]
    changes: list[dict[str, str]] = []
    for kind in MEASURED:
        made = ((" ".join(s.split()), one_error(s, kind, rng)) for s in sentences)
        pairs = [(clean, spoilt) for clean, spoilt in made if spoilt is not None][:count]
        if not pairs:
            lines.append(f"{kind:24}{0:>10}")
            continue
        tally = [0, 0, 0, 0]
        for clean, spoilt in tqdm(pairs, desc=kind, disable=None, leave=False):
            after = fixer.clean(spoilt)
            if after == spoilt:
                continue
            gain = _distance(spoilt, clean) - _distance(after, clean)
            for i, held in enumerate((True, after == clean, gain > 0, gain < 0)):
                tally[i] += held
            changes.append({"group": kind, "before": spoilt, "after": after, "reference": clean})
        shares = f"{tally[1] / len(pairs):>9.1%}{tally[2] / len(pairs):>8.1%}{tally[3] / len(pairs):>8.1%}"
        lines.append(f"{kind:24}{len(pairs):>10}{tally[0]:>9}{shares}")
    lines += ["doing nothing mends and harms none", signature(fixer)]
    return Evaluation("\n".join(lines), tuple(changes))


def _distance(text: str, other: str) -> int:
    return Levenshtein.distance([t.text for t in tokenize(text)], [t.text for t in tokenize(other)])
