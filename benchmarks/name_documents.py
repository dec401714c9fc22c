"""How well names respelt in real articles are put together again, and what happens to articles nobody touched."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import compress, islice
from pathlib import Path

from tqdm import tqdm

from benchmarks.respelling import Respelt, articles, first_names, respell, variants
from mtfix import Fixer
from mtfix.names.romanization import fold, split_article

FIXER = Fixer(regenerate=False, categories=("entity",))


def b_cubed(gold: Sequence[Hashable], found: Sequence[Hashable]) -> tuple[float, float]:
    """Return B-cubed precision and recall of a clustering of the same mentions (Bagga and Baldwin 1998)."""
    both = Counter(zip(gold, found, strict=True))
    golds, founds = Counter(gold), Counter(found)
    total = max(len(gold), 1)
    return (
        sum(count * count / founds[f] for (_, f), count in both.items()) / total,
        sum(count * count / golds[g] for (g, _), count in both.items()) / total,
    )


def f1(precision: float, recall: float) -> float:
    """Return their harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def documents(data: Path, part: str, count: int, unseen: bool = False) -> list[Respelt]:
    """Return articles with respelt names, always the same ones; unseen: of names that the scorer never saw."""
    table = variants(data, unseen)
    first = first_names(data)
    rng = random.Random(4)
    made = (respell(text, table, first, rng) for text in articles(data, part, translated=True))
    return list(islice((item for item in made if item), count))


def spelled(item: Respelt, fixer: Fixer) -> tuple[list[str], bool]:
    """Return how each name token is spelt after the repair (folded), and whether all else is byte for byte the same."""
    repair = fixer.repair(item.text)
    forms = {token.start: token.text for token in item.tokens}
    names = {(token.start, token.end) for token in item.tokens}
    same = True
    for edit in repair.edits:
        inside = [span for span in names if edit.start < span[1] and span[0] < edit.end]
        same &= bool(inside)
        for start, end in inside:
            before, after = item.text[edit.start : start], item.text[end : edit.end]
            if edit.replacement.startswith(before) and edit.replacement.endswith(after):
                forms[start] = edit.replacement[len(before) : len(edit.replacement) - len(after)]
            else:
                same = False
    return [fold(split_article(forms[token.start])[1]) for token in item.tokens], same


def written(item: Respelt) -> list[str]:
    """Return how each name token is spelt before any repair (folded)."""
    return [fold(split_article(token.text)[1]) for token in item.tokens]


def figures(items: Sequence[Respelt], name: str, fixer: Fixer | None) -> str:
    """Return a line on what a repair makes of the names, or doing nothing: B-cubed, canonical spelling.

    Of the names that were respelt somewhere: how many of all their mentions are spelt as the majority is, and how many
    of the respelt ones.
    """
    gold: list[Hashable] = []
    found: list[Hashable] = []
    own: list[bool] = []
    respelt = restored = canonical = elsewhere = 0
    for number, item in enumerate(tqdm(items, desc=name, disable=None, leave=False)):
        forms, only_names = spelled(item, fixer) if fixer else (written(item), True)
        elsewhere += not only_names
        touched = {original for original, changed in zip(item.names, item.changed, strict=True) if changed}
        for original, form, changed in zip(item.names, forms, item.changed, strict=True):
            respelt += changed
            restored += changed and form == original
            canonical += original in touched and form == original
            gold.append((number, original))
            found.append((number, form))
            own.append(original in touched)
    everything = b_cubed(gold, found)
    ours = b_cubed(list(compress(gold, own)), list(compress(found, own)))
    shares = (_share(canonical, sum(own)), _share(restored, respelt))
    return f"| {name} | {_cells(everything)} | {_cells(ours)} | {shares[0]} | {shares[1]} | {elsewhere} |"


def _share(count: int, total: int) -> str:
    return f"{count / max(total, 1):.3f} ({count} of {total})"


def _cells(pair: tuple[float, float]) -> str:
    return f"{pair[0]:.4f}, {pair[1]:.4f}, **{f1(*pair):.4f}**"


def report(data: Path, part: str, count: int) -> list[str]:
    """Return a table on respelt articles, doing nothing beside; of them, those with names that the scorer never saw."""
    lines = [
        f"Articles of the {part} half with names respelt as tables spell them, at most {count}:",
        "",
        "| | B³ of all names: precision, recall, F1 | of the respelt | in the canonical spelling: all their mentions"
        " | the respelt ones | changed elsewhere |",
        "|---|---|---|---|---|---|",
    ]
    for unseen, whose in ((False, "names of all tables"), (True, "names that the scorer never saw")):
        items = documents(data, part, count, unseen)
        lines.append(figures(items, f"{whose}, {len(items)} articles: doing nothing", None))
        lines.append(figures(items, "the same: mtfix", FIXER))
    return lines


def untouched(data: Path, part: str, count: int) -> tuple[list[str], list[str]]:
    """Return lines on articles nobody touched: entities changed, and every change."""
    entities = changed = done = 0
    changes = []
    for text in tqdm(islice(articles(data, part), count), total=count, desc="untouched", disable=None, leave=False):
        done += 1
        repair = FIXER.repair(text)
        entities += len(repair.entities)
        for entity in repair.entities:
            changed += any(e.start < m.end and m.start < e.end for e in repair.edits for m in entity.mentions)
        for edit in repair.edits:
            context = text[max(0, edit.start - 40) : edit.end + 40].replace("\n", " ")
            changes.append(f"{edit.text} → {edit.replacement}\t{edit.issues[0].detector}\t{context}")
    share = changed / max(entities, 1)
    return [
        f"{done} articles nobody touched: {changed} of {entities} entities changed (1 in {1 / max(share, 1e-9):.0f})"
    ], changes
