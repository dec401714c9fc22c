"""Fits the gate on development data, so that what it lets through does no harm.

    python -m mtfix.training.tune MODEL_FOLDER --data DIR

Each candidate is applied alone to an MLQE-PE development sentence and labelled by sentence TER and chrF against
the post-edit; every change of human prose (documents held out of training) counts as worse; human sentences with one
error put in teach it plain mistakes. The model is fitted fold by fold; the thresholds of the three strengths are
chosen on what it says of the fold that it has not seen, artificial errors left aside.
"""

from __future__ import annotations

import argparse
import hashlib
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sacrebleu.metrics import CHRF, TER
from tqdm import tqdm

from mtfix.detect.tagger import flagged
from mtfix.guard import violation
from mtfix.options import Options
from mtfix.regenerate.features import FEATURES
from mtfix.regenerate.gate import GATE, Gate, Tree
from mtfix.regenerate.load import find_model, load_tagger
from mtfix.regenerate.model import Tagger
from mtfix.regenerate.propose import candidates, read
from mtfix.result import Edit, Issue, replay
from mtfix.segment import segment
from mtfix.training import corpora
from mtfix.training.noise import MEASURED, one_error

_DETECT = 0.35  # probability of an edit from which it is a candidate
_PROSE = 6000  # sentences of human English
_SPOILT = 1500  # sentences of human English with an error
_SPOILT_WEIGHT = 0.25  # of each of their candidates
_MOST = 2.0  # what the candidates of one sentence weigh together at most: garbled ones have dozens
_FOLDS = 5
_TREES, _RATE, _LEAF = 120, 0.05, 25
_BATCH = 200  # texts
_LIMITS = {  # better : worse on development data, share of human sentences changed
    "conservative": (4.5, 0.002),
    "balanced": (2.5, 0.01),
    "thorough": (1.8, 0.02),
}
_REPORTS_PER_WORD = 1 / 1500  # places reported without a repair, in human English
_REPORT_RATIO = 4  # how much more often they must be reported in MT
NEVER = 1.01  # a threshold that no probability reaches
_Array = npt.NDArray[np.float64]


class Labelled(NamedTuple):
    """A candidate's features and what it does to its sentence, `key`.

    `fewer` is how much lower TER is with it, `closer` how much higher chrF; `better` sums them up.
    """

    features: _Array
    better: bool
    human: bool
    group: str
    key: str
    fewer: float
    closer: float


class Text(NamedTuple):
    """A sentence, and its post-edit (for human English, itself)."""

    text: str
    post_edit: str
    key: str
    group: str


@dataclass
class Collected:
    """Labelled candidates, the flags of flagged runs, and how many words were read."""

    labelled: list[Labelled]
    flags: list[float]
    words: int


def texts(data: Path, split: str) -> list[Text]:
    """Return the MLQE-PE sentences of a split; tuning reads "dev" alone."""
    rows = corpora.read_rows(data / f"mlqe_pe.{split}.jsonl.gz")
    return [Text(row["mt"], row["pe"], f"{row['lang_pair']} {row['id']}", row["lang_pair"]) for row in rows]


def human(data: Path, count: int) -> list[Text]:
    """Return human sentences of the half of the held-out documents that harm is not reported on."""
    found = [s for s in corpora.prose(data, held_out=True) if not corpora.is_reported(s)]
    found.sort(key=lambda text: hashlib.sha256(text.encode()).digest())
    return [Text(text, text, text, "human") for text in found[:count]]


def spoilt(sentences: Sequence[Text]) -> list[Text]:
    """Return human sentences with one error each, of the kinds that are measured in turn."""
    rng = random.Random(0)
    made = [(text, one_error(text.text, kind, rng)) for text, kind in zip(sentences, cycle(MEASURED), strict=False)]
    return [Text(wrong, " ".join(text.text.split()), text.key, "spoilt") for text, wrong in made if wrong]


