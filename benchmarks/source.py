"""The source-language guess in figures: python -m benchmarks.source --data DIR

On texts of ten sentences, of documents, years and sources that it was not learned from. Draws the confusion matrix to
benchmarks/results/source.svg.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.calibration import reliability
from benchmarks.conditions import write
from mtfix.source.guess import Guesser, Weights, shipped, unlikely
from mtfix.training.source_documents import Text, by_people, calibration, cut, elsewhere, reported

CLASSES = ("ar", "zh", "ru", "de", "ro", "et", "ne/si", "en")
_MERGED = {"ne": "ne/si", "si": "ne/si"}
_BOOKS = ("ru", "zh", "de")
_MOST = 150  # texts of a language and domain


class Guess(NamedTuple):
    """The class of a text, where it comes from, what was guessed, and the probability said."""

    truth: str
    domain: str
    guessed: str
    probability: float


def guesses(guesser: Guesser, texts: Sequence[Text]) -> list[Guess]:
    """Guess every text, Nepali and Sinhala being one class."""
    found = []
    for text in texts:
        said: Counter[str] = Counter()
        for language, probability in guesser(text.text).items():
            said[_MERGED.get(language, language)] += probability  # type: ignore[assignment]
        guessed, probability = said.most_common(1)[0]
        found.append(Guess(_MERGED.get(text.language, text.language), text.domain, guessed, probability))
    return found


def shares(found: Sequence[Guess]) -> dict[str, Counter[str]]:
    """Return for each class the share of each guess, its domains counting the same."""
    domains: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for guess in found:
        domains[guess.truth, guess.domain][guess.guessed] += 1
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for (truth, _), row in domains.items():
        number = sum(1 for other, _ in domains if other == truth)
        for guessed, count in row.items():
            table[truth][guessed] += count / row.total() / number  # type: ignore[assignment]
    return table


def matrix(table: dict[str, Counter[str]]) -> list[str]:
    """Return the confusion matrix as a table: rows are the truth."""
    columns = [*CLASSES, "es"]
    lines = ["| from \\ guessed | " + " | ".join(columns) + " |", "|---|" + "--:|" * len(columns)]
    for truth in columns:
        cells = (f"**{table[truth][c]:.2f}**" if c == truth else f"{table[truth][c]:.2f}" for c in columns)
        lines.append(f"| {truth} | " + " | ".join(cells) + " |")
    return lines


def draw(table: dict[str, Counter[str]], path: Path) -> None:
    """Draw the confusion matrix."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    columns = [*CLASSES, "es"]
    values = np.asarray([[table[truth][guessed] for guessed in columns] for truth in columns])
    figure, axis = pyplot.subplots(figsize=(5.4, 5), constrained_layout=True)
    axis.imshow(values, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.ndindex(values.shape):
        if values[row, column] >= 0.005:
            colour = "white" if values[row, column] > 0.5 else "black"
            axis.text(column, row, f"{values[row, column]:.2f}", ha="center", va="center", fontsize=8, color=colour)
    ticks = range(len(columns))
    axis.set(xticks=ticks, yticks=ticks, xticklabels=columns, yticklabels=columns)
    axis.set(xlabel="guessed", ylabel="translated from", title="Source-language guess, ten sentences")
    matplotlib.rcParams["svg.hashsalt"] = "mtfix"
    figure.savefig(path, metadata={"Date": None})


def by_domain(found: Sequence[Guess]) -> list[str]:
    """Return a table: for each class and domain the share that was guessed right and the commonest guesses."""
    rows: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for guess in found:
        rows[guess.truth, guess.domain][guess.guessed] += 1
    lines = ["| from | domain | texts | right | guessed |", "|---|---|--:|--:|---|"]
    for (truth, domain), row in sorted(rows.items()):
        often = ", ".join(f"{name} {count / row.total():.2f}" for name, count in row.most_common(3))
        lines.append(f"| {truth} | {domain} | {row.total()} | {row[truth] / row.total():.2f} | {often} |")
    return lines


def accuracy(found: Sequence[Guess]) -> float:
    """Return the mean over the eight classes of the share that was guessed right."""
    table = shares([guess for guess in found if guess.truth in CLASSES])
    return sum(table[truth][truth] for truth in CLASSES) / len(CLASSES)


def books(texts: Sequence[Text]) -> list[str]:
    """Return a table: in what share of the texts of each language and domain each phrasebook is used."""
    rows: dict[tuple[str, str], list[frozenset[str]]] = defaultdict(list)
    for text in texts:
        rows[text.language, text.domain].append(unlikely(text.text))
    lines = ["| from | domain | texts | " + " | ".join(_BOOKS) + " |", "|---|---|--:|" + "--:|" * len(_BOOKS)]
    for (language, domain), skipped in sorted(rows.items()):
        used = {book: sum(book not in s for s in skipped) / len(skipped) for book in _BOOKS}
        cells = (f"**{used[book]:.2f}**" if book == language else f"{used[book]:.2f}" for book in _BOOKS)
        lines.append(f"| {language} | {domain} | {len(skipped)} | " + " | ".join(cells) + " |")
    return lines


def main() -> None:
    """Measure, draw, write; with --weights only print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--part", default="reported", choices=("reported", "calibration"))
    parser.add_argument("--weights", type=Path, help="other weights than the shipped ones; nothing is written")
    a = parser.parse_args()
    stored = json.loads(a.weights.read_text(encoding="utf-8")) if a.weights else None
    guesser = Guesser(Weights(**stored)) if stored else shipped()
    runs = list((reported if a.part == "reported" else calibration)(a.data))
    texts = cut(runs, (10,), _MOST)
    found = guesses(guesser, texts)
    table = shares(found)
    told = [guess for guess in found if guess.truth in CLASSES]
    commonest, count = Counter(guess.truth for guess in told).most_common(1)[0]
    right = sum(guess.guessed == guess.truth for guess in told)
    said = np.asarray([guess.probability for guess in found])
    points, error = reliability(said, np.asarray([float(guess.guessed == guess.truth) for guess in found]))
    lines = [
        "# Source-language guess",
        "",
        f"`python -m benchmarks.source --data DIR`; texts of ten sentences, {a.part} part.",
        "",
        f"Accuracy over {', '.join(CLASSES)}: **{accuracy(found):.3f}**, every class and every domain of a class "
        f"counting the same (the majority baseline is {1 / len(CLASSES):.3f}); over the {len(told):,} texts "
        f"{right / len(told):.3f} (always {commonest}: {count / len(told):.3f}). Spanish is guessed too.",
        "",
        "![confusion matrix](source.svg)",
        "",
        *matrix(table),
        "",
        "## By domain",
        "",
        *by_domain(found),
        "",
        "## By length",
        "",
        "| sentences | texts | accuracy |",
        "|--:|--:|--:|",
    ]
    for length in (1, 3, 10, 30):
        some = guesses(guesser, cut(runs, (length,), _MOST // 2))
        lines.append(f"| {length} | {len(some):,} | {accuracy(some):.3f} |")
    lines += [
        "",
        "## Domains that nothing was learned in",
        "",
        *by_domain(guesses(guesser, cut(elsewhere(a.data), (10,), _MOST))),
    ]
    lines += [
        "",
        "## Translations by people",
        "",
        "What is guessed for references and post-edits of the same documents: how much the guess hears the language in",
        "a human translation, or knows it by its domain.",
        "",
        *by_domain(guesses(guesser, cut(by_people(a.data), (10,), _MOST))),
        "",
        "## Calibration",
        "",
        f"Expected calibration error {error:.3f}.",
        "",
        "| said | held | count |",
        "|--:|--:|--:|",
        *(f"| {p:.2f} | {h:.2f} | {n} |" for p, h, n in points),
    ]
    if not a.weights:
        lines += ["", "## Which phrasebooks are used", ""]
        lines += ["Those of other languages, and the general one, always are. Ten sentences:", ""]
        lines += books([*texts, *cut(elsewhere(a.data), (10,), _MOST)])
        lines += ["", "One sentence:", "", *books(cut(runs, (1,), _MOST // 2))]
    words = sum(len(text.text.split()) for text in texts)
    begun = time.perf_counter()
    for text in texts:
        guesser(text.text)
    lines += ["", f"Speed: {words / (time.perf_counter() - begun):,.0f} words/s, one core ({words:,} words)."]
    if a.weights or a.part != "reported":
        print("\n".join(lines))
    else:
        draw(table, Path(__file__).parent / "results" / "source.svg")
        write("source", lines)


if __name__ == "__main__":
    main()
