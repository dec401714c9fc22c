"""Words a second beside others, time by stage, share of the int8 peak: python -m benchmarks.throughput --data DIR

Everything runs on one thread and is timed in processor time, in turns. Needs the benchmarks extra.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import mtfix.fixer
import mtfix.regenerate.regenerator
import mtfix.sentences
from benchmarks.conditions import write
from benchmarks.peers import Line, int8_products, peers
from mtfix import Fixer, Repair
from mtfix.batch.engine import THREADS
from mtfix.names import NamesPass
from mtfix.options import Options
from mtfix.regenerate.ctranslate2 import CTranslate2Tagger
from mtfix.regenerate.gate import Gate
from mtfix.regenerate.load import find_model
from mtfix.regenerate.model import Heads
from mtfix.regenerate.operations import Operations
from mtfix.regenerate.wordpieces import WORDPIECES, Encoded, WordPieces
from mtfix.training.corpora import read_rows

_RUNS = 3
_LINES, _BATCH = 1024, 16  # sentences of each set; sorted by length, so many make a batch
_TEXTS = 100  # of each set, for mtfix
_PRODUCTS = 10
_WARM = "The ministers met on Monday, and they spoke of it at length."
_ASKED = {"CoEdIT-large shape, Transformers, float32": 50, "T5-base shape, CTranslate2, int8": 5}
_ENCODER = "model: encoder, int8"
_PLACES: tuple[tuple[Any, str, str], ...] = (
    (mtfix.fixer, "protect", "segmentation: protected spans"),
    (mtfix.fixer, "segment", "segmentation: sentences"),
    (NamesPass, "__call__", "names"),
    (WordPieces, "encode", "model: word pieces"),
    (CTranslate2Tagger, "read", _ENCODER),
    (Heads, "read", "model: heads, float32"),
    (mtfix.regenerate.regenerator, "candidates", "model: candidates"),
    (Gate, "probability", "model: gate"),
    (mtfix.fixer, "violation", "guard"),
)


def sets(data: Path) -> dict[str, list[Line]]:
    """Return machine translations of two kinds, drawn at random: the UN's from Arabic, and WMT's."""
    found = {
        "UN ar-en": [row for row in read_rows(data / "un_ar_es_en_mt.jsonl.zst") if row["pair"] == "ar-en"],
        "WMT": list(read_rows(data / "wmt_into_english.jsonl.zst")),
    }
    pieces = WordPieces(find_model(Options().model).path / WORDPIECES)
    drawn = {}
    for name, rows in found.items():
        texts = random.Random(0).sample([str(output["mt"]) for row in rows for output in row["mts"]], _LINES)
        encoded = pieces.encode([text.split() for text in texts])
        drawn[name] = [Line(text, len(one.ids)) for text, one in zip(texts, encoded, strict=True)]
    return drawn


def batches(lines: Sequence[Line], count: int) -> list[Sequence[Line]]:
    """Return so many batches of like length, of lengths from the whole range."""
    ordered = sorted(lines, key=lambda line: line.pieces)
    step = len(ordered) / count
    middles = [int((number + 0.5) * step) - _BATCH // 2 for number in range(count)]
    return [ordered[middle : middle + _BATCH] for middle in middles]


def speed(batches: Sequence[Sequence[Line]], run: Callable[[Sequence[Line]], object]) -> float:
    """Return the words of these batches that are done in a second of processor time, of all threads together."""
    began = time.process_time()
    for batch in batches:
        run(batch)
    spent = time.process_time() - began
    return sum(len(line.text.split()) for batch in batches for line in batch) / spent


def new_fixer() -> Fixer:
    """Return a fixer that remembers no sentence."""
    mtfix.sentences.split.cache_clear()
    fixer = Fixer(strength="conservative", threads=1)
    fixer.repair(_WARM)
    return fixer


def repaired(fixer: Fixer, lines: Sequence[Line]) -> list[Repair]:
    """Repair texts."""
    return [fixer.repair(line.text) for line in lines]


class Stages:
    """Processor time of functions, each without that of others inside it, and how much of it is in later rounds."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.later = 0.0
        self.calls: Counter[str] = Counter()  # of the text in hand
        self.read: list[Encoded] = []
        self._inside = [0.0]

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that does the same and is timed; what it yields is drawn inside it."""

        def timed(*arguments: Any) -> Any:
            self.calls[stage] += 1
            if stage == _ENCODER:
                self.read += arguments[1]
            self._inside.append(0.0)
            began = time.process_time()
            found = function(*arguments)
            found = list(found) if isinstance(found, Iterator) else found
            whole = time.process_time() - began
            own = whole - self._inside.pop()
            self._inside[-1] += whole
            self.seconds[stage] += own
            self.later += own if self.calls["names"] > 1 else 0.0
            return found

        return timed


def profile(lines: Sequence[Line]) -> Stages:
    """Repair texts with every pass timed, and what the model's pass is made of."""
    stages, fixer = Stages(), new_fixer()
    fixer._passes = [
        (kind, stages.timed(f"{kind}: {getattr(step, '__name__', type(step).__name__)}", step))
        for kind, step in fixer._passes
    ]
    with ExitStack() as places:
        for owner, name, stage in _PLACES:
            places.enter_context(patch.object(owner, name, stages.timed(stage, getattr(owner, name))))
        repair = stages.timed("all the rest", fixer.repair)
        for line in lines:
            stages.calls.clear()
            repair(line.text)
    return stages