def collect(tagger: Tagger, chosen: Sequence[Text], is_human: bool = False) -> Collected:
    """Label the candidates of texts, and note the flag of every flagged run and the words read."""
    ter, chrf = TER(), CHRF()
    found = Collected([], [], 0)
    for first in tqdm(range(0, len(chosen), _BATCH), desc=chosen[0].group if chosen else ""):
        batch = [(text, segment(text.text)) for text in chosen[first : first + _BATCH]]
        placed = [(t, d, s) for t, d in batch for s in d.sentences if 4 <= len(s.tokens) < 120]
        found.words += sum(len(text.text.split()) for text, _ in batch)
        readings = read(tagger, [[token.text for token in s.tokens] for _, _, s in placed])
        found.flags += [flag.probability for r in readings for flag in flagged(r.flags, 0.3)]
        proposed = candidates(tagger, [s for _, _, s in placed], readings, _DETECT)
        for (text, document, sentence), these in zip(placed, proposed, strict=True):
            for candidate in these:
                start, end = sentence.start + candidate.start, sentence.start + candidate.end
                issue = Issue(start, end, text.text[start:end], "awkward", "minor", 0.0, "", "model:edits")
                edit = Edit(start, end, text.text[start:end], candidate.replacement, (issue,))
                if violation(document, edit):
                    continue
                fewer = closer = 0.0
                if not is_human:
                    after, reference = replay(text.text, [edit]), [text.post_edit]
                    fewer = _cached(ter, text) - ter.sentence_score(after, reference).score
                    closer = chrf.sentence_score(after, reference).score - _cached(chrf, text)
                better = "better" in _outcomes(is_human, fewer, closer)
                found.labelled.append(
                    Labelled(candidate.features, better, is_human, text.group, text.key, fewer, closer)
                )
    return found


@lru_cache(maxsize=256)
def _cached(metric: TER | CHRF, text: Text) -> float:
    score: float = metric.sentence_score(text.text, [text.post_edit]).score
    return score


def _fold(key: str) -> int:
    return hashlib.sha256(key.encode()).digest()[0] % _FOLDS


def fit_trees(features: _Array, labels: _Array, weights: _Array) -> tuple[float, tuple[Tree, ...]]:
    """Return the bias and the trees of a boosted model for the probability of `labels` (0 or 1).

    Where all labels are alike, or there are too few, there are no trees.
    """
    from sklearn.ensemble import GradientBoostingClassifier

    share = float(np.clip(np.average(labels, weights=weights), 1e-3, 1 - 1e-3)) if len(labels) else 0.5
    bias = float(np.log(share / (1 - share)))
    if len(labels) < 2 * _LEAF or len(set(labels.tolist())) < 2:
        return bias, ()
    model = GradientBoostingClassifier(
        n_estimators=_TREES, learning_rate=_RATE, max_depth=4, subsample=0.7, min_samples_leaf=_LEAF, random_state=0
    ).fit(features, labels, sample_weight=weights)
    trees = []
    for estimator in model.estimators_[:, 0]:
        tree = estimator.tree_
        leaf = tree.children_left < 0
        own = np.arange(len(leaf))
        trees.append(
            Tree(
                tuple(int(f) for f in np.where(leaf, 0, tree.feature)),
                tuple(round(float(v), 5) for v in np.where(leaf, 0.0, tree.threshold)),
                tuple(int(n) for n in np.where(leaf, own, tree.children_left)),
                tuple(int(n) for n in np.where(leaf, own, tree.children_right)),
                tuple(round(float(v) * _RATE, 5) for v in tree.value[:, 0, 0]),
            )
        )
    return bias, tuple(trees)


def tune(tagger: Tagger, data: Path) -> Gate:
    """Fit the gate and choose its thresholds; prints what was seen on the folds not fitted on."""
    sentences = human(data, _PROSE + _SPOILT)
    found, prose = collect(tagger, texts(data, "dev")), collect(tagger, sentences[:_PROSE], is_human=True)
    items = found.labelled + prose.labelled + collect(tagger, spoilt(sentences[_PROSE:])).labelled
    gate = fitted(items, out_of_fold(items))
    return replace(gate, report=_report_threshold(found, prose))


def fitted(items: Sequence[Labelled], probability: _Array) -> Gate:
    """Fit the gate on all items, with thresholds chosen by the probabilities given, one an item."""
    thresholds = {}
    real = [(item, float(p)) for item, p in zip(items, probability, strict=True) if item.group != "spoilt"]
    for strength, (ratio, harm) in _LIMITS.items():
        thresholds[strength] = _threshold(real, ratio, harm * _PROSE)
        used = Tally()
        for item, p in real:
            if p >= thresholds[strength]:
                used.add(item)
        print(f"{strength}: threshold {thresholds[strength]:.3f}; {used}")
    bias, trees = fit_trees(_rows(items), _better(items), _weights(items))
    return Gate(FEATURES, round(bias, 5), trees, thresholds, _DETECT, NEVER)


