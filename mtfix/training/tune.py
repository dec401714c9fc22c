"""Fits the gate on development data, so that what it lets through does no harm.

    python -m mtfix.training.tune MODEL_FOLDER --data DIR

Each candidate is applied alone to an MLQE-PE development sentence and labelled by sentence TER and chrF against
the post-edit; every change of human prose (documents held out of training) counts as worse. A logistic model
is fitted on one half; on the other half the thresholds of the three strengths are chosen.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sacrebleu.metrics import CHRF, TER
from tqdm import tqdm

from mtfix.detect.tagger import flagged
from mtfix.guard import violation
from mtfix.options import Options
from mtfix.regenerate.decode import FEATURES, candidates
from mtfix.regenerate.gate import GATE, Gate
from mtfix.regenerate.load import find_model, load_model
from mtfix.regenerate.model import SpanModel
from mtfix.regenerate.regenerator import score_sentences
from mtfix.result import Edit, Issue, replay
from mtfix.segment import segment
from mtfix.training import corpora

_DETECT = 0.3  # tagger probability from which candidates are sought
_PROSE = 4000  # sentences of human English
_LIMITS = {  # better : worse on development data, share of human sentences changed
    "conservative": (4.0, 0.002),
    "balanced": (2.5, 0.007),
    "thorough": (1.6, 0.02),
}
_REPORTS_PER_WORD = 1 / 1500  # places reported without a repair, in human English
_REPORT_RATIO = 4  # how much more often they must be reported in MT
NEVER = 1.01  # a threshold that no probability reaches
_Array = npt.NDArray[np.float64]


class Labelled(NamedTuple):
    """A candidate's features and what it does to its sentence: nothing that TER or chrF sees where neither is true."""

    features: _Array
    better: bool
    worse: bool
    human: bool
    fitting: bool


class Text(NamedTuple):
    """A sentence, and its post-edit (for human English, itself)."""

    text: str
    post_edit: str
    key: str


def development(data: Path) -> Iterator[Text]:
    """Yield the MLQE-PE development sentences."""
    for row in corpora.read_rows(data / "mlqe_pe.dev.jsonl.gz"):
        yield Text(row["mt"], row["pe"], f"{row['lang_pair']} {row['id']}")


def human(data: Path, count: int) -> list[Text]:
    """Return human sentences of the half of the held-out documents that harm is not reported on."""
    found = [s.text for s in corpora.prose(data, held_out=True) if not corpora.is_reported(s.text)]
    found.sort(key=lambda text: hashlib.sha256(text.encode()).digest())
    return [Text(text, text, text) for text in found[:count]]


def collect(model: SpanModel, texts: Iterable[Text], is_human: bool) -> tuple[list[Labelled], list[float], int]:
    """Label the candidates of texts; also return the flag of every flagged run, and the words read."""
    ter, chrf = TER(), CHRF()
    labelled: list[Labelled] = []
    flags_seen: list[float] = []
    words = 0
    for text in texts:
        document = segment(text.text)
        sentences = [s for s in document.sentences if 4 <= len(s.tokens) < 120]
        words += len(text.text.split())
        contexts = [""] * len(sentences)
        scores = score_sentences(model, sentences)
        flags = [flagged(score, _DETECT) for score in scores]
        flags_seen += [flag.probability for found in flags for flag in found]
        fitting = hashlib.sha256(text.key.encode()).digest()[0] % 2 == 0
        for sentence, found in zip(sentences, candidates(model, sentences, contexts, scores, flags), strict=True):
            for candidate in found:
                start, end = sentence.start + candidate.start, sentence.start + candidate.end
                issue = Issue(start, end, text.text[start:end], "awkward", "minor", 0.0, "", "model:span")
                edit = Edit(start, end, text.text[start:end], candidate.replacement, (issue,))
                if violation(document, edit):
                    continue
                better, worse = False, is_human
                if not is_human:
                    after = replay(text.text, [edit])
                    reference = [text.post_edit]
                    fewer = ter.sentence_score(text.text, reference).score - ter.sentence_score(after, reference).score
                    closer = (
                        chrf.sentence_score(after, reference).score - chrf.sentence_score(text.text, reference).score
                    )
                    better = (fewer > 0 and closer >= 0) or (fewer >= 0 and closer > 0)
                    worse = not better and (fewer < 0 or closer < 0)
                labelled.append(Labelled(candidate.features, better, worse, is_human, fitting))
    return labelled, flags_seen, words