def operations(read: Sequence[Encoded]) -> tuple[float, float]:
    """Return the billions of operations, two for a multiplication and an addition, of the encoder and of the heads."""
    folder = find_model(Options().model)
    layers, width = folder.config["shape"]["layers"], folder.config["shape"]["width"]
    lists = Operations.load(folder.path)
    lengths = [len(encoded.ids) for encoded in read]
    linear = layers * 12 * width**2 * sum(lengths)  # query, key, value, output: 4; two to and from four times the width
    attention = layers * 2 * width * sum(length**2 for length in lengths)
    places = sum(len(encoded.begins) for encoded in read)
    return (linear + attention) * 2e-9, places * width * (len(lists.token) + len(lists.gap) + 2) * 2e-9


def table(speeds: dict[tuple[str, str], list[float]], does: dict[str, str], names: Sequence[str]) -> Iterator[str]:
    """Yield the lines of the table of systems, medians with the least and the greatest."""
    yield f"| system | does | {' | '.join(f'words/s, {name} | mtfix is faster by' for name in names)} | asked |"
    yield f"|---|---|{'--:|--:|' * len(names)}--:|"
    for system, what in does.items():
        cells = []
        for name in names:
            runs = speeds[system, name]
            ratio = statistics.median(speeds["mtfix", name]) / statistics.median(runs)
            cells += [f"{statistics.median(runs):,.0f} ({min(runs):,.0f} to {max(runs):,.0f})", f"{ratio:,.2g}"]
        asked = f"{_ASKED[system]}" if system in _ASKED else ""
        yield f"| {system} | {what} | {' | '.join(cells)} | {asked} |"


def by_stage(profiles: dict[str, list[Stages]], texts: dict[str, list[Line]]) -> Iterator[str]:
    """Yield the lines of the table of mtfix's stages, sums over the runs."""
    spent: dict[str, dict[str, float]] = {}
    for name, runs in profiles.items():
        count = len(runs) * sum(len(line.text.split()) for line in texts[name]) / 1000
        spent[name] = {stage: 0.0 for run in runs for stage in run.seconds}
        for run in runs:
            for stage, seconds in run.seconds.items():
                spent[name][stage] += 1000 * seconds / count
    stages = sorted({stage for each in spent.values() for stage in each})
    yield f"| stage of mtfix | {' | '.join(f'{name}, ms for 1,000 words | share' for name in spent)} |"
    yield f"|---|{'--:|--:|' * len(spent)}"
    for stage in sorted(stages, key=lambda stage: -sum(each.get(stage, 0.0) for each in spent.values())):
        cells = (
            f"{each.get(stage, 0.0):,.1f} | {each.get(stage, 0.0) / sum(each.values()):.1%}" for each in spent.values()
        )
        yield f"| {stage} | {' | '.join(cells)} |"
    later = (
        sum(run.later for run in runs) / sum(sum(run.seconds.values()) for run in runs) for runs in profiles.values()
    )
    yield f"| of all these, in rounds after the first | {' | '.join(f'| {part:.1%}' for part in later)} |"