def out_of_fold(items: Sequence[Labelled]) -> _Array:
    """Return for each item the probability that a model fitted on the other folds gives it."""
    rows, better, weights = _rows(items), _better(items), _weights(items)
    folds = np.asarray([_fold(item.key) for item in items])
    probability = np.zeros(len(items))
    for fold in range(_FOLDS):
        bias, trees = fit_trees(rows[folds != fold], better[folds != fold], weights[folds != fold])
        probability[folds == fold] = Gate(FEATURES, bias, trees, {}, 0.0, 0.0).probability(rows[folds == fold])
    return probability


def _threshold(items: Sequence[tuple[Labelled, float]], ratio: float, harm: float) -> float:
    """Return the lowest probability from which on the better outnumber the worse enough and harm stays low.

    Counted in sentences, with all their accepted candidates: by TER and chrF together, and by TER alone, which letter
    case does not move.
    """
    tally = Tally()
    chosen = NEVER
    for item, probability in sorted(items, key=lambda pair: -pair[1]):
        tally.add(item)
        count = tally.count
        if count["human"] > harm:
            break
        if count["better"] >= ratio * (count["worse"] + 1) and count["nearer"] >= ratio * count["farther"]:
            chosen = probability
    return round(chosen, 4)


class Tally:
    """What accepted candidates do to their sentences, each counted once however many its candidates."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self._gains: dict[str, tuple[float, float]] = {}

    def add(self, item: Labelled) -> None:
        """Count a candidate in."""
        fewer, closer = 0.0, 0.0
        if item.key in self._gains:
            fewer, closer = self._gains[item.key]
            self.count.subtract(_outcomes(item.human, fewer, closer))
        self._gains[item.key] = fewer, closer = fewer + item.fewer, closer + item.closer
        self.count.update(_outcomes(item.human, fewer, closer))

    def __str__(self) -> str:
        count, gains = self.count, self._gains.values()
        return (
            f"sentences better {count['better']}, worse {count['worse']}; by TER alone {count['nearer']}, "
            f"{count['farther']}; TER {-sum(f for f, _ in gains):+.0f}, chrF {sum(c for _, c in gains):+.0f}; "
            f"human sentences changed {count['human']}"
        )


def _outcomes(human: bool, fewer: float, closer: float) -> list[str]:
    """Return what a change does to its sentence: every change of human English is harm."""
    if human:
        return ["human"]
    found = ["nearer"] * (fewer > 0) + ["farther"] * (fewer < 0)
    if (fewer > 0 and closer >= 0) or (fewer >= 0 and closer > 0):
        return [*found, "better"]
    return [*found, "worse"] if fewer < 0 or closer < 0 else found


def _report_threshold(found: Collected, prose: Collected) -> float:
    """Return the lowest tagger probability that is rare enough in human English and much more common in MT."""
    chosen = NEVER
    for threshold in sorted({round(flag, 3) for flag in prose.flags}, reverse=True):
        in_human = sum(flag >= threshold for flag in prose.flags) / max(1, prose.words)
        in_mt = sum(flag >= threshold for flag in found.flags) / max(1, found.words)
        if in_human > _REPORTS_PER_WORD:
            break
        if in_mt >= _REPORT_RATIO * in_human:
            chosen = threshold
    return chosen


def _rows(items: Sequence[Labelled]) -> _Array:
    return np.asarray([item.features for item in items], np.float64).reshape(len(items), len(FEATURES))


def _better(items: Sequence[Labelled]) -> _Array:
    return np.asarray([float(item.better) for item in items], np.float64)


def _weights(items: Sequence[Labelled]) -> _Array:
    many = Counter(item.key for item in items)
    alike = [_SPOILT_WEIGHT if item.group == "spoilt" else 1.0 for item in items]
    return np.asarray([w * min(1.0, _MOST / many[item.key]) for w, item in zip(alike, items, strict=True)], np.float64)


def main(arguments: list[str] | None = None) -> None:
    """Tune the gate of a model folder and write it there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    a = parser.parse_args(arguments)
    tune(load_tagger(find_model(str(a.folder)), Options()), a.data).save(a.folder)
    print(a.folder / GATE)


if __name__ == "__main__":
    main()
