"""Repair: TER, chrF and BLEU against references, by part, with doing nothing beside mtfix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from sacrebleu.metrics import BLEU, CHRF, TER
from tqdm import tqdm

from mtfix.evaluate.result import Evaluation, interval, needed, signature
from mtfix.fixer import Fixer
from mtfix.training import corpora

_ARABIC_LIMIT = 1000  # sentences of each system, when no limit is given


class Row(NamedTuple):
    """A hypothesis and its reference."""

    hypothesis: str
    reference: str


def mlqe_pe(data: Path, fixer: Fixer, split: str, limit: int | None) -> Evaluation:
    """Measure on the MLQE-PE post-edits of a split, by language pair; better and worse are by sentence TER."""
    groups: dict[str, list[Row]] = {}
    for row in corpora.read_rows(needed(data / f"mlqe_pe.{split}.jsonl.gz")):
        groups.setdefault(row["lang_pair"], []).append(Row(row["mt"], row["pe"]))
    return scored(f"MLQE-PE {split}", {pair: rows[:limit] for pair, rows in groups.items()}, fixer, "TER")


def un_arabic(data: Path, fixer: Fixer, split: str, limit: int | None) -> Evaluation:
    """Measure on UN ar-en sentences kept out of training, by system; better and worse are by sentence chrF.

    The reference is the UN's own English, not an edit of the output.
    """
    groups: dict[str, list[Row]] = {}
    for row in corpora.read_rows(needed(data / "un_ar_es_en_mt.jsonl.zst")):
        if row["pair"] == "ar-en" and corpora.is_held_out(f"un {row['line']}"):
            for output in row["mts"]:
                for system in output["sys"]:
                    groups.setdefault(system, []).append(Row(output["mt"], row["refs"][0]))
    chosen = {system: rows[: limit or _ARABIC_LIMIT] for system, rows in sorted(groups.items())}
    return scored("UN ar-en", chosen, fixer, "chrF")


def scored(name: str, groups: Mapping[str, Sequence[Row]], fixer: Fixer, judge: Literal["TER", "chrF"]) -> Evaluation:
    """Score parts, each a list of hypotheses with references; better and worse are by sentence score of `judge`."""
    bleu, chrf, ter = BLEU(), CHRF(), TER()
    lines = [
        f"{name:15}{'sentences':>10}{'touched':>9}{'better':>8}{'worse':>7}{'TER':>16}{'chrF':>16}{'BLEU':>16}",
    ]
    totals: list[list[float]] = []
    tallies: list[list[int]] = []
    changes: list[dict[str, str]] = []
    edits: list[list[tuple[float, float]]] = []
    closer: list[list[tuple[float, float]]] = []
    for part, rows in groups.items():
        before = [row.hypothesis for row in rows]
        after = [fixer.clean(text) for text in tqdm(before, desc=part, disable=None, leave=False)]
        references = [[row.reference for row in rows]]
        figures = [
            score
            for metric in (ter, chrf, bleu)
            for score in (metric.corpus_score(before, references).score, metric.corpus_score(after, references).score)
        ]
        edits.append([])
        closer.append([])
        gains: list[float] = []
        for b, a, (_, reference) in zip(before, after, rows, strict=True):
            fewer, length = _edits(ter, b, a, reference)
            gain = _gain(chrf, b, a, reference)
            edits[-1].append((fewer, length))
            closer[-1].append((gain / 100, 1.0))
            if a != b:
                gains.append(fewer if judge == "TER" else gain)
                changes.append(
                    {"group": part, "before": b, "after": a, "reference": reference}
                    | {"ter_gain": f"{100 * fewer / max(1.0, length):.2f}", "chrf_gain": f"{gain:.2f}"}
                )
        totals.append(figures)
        tallies.append([len(rows), len(gains), sum(g > 0 for g in gains), sum(g < 0 for g in gains)])
        lines.append(_line(part, tallies[-1], figures))
    tally = [sum(column) for column in zip(*tallies, strict=True)]
    lines.append(_line("mean", tally, [sum(column) / len(totals) for column in zip(*totals, strict=True)]))
    fewer_low, fewer_high = interval(edits)
    closer_low, closer_high = interval(closer)
    lines += [
        f"95 % intervals of the change (bootstrap over sentences): TER {-fewer_high:+.2f} to {-fewer_low:+.2f}, "
        f"chrF (mean of sentences) {closer_low:+.2f} to {closer_high:+.2f}",
        f"Each pair of figures: doing nothing → mtfix. better, worse: touched sentences by sentence {judge}.",
        *(f"{n}: {metric.get_signature()}" for n, metric in (("TER", ter), ("chrF", chrf), ("BLEU", bleu))),
        signature(fixer),
    ]
    return Evaluation("\n".join(lines), tuple(changes))


def _edits(ter: Any, before: str, after: str, reference: str) -> tuple[float, float]:
    """Return by how many edits `after` is nearer to the reference, and the reference's length in words."""
    old = ter.sentence_score(before, [reference])
    new = ter.sentence_score(after, [reference]) if after != before else old
    return float(old.num_edits - new.num_edits), float(old.ref_length)


def _gain(chrf: Any, before: str, after: str, reference: str) -> float:
    if before == after:
        return 0.0
    old: float = chrf.sentence_score(before, [reference]).score
    new: float = chrf.sentence_score(after, [reference]).score
    return new - old


def _line(name: str, tally: Sequence[int], figures: Sequence[float]) -> str:
    pairs = "".join(f"{f'{a:.2f} → {b:.2f}':>16}" for a, b in zip(figures[::2], figures[1::2], strict=True))
    return f"{name:15}{tally[0]:>10}{tally[1]:>9}{tally[2]:>8}{tally[3]:>7}{pairs}"
