"""How well names respelt in real articles are put together again, and what happens to articles nobody touched."""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from tqdm import tqdm

from benchmarks.respelling import Respelt, articles, first_names, respell, variants
from mtfix import Fixer
from mtfix.names.romanization import fold, split_article
from mtfix.result import to_original

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
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def documents(data: Path, part: str, count: int) -> list[Respelt]:
    """Return articles with respelt names, always the same ones."""
    table = variants(data)
    first = first_names(data)
    rng = random.Random(4)
    made = (respell(text, table, first, rng) for text in articles(data, part))
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


def report(data: Path, part: str, count: int) -> list[str]:
    """Return lines on respelt articles: B-cubed and canonical accuracy, doing nothing beside."""
    items = documents(data, part, count)
    lines = [f"{len(items)} articles ({part}), {sum(sum(item.changed) for item in items)} respelt mentions"]
    missed = []
    for method in ("doing nothing", "mtfix"):
        gold: list[Hashable] = []
        found: list[Hashable] = []
        respelt = canonical = broken = 0
        for number, item in enumerate(tqdm(items, desc=method, disable=None, leave=False)):
            forms, same = (
                ([fold(split_article(t.text)[1]) for t in item.tokens], True)
                if method == "doing nothing"
                else spelled(item, FIXER)
            )
            broken += not same
            touched = {name for name, changed in zip(item.names, item.changed, strict=True) if changed}
            for name, form, changed in zip(item.names, forms, item.changed, strict=True):
                if name in touched:
                    respelt += changed
                    canonical += changed and form == name
                    if changed and form != name and method == "mtfix":
                        missed.append((name, form))
                gold.append((number, name))
                found.append((number, form))
        scope = [g in {(n, name) for n, i in enumerate(items) for name, c in zip(i.names, i.changed) if c} for g in gold]
        own_gold = [g for g, inside in zip(gold, scope, strict=True) if inside]
        own_found = [f for f, inside in zip(found, scope, strict=True) if inside]
        p, r = b_cubed(gold, found)
        op, orr = b_cubed(own_gold, own_found)
        lines.append(
            f"{method:14} B3 all names P {p:.4f} R {r:.4f} F1 {f1(p, r):.4f}; respelt names P {op:.3f} R {orr:.3f} "
            f"F1 {f1(op, orr):.3f}; canonical {canonical}/{respelt} = {canonical / max(respelt, 1):.3f}; "
            f"articles with other changes {broken}"
        )
    Path("out").mkdir(exist_ok=True)
    Path("out/names-missed.json").write_text(json.dumps(missed))
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
    return [f"{done} articles nobody touched: {changed} of {entities} entities changed (1 in {1 / max(share, 1e-9):.0f})"], changes


if __name__ == "__main__":
    import sys

    data = Path(sys.argv[1])
    part = sys.argv[2]
    print("\n".join(report(data, part, int(sys.argv[3]))))
    lines, changes = untouched(data, part, int(sys.argv[4]))
    print("\n".join(lines + changes))
