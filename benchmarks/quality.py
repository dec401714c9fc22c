"""Quality, harm and promises in one run: python -m benchmarks.quality --data DIR

Tables go to benchmarks/results/quality.md; the changed sentences, which belong to the data, to out/ for reading.
"""

from __future__ import annotations

import argparse
import itertools
import json
from pathlib import Path

from benchmarks.conditions import write
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
    """Return lines: texts that a second run changes again, and texts on which the two backends differ."""
    rows = read_rows(data / "mlqe_pe.dev.jsonl.gz")
    sample = [row["mt"] for row in itertools.islice(rows, 0, 5000, 10)]
    repaired = [fixer.clean(text) for text in sample]
    again = sum(fixer.clean(text) != text for text in repaired)
    seed = fixer.clean(SEED.with_suffix(".txt").read_text(encoding="utf-8"))
    torch = Fixer(backend="torch")
    differ = sum(
        torch.clean(text) != text_repaired for text, text_repaired in zip(sample[:200], repaired, strict=False)
    )
    bold = [Fixer(backend=backend, strength="thorough") for backend in ("ctranslate2", "torch")]
    touched = [bold[0].clean(text) for text in sample[:200]]
    differ_bold = sum(
        bold[1].clean(text) != text_repaired for text, text_repaired in zip(sample, touched, strict=False)
    )
    return [
        f"- clean(clean(t)) != clean(t): {again} of {len(sample)} MT sentences of the development set"
        f" ({sum(a != b for a, b in zip(sample, repaired, strict=True))} of them changed by the first run), "
        f"{int(fixer.clean(seed) != seed)} of 1 seed document",
        f"- torch and CTranslate2 give different texts: {differ} of 200 sentences (conservative), {differ_bold} of 200 "
        f"(thorough, which changes {sum(a != b for a, b in zip(sample, touched, strict=False))})",
    ]


def keep(result: Evaluation, path: Path) -> None:
    """Write the changed sentences for reading."""
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(change, ensure_ascii=False) + "\n" for change in result.changes), "utf-8")


if __name__ == "__main__":
    main()
