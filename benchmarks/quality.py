"""Quality, harm and promises in one run: python -m benchmarks.quality --data DIR

Tables go to benchmarks/results/quality.md; the changed sentences, which belong to the data, to out/ for reading.
"""

from __future__ import annotations

import argparse
import itertools
import json
import tempfile
from pathlib import Path

from benchmarks.conditions import write
from benchmarks.opened import OPEN, opened
from benchmarks.seed import SEED, report
from mtfix import Fixer
from mtfix.evaluate import Evaluation, evaluate
from mtfix.training.corpora import read_rows


def main() -> None:
    """Measure the shipped model at its default strength and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("out"))
    a = parser.parse_args()
    fixer = Fixer()
    lines = ["# Quality", "", "`python -m benchmarks.quality --data DIR`", "", *report(fixer), ""]
    lines += ["Promises:", "", *promises(fixer, a.data), ""]
    for name, options in (("conservative", {}), ("rules and names only", {"regenerate": False})):
        chosen = Fixer(**options) if options else fixer
        for set_name in ("prose", "mlqe-pe"):
            result = evaluate(set_name, a.data, chosen)
            lines += [f"{set_name}, {name}:", "", "```", str(result), "```", ""]
            keep(result, a.out / f"changes-{set_name}-{name.replace(' ', '-')}.jsonl")
    write("quality", lines)


def promises(fixer: Fixer, data: Path) -> list[str]:
    """Return lines: texts that a second run changes again, and texts on which the two backends differ.

    Also with the gate opened, since the shipped one lets little or nothing of the model through.
    """
    rows = read_rows(data / "mlqe_pe.dev.jsonl.gz")
    sample = [row["mt"] for row in itertools.islice(rows, 0, 5000, 10)]
    seed = fixer.clean(SEED.with_suffix(".txt").read_text(encoding="utf-8"))
    lines = [f"- seed document: a second run changes it: {fixer.clean(seed) != seed}"]
    with tempfile.TemporaryDirectory() as folder:
        for name, model in (("as shipped", "span-v1"), (f"opened to {OPEN}", opened("span-v1", Path(folder), OPEN))):
            ours, theirs = Fixer(model=model), Fixer(model=model, backend="torch")
            once = [ours.clean(text) for text in sample]
            again = sum(ours.clean(text) != text for text in once)
            differ = sum(theirs.clean(text) != cleaned for text, cleaned in zip(sample[:200], once, strict=False))
            lines.append(
                f"- gate {name}: of {len(sample)} MT sentences (development set) {_changed(sample, once)} are changed, "
                f"{again} of them again by a second run; torch and CTranslate2 differ on {differ} of 200 sentences, "
                f"{_changed(sample[:200], once[:200])} of which are changed"
            )
    return lines


def _changed(before: list[str], after: list[str]) -> int:
    return sum(a != b for a, b in zip(before, after, strict=True))


def keep(result: Evaluation, path: Path) -> None:
    """Write the changed sentences for reading."""
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(change, ensure_ascii=False) + "\n" for change in result.changes), "utf-8")


if __name__ == "__main__":
    main()
