"""Detection: word-level MCC on published tags, and F1 on the characters of annotated error spans."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from mtfix.document import tokenize
from mtfix.evaluate.result import Evaluation, needed, signature
from mtfix.fixer import Fixer
from mtfix.training import corpora

_GRID = np.arange(0.1, 0.9, 0.02)
_SPANS = 3000
_Flags = npt.NDArray[np.bool_]


def mcc(gold: Sequence[bool] | _Flags, found: Sequence[bool] | _Flags) -> float:
    """Return Matthews' correlation coefficient of two binary sequences (0 where one of them is constant)."""
    a, b = np.asarray(gold, bool), np.asarray(found, bool)
    tp, tn, fp, fn = (float((x & y).sum()) for x, y in ((a, b), (~a, ~b), (~a, b), (a, ~b)))
    bottom = np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
    return float((tp * tn - fp * fn) / bottom) if bottom else 0.0


def detection(data: Path, fixer: Fixer, split: str, limit: int | None) -> Evaluation:
    """Measure the word tags of MLQE-PE, by language pair; the threshold is the best of the development set."""
    tuning = _tagged(data, fixer, "dev", limit)
    threshold = max(_GRID, key=lambda t: np.mean([mcc(gold, scores >= t) for gold, scores in tuning.values()]))
    lines = [f"{'MLQE-PE ' + split:15}{'words':>8}{'wrong':>8}{'flagged':>9}{'MCC':>7}{'MCC at 0.5':>12}"]
    figures, halves = [], []
    for pair, (gold, scores) in _tagged(data, fixer, split, limit).items():
        found = scores >= threshold
        figures.append(mcc(gold, found))
        halves.append(mcc(gold, scores >= 0.5))
        shares = f"{gold.mean():>8.1%}{found.mean():>9.1%}"
        lines.append(f"{pair:15}{len(gold):>8}{shares}{figures[-1]:>7.3f}{halves[-1]:>12.3f}")
    lines.append(f"{'mean':15}{'':>25}{np.mean(figures):>7.3f}{np.mean(halves):>12.3f}")
    lines += [f"threshold {threshold:.2f}, from dev; flagging nothing: MCC 0", signature(fixer)]
    return Evaluation("\n".join(lines))


def _tagged(
    data: Path, fixer: Fixer, split: str, limit: int | None
) -> dict[str, tuple[_Flags, npt.NDArray[np.float64]]]:
    gold: dict[str, list[bool]] = {}
    scores: dict[str, list[float]] = {}
    counts: Counter[str] = Counter()
    for row in tqdm(corpora.read_rows(needed(data / f"mlqe_pe.{split}.jsonl.gz")), desc=split, disable=None):
        pair = row["lang_pair"]
        counts[pair] += 1
        if limit is None or counts[pair] <= limit:
            gold.setdefault(pair, []).extend(tag == "BAD" for tag in row["mt_tags"])
            scores.setdefault(pair, []).extend(fixer.token_scores(row["mt_tokens"]))
    return {pair: (np.asarray(gold[pair]), np.asarray(scores[pair])) for pair in gold}


def spans(data: Path, fixer: Fixer, split: str, limit: int | None) -> Evaluation:
    """Measure F1 on the characters of zh-en MQM error spans, beside flagging rare words and random words.

    Odd segments choose the threshold, even ones are reported. Rare: not seen in half of the human prose files.
    """
    rows = [row for row in corpora.read_rows(needed(data / "spans_zh_en.jsonl.zst")) if row["mt"].strip()]
    chosen = random.Random(0).sample(rows, min(len(rows), 2 * (limit or _SPANS)))
    known = {t.text.lower() for item in corpora.prose(data) for t in tokenize(item)}
    gold: list[_Flags] = []
    scored: list[npt.NDArray[np.float64]] = []
    rare: list[_Flags] = []
    for row in tqdm(chosen, desc="spans", disable=None, leave=False):
        text, tokens = row["mt"], tokenize(row["mt"])
        marks, scores, unknown = (np.zeros(len(text), kind) for kind in (bool, np.float64, bool))
        for span in row["spans"]:
            marks[span["s"] : span["e"]] = True
        for token, score in zip(tokens, fixer.token_scores([t.text for t in tokens]), strict=True):
            scores[token.start : token.end] = score
            unknown[token.start : token.end] = token.text[0].isalpha() and token.text.lower() not in known
        gold.append(marks)
        scored.append(scores)
        rare.append(unknown)
    half = len(chosen) // 2
    truth, values = np.concatenate(gold[:half]), np.concatenate(scored[:half])
    threshold = max(_GRID, key=lambda t: _f1(truth, values >= t)[2])
    truth, values = np.concatenate(gold[half:]), np.concatenate(scored[half:])
    found = values >= threshold
    drawn = np.random.default_rng(0).random(len(truth)) < found.mean()
    lines = [f"{'zh-en MQM spans':22}{'flagged':>9}{'precision':>11}{'recall':>8}{'F1':>7}"]
    systems = (("mtfix", found), ("every rare word", np.concatenate(rare[half:])), ("random, same rate", drawn))
    for name, flags in systems:
        precision, recall, f1 = _f1(truth, flags)
        lines.append(f"{name:22}{flags.mean():>9.1%}{precision:>11.3f}{recall:>8.3f}{f1:>7.3f}")
    lines += [
        f"{len(chosen) - half} segments, {truth.mean():.1%} of the characters marked; threshold {threshold:.2f}, from "
        f"{half} others",
        signature(fixer),
    ]
    return Evaluation("\n".join(lines))


def _f1(gold: _Flags, found: _Flags) -> tuple[float, float, float]:
    both = float((gold & found).sum())
    precision, recall = both / max(1.0, float(found.sum())), both / max(1.0, float(gold.sum()))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)
