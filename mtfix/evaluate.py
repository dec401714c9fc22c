"""Scores against references, with doing nothing beside mtfix, and harm on human English."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from sacrebleu.metrics import BLEU, CHRF, TER
from tqdm import tqdm

from mtfix import __version__
from mtfix.fixer import Fixer
from mtfix.options import OptionsError
from mtfix.training import corpora

PROSE = 2000  # sentences of the harm sample


@dataclass(frozen=True)
class Evaluation:
    """A printable table, and every sentence that was changed: `before`, `after` and, where known, `reference`."""

    table: str
    changes: tuple[dict[str, str], ...]

    def __str__(self) -> str:
        return self.table


class _Row(NamedTuple):
    group: str
    hypothesis: str
    reference: str


def evaluate(set_name: str, data: Path, fixer: Fixer, split: str = "test20", limit: int | None = None) -> Evaluation:
    """Measure `fixer` on a set: "mlqe-pe" (repair) or "prose" (harm: how much good English it changes).

    `data` is the folder of the sets; `limit` takes the first sentences of each group only. Raises OptionsError
    for an unknown set or missing data.
    """
    if set_name not in SETS:
        raise OptionsError(f"set {set_name!r} is unknown: choose among {', '.join(SETS)}")
    return SETS[set_name](data, fixer, split, limit)


def _mlqe_pe(data: Path, fixer: Fixer, split: str, limit: int | None) -> Evaluation:
    path = data / f"mlqe_pe.{split}.jsonl.gz"
    if not path.is_file():
        raise OptionsError(f"{path} is missing: --data must be the folder that holds it")
    groups: dict[str, list[_Row]] = {}
    for row in corpora.read_rows(path):
        groups.setdefault(row["lang_pair"], []).append(_Row(row["lang_pair"], row["mt"], row["pe"]))
    groups = {pair: rows[:limit] for pair, rows in groups.items()}
    bleu, chrf, ter = BLEU(), CHRF(), TER()
    lines = [
        f"{'MLQE-PE ' + split:15}{'sentences':>10}{'touched':>9}{'better':>8}{'worse':>7}"
        f"{'TER':>16}{'chrF':>16}{'BLEU':>16}"
    ]
    totals: list[list[float]] = []
    counts = [0, 0, 0, 0]
    changes: list[dict[str, str]] = []
    for pair, rows in groups.items():
        before = [row.hypothesis for row in rows]
        after = [fixer.clean(text) for text in tqdm(before, desc=pair, disable=None, leave=False)]
        references = [[row.reference for row in rows]]
        touched = [(b, a, r.reference) for b, a, r in zip(before, after, rows, strict=True) if a != b]
        gains = [_ter_gain(ter, b, a, r) for b, a, r in touched]
        figures = [
            score
            for metric in (ter, chrf, bleu)
            for score in (
                metric.corpus_score(before, references).score,
                metric.corpus_score(after, references).score,
            )
        ]
        totals.append(figures)
        tally = [len(rows), len(touched), sum(g > 0 for g in gains), sum(g < 0 for g in gains)]
        counts = [total + value for total, value in zip(counts, tally, strict=True)]
        lines.append(_line(pair, tally, figures))
        changes += [
            {"group": pair, "before": b, "after": a, "reference": r, "ter_gain": f"{g:.2f}"}
            for (b, a, r), g in zip(touched, gains, strict=True)
        ]
    lines.append(_line("mean", counts, [sum(column) / len(totals) for column in zip(*totals, strict=True)]))
    lines += [
        "Each pair of figures: doing nothing → mtfix. better, worse: touched sentences by sentence TER.",
        *(f"{name}: {metric.get_signature()}" for name, metric in (("TER", ter), ("chrF", chrf), ("BLEU", bleu))),
        _signature(fixer),
    ]
    return Evaluation("\n".join(lines), tuple(changes))


def _prose(data: Path, fixer: Fixer, split: str, limit: int | None) -> Evaluation:
    sentences = human_sentences(data, limit or PROSE)
    changes = [
        {"before": text, "after": after}
        for text in tqdm(sentences, desc="prose", disable=None, leave=False)
        if (after := fixer.clean(text)) != text
    ]
    share = 100 * len(changes) / max(1, len(sentences))
    table = (
        f"human English: {len(changes)} of {len(sentences)} sentences changed ({share:.2f} %; doing nothing: 0)\n"
        f"sample: documents held out of training, by hash\n{_signature(fixer)}"
    )
    return Evaluation(table, tuple(changes))


def human_sentences(data: Path, count: int) -> list[str]:
    """Return a fixed sample of human sentences, none of them seen in training or tuning.

    They come from the prose whose licence bars training, and from the documents held out of it.
    """
    found = set(_held_out(data))
    return sorted(found, key=lambda text: hashlib.sha256(("harm" + text).encode()).digest())[:count]


def _held_out(data: Path) -> Iterator[str]:
    for item in corpora.prose(data, held_out=True):
        if corpora.is_reported(item.text):
            yield item.text
    path = data / "prose_licence_unclear.jsonl.zst"
    if not path.is_file():
        raise OptionsError(f"{path} is missing: --data must be the folder that holds it")
    for row in corpora.read_rows(path):
        if not row["source"].startswith("newstest"):  # in part translated
            yield from corpora.sentences(row["text"])


def _ter_gain(ter: Any, before: str, after: str, reference: str) -> float:
    old: float = ter.sentence_score(before, [reference]).score
    new: float = ter.sentence_score(after, [reference]).score
    return old - new


def _line(name: str, tally: Sequence[int], figures: Sequence[float]) -> str:
    pairs = "".join(f"{f'{a:.2f} → {b:.2f}':>16}" for a, b in zip(figures[::2], figures[1::2], strict=True))
    return f"{name:15}{tally[0]:>10}{tally[1]:>9}{tally[2]:>8}{tally[3]:>7}{pairs}"


def _signature(fixer: Fixer) -> str:
    options = fixer.options
    return f"mtfix {__version__} strength:{options.strength} model:{options.model} backend:{options.backend}"


SETS: dict[str, Callable[[Path, Fixer, str, int | None], Evaluation]] = {"mlqe-pe": _mlqe_pe, "prose": _prose}
