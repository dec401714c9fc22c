"""Recall of spellings of one name at a fixed rate of false positives, mtfix beside other methods on the same pairs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from timeit import timeit
from typing import Any

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import Indel, JaroWinkler
from tqdm import tqdm

from mtfix.names.alignment import _align, units
from mtfix.names.romanization import fold, skeleton, sounds
from mtfix.names.similarity import shipped
from mtfix.training.name_pairs import Pair, training_and_held_out
from mtfix.training.names import TEST_PAIRS, recall_at

_REPORTED = ("ar", "he", "ru", "zh")
_PASSES = 3
Method = Callable[[Pair], float]


def methods() -> dict[str, Callable[[], Method]]:
    """Return what makes each method that is installed; the others need `pip install mtfix[benchmarks]`."""
    found: dict[str, Callable[[], Method]] = {
        "mtfix, source told": lambda: _mtfix(told=True),
        "mtfix, source unknown": lambda: _mtfix(told=False),
        "Jaro-Winkler": lambda: lambda pair: JaroWinkler.similarity(pair.a, pair.b),
        "rapidfuzz ratio": lambda: lambda pair: fuzz.ratio(pair.a, pair.b),
    }
    if find_spec("metaphone"):
        found["Double Metaphone"] = _double_metaphone
    if find_spec("nomenklatura"):
        found["nomenklatura logic-v2"] = _logic_v2
    return found


def _mtfix(told: bool) -> Method:
    """Return the shipped scorer, loaded, that remembers no name."""
    for remembered in (fold, sounds, skeleton, units, _align, shipped):
        remembered.cache_clear()
    score = shipped()
    for language in _REPORTED:
        score("mariya", "maria", language if told else "")
    return lambda pair: score(pair.a, pair.b, pair.language if told else "")


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


def _timed(method: Method, pairs: Sequence[Pair]) -> tuple[list[float], float]:
    found: list[float] = []
    return found, timeit(lambda: found.extend(map(method, pairs)), number=1)


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
    for name, made in methods().items():
        passes = [_timed(made(), pairs) for _ in tqdm(range(_PASSES), desc=name, disable=None, leave=False)]
        scores, speed = np.array(passes[0][0]), len(pairs) / min(seconds for _, seconds in passes)
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
    lines += [
        "",
        f"Pairs/s: the fastest of {_PASSES} passes that remember nothing of the one before, no garbage collected.",
    ]
    return [*lines, "", f"Pairs of one name + look-alikes, of source tokens that the scorer never saw: {counts}."]