def share(profiles: dict[str, list[Stages]], peaks: dict[str, list[float]]) -> Iterator[str]:
    """Yield what part of the peak the encoder reaches, and all stages of the model together."""
    medians = {engine: statistics.median(runs) for engine, runs in peaks.items()}
    best = max(medians, key=lambda engine: medians[engine])
    yield (
        f"The peak is what PyTorch's quantized linear layer makes of 1024 × 2048 by 2048 × 2048 on one thread:"
        f" {medians[best]:.0f} billion int8 operations a second with {best}"
        f" ({', '.join(f'{engine} {median:.0f}' for engine, median in medians.items() if engine != best)})."
    )
    yield "Operations are counted from shapes and lengths, two for a multiplication and an addition."
    yield ""
    for name, runs in profiles.items():
        encoder, heads = map(sum, zip(*(operations(run.read) for run in runs), strict=True))
        within = sum(run.seconds[_ENCODER] for run in runs)
        model = sum(seconds for run in runs for stage, seconds in run.seconds.items() if stage.startswith("model"))
        alone, together = encoder / within, (encoder + heads) / model
        yield (
            f"- {name}: the encoder does {alone:.0f} billion a second, **{alone / medians[best]:.0%} of the peak**;"
            f" all stages of the model together, whose heads are float32, {together:.0f} billion,"
            f" **{together / medians[best]:.0%}**."
        )


def main() -> None:
    """Measure and keep the result as benchmarks/results/throughput.md."""
    parser = argparse.ArgumentParser(description="Words a second, beside other systems.")
    parser.add_argument("--data", type=Path, required=True)
    if any(os.environ.get(name) != "1" for name in THREADS):  # they count from the start of a process
        command = [sys.executable, "-m", "benchmarks.throughput", *sys.argv[1:]]
        os.execve(sys.executable, command, os.environ | dict.fromkeys(THREADS, "1"))
    drawn = sets(parser.parse_args().data)
    speeds: dict[tuple[str, str], list[float]] = defaultdict(list)
    profiles: dict[str, list[Stages]] = defaultdict(list)
    products, billions = int8_products()
    peaks: dict[str, list[float]] = defaultdict(list)
    does = {"mtfix": "repairs, `conservative`"}
    with tempfile.TemporaryDirectory() as folder:
        systems = list(peers(Path(folder)))
        does |= {peer.name: peer.does for peer in systems}
        for peer in systems:
            speed(batches(drawn["WMT"], 8)[:1], peer.run)  # warms up
        for name, lines in [turn for _ in range(_RUNS) for turn in drawn.items()]:
            for peer in systems:
                speeds[peer.name, name].append(speed(batches(lines, peer.batches), peer.run))
            speeds["mtfix", name].append(speed([lines[:_TEXTS]], partial(repaired, new_fixer())))
            profiles[name].append(profile(lines[:_TEXTS]))
            for engine, product in products.items():
                began = time.process_time()
                for _ in range(_PRODUCTS):
                    product()
                peaks[engine].append(_PRODUCTS * billions / (time.process_time() - began))
    texts = {name: lines[:_TEXTS] for name, lines in drawn.items()}
    counts = ", ".join(f"{name} {sum(len(x.text.split()) for x in lines):,}" for name, lines in texts.items())
    write(
        "throughput",
        [
            "# Throughput",
            "",
            f"`python -m benchmarks.throughput --data DIR`; one thread each, processor time, medians of {_RUNS} runs",
            "in turns (least to greatest). The rewriting and tagging systems have random weights of the shape they are",
            f"named after and take batches of {_BATCH} sentences of like length, of lengths from the whole range;",
            "rewriting ends after as many pieces as the input has (the longest of the batch), in pieces of mtfix's",
            f"vocabulary. mtfix takes {_TEXTS} texts of each set one by one, drawn at random"
            f" ({counts} words), and has a",
            "new fixer for each run, which remembers no sentence.",
            "",
            *table(speeds, does, list(drawn)),
            "",
            *by_stage(profiles, texts),
            "",
            *share(profiles, peaks),
        ],
    )


if __name__ == "__main__":
    main()