def fit_logistic(features: _Array, labels: _Array, penalty: float = 1.0) -> tuple[_Array, _Array, _Array, float]:
    """Return mean, scale, weight and bias of a logistic regression with an L2 penalty (Newton's method).

    Without examples all weights are zero.
    """
    if not len(features):
        return np.zeros(features.shape[1]), np.ones(features.shape[1]), np.zeros(features.shape[1]), 0.0
    mean, scale = features.mean(0), features.std(0) + 1e-6
    inputs = np.hstack([np.clip((features - mean) / scale, -4, 4), np.ones((len(features), 1))])
    weight = np.zeros(inputs.shape[1])
    ridge = np.diag([penalty] * (inputs.shape[1] - 1) + [1e-6])
    for _ in range(30):
        predicted = 1 / (1 + np.exp(-inputs @ weight))
        gradient = inputs.T @ (predicted - labels) + ridge @ weight
        hessian = (inputs * (predicted * (1 - predicted))[:, None]).T @ inputs + ridge
        weight = weight - np.linalg.solve(hessian, gradient)
    return mean, scale, weight[:-1], float(weight[-1])


def tune(model: SpanModel, data: Path) -> Gate:
    """Fit the gate and choose its thresholds; prints what was seen on the half not fitted on."""
    labelled, flags, words = collect(model, tqdm(list(development(data)), desc="development"), False)
    found, human_flags, human_words = collect(model, tqdm(human(data, _PROSE), desc="human English"), True)
    labelled += found
    fitting = [item for item in labelled if item.fitting]
    mean, scale, weight, bias = fit_logistic(
        _rows(fitting), np.asarray([float(item.better) for item in fitting], np.float64)
    )
    report = _report_threshold(flags, words, human_flags, human_words)
    gate = Gate(FEATURES, _floats(mean), _floats(scale), _floats(weight), bias, {}, _DETECT, report)
    rest = [item for item in labelled if not item.fitting]
    probability = gate.probability(_rows(rest))
    thresholds = {}
    for strength, (ratio, harm) in _LIMITS.items():
        thresholds[strength] = _threshold(probability, rest, ratio, harm * _PROSE / 2)
        used = probability >= thresholds[strength]
        better, worse, changed = (
            sum(u and getattr(item, field) and item.human == is_human for u, item in zip(used, rest, strict=True))
            for field, is_human in (("better", False), ("worse", False), ("worse", True))
        )
        print(
            f"{strength}: threshold {thresholds[strength]:.3f}, better {better}, worse {worse}, "
            f"human sentences changed {changed} of {_PROSE // 2}"
        )
    print(f"flagged runs: {len(flags)} in {words} words of MT, {len(human_flags)} in {human_words} human words")
    return replace(gate, thresholds=thresholds)


def _threshold(probability: _Array, items: list[Labelled], ratio: float, harm: float) -> float:
    """Return the lowest probability from which on the better outnumber the worse enough and harm stays low."""
    better = worse = changed = 0
    chosen = NEVER
    for index in np.argsort(-probability, kind="stable").tolist():
        item = items[index]
        better += item.better
        worse += item.worse and not item.human
        changed += item.human
        if changed > harm:
            break
        if better >= ratio * (worse + 1):
            chosen = float(probability[index])
    return round(chosen, 4)


def _report_threshold(flags: list[float], words: int, human_flags: list[float], human_words: int) -> float:
    """Return the lowest tagger probability that is rare enough in human English and much more common in MT."""
    chosen = NEVER
    for threshold in sorted({round(flag, 3) for flag in human_flags}, reverse=True):
        in_human = sum(flag >= threshold for flag in human_flags) / human_words
        in_mt = sum(flag >= threshold for flag in flags) / words
        if in_human > _REPORTS_PER_WORD:
            break
        if in_mt >= _REPORT_RATIO * in_human:
            chosen = threshold
    return chosen


def _rows(items: list[Labelled]) -> _Array:
    return np.asarray([item.features for item in items], np.float64).reshape(len(items), len(FEATURES))


def _floats(values: _Array) -> tuple[float, ...]:
    return tuple(round(float(value), 5) for value in values)


def main(arguments: list[str] | None = None) -> None:
    """Tune the gate of a model folder and write it there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    a = parser.parse_args(arguments)
    tune(load_model(find_model(str(a.folder)), Options()), a.data).save(a.folder)
    print(a.folder / GATE)


if __name__ == "__main__":
    main()
