"""Recall of spellings of one name at a fixed rate of false positives, mtfix beside other methods on the same pairs."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import Indel, JaroWinkler
from tqdm import tqdm

from mtfix.names.similarity import shipped
from mtfix.training.name_pairs import Pair, training_and_held_out
from mtfix.training.names import TEST_PAIRS, recall_at

_REPORTED = ("ar", "he", "ru", "zh")
Method = Callable[[Pair], float]


def methods() -> dict[str, Method]:
    """Return the methods that are installed, by name; the others need `pip install mtfix[benchmarks]`."""
    score = shipped()
    found: dict[str, Method] = {
        "mtfix, source told": lambda pair: score(pair.a, pair.b, pair.language),
        "mtfix, source unknown": lambda pair: score(pair.a, pair.b),
        "Jaro-Winkler": lambda pair: JaroWinkler.similarity(pair.a, pair.b),
        "rapidfuzz ratio": lambda pair: fuzz.ratio(pair.a, pair.b),
    }
    if find_spec("metaphone"):
        found["Double Metaphone"] = _double_metaphone()
    if find_spec("nomenklatura"):
        found["nomenklatura logic-v2"] = _logic_v2()
    return found


def _double_metaphone() -> Method:
    """Codes compared letter by letter; the spelling decides between pairs of equal score."""
    from metaphone import doublemetaphone

    def score(pair: Pair) -> float:
        codes = [[code for code in doublemetaphone(name) if code] for name in (pair.a, pair.b)]
        best = max((Indel.normalized_similarity(x, y) for x in codes[0] for y in codes[1]), default=0.0)
        return best + 0.01 * Indel.normalized_similarity(pair.a, pair.b)

    return score


def _logic_v2() -> Method:
    from followthemoney import EntityProxy
    from nomenklatura.matching import LogicV2, ScoringConfig

    config = ScoringConfig.defaults()

    def person(name: str) -> Any:
        return EntityProxy.from_dict({"id": name, "schema": "Person", "properties": {"name": [name.capitalize()]}})

    def score(pair: Pair) -> float:
        return float(LogicV2.compare(person(pair.a), person(pair.b), config).score)

    return score


def report(data: Path) -> list[str]:
    """Return a table of recall at 1 % and 5 % false positives by language, and the speed of each method."""
    _, pairs = training_and_held_out(data / "name_romanisations.tsv.gz", 1, TEST_PAIRS)
    pairs = [pair for pair in pairs if pair.language in _REPORTED]
    same = np.array([pair.same for pair in pairs])
    languages = np.array([pair.language for pair in pairs])
    lines = [
        "| recall at 1 % (5 %) false positives | " + " | ".join(_REPORTED) + " | mean | pairs/s |",
        "|---" * (len(_REPORTED) + 3) + "|",
    ]
    for name, method in methods().items():
        method(pairs[0])
        begun = time.perf_counter()
        scores = np.array([method(pair) for pair in tqdm(pairs, desc=name, disable=None, leave=False)])
        speed = len(pairs) / (time.perf_counter() - begun)
        recalls = [
            [recall_at(scores[languages == language], same[languages == language], rate) for rate in (0.01, 0.05)]
            for language in _REPORTED
        ]
        cells = [f"{one:.3f} ({five:.3f})" for one, five in [*recalls, np.mean(recalls, axis=0)]]
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {speed:,.0f} |")
    counts = ", ".join(
        f"{language} {int(same[languages == language].sum()):,} + {int((~same[languages == language]).sum()):,}"
        for language in _REPORTED
    )
    return [*lines, "", f"Pairs of one name + look-alikes, of source tokens that the scorer never saw: {counts}."]
