"""A user's own post-edits → a model folder: fine-tuning from the shipped weights."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from mtfix.document import tokenize
from mtfix.evaluate.repair import Row, scored
from mtfix.files import InputError
from mtfix.fixer import Fixer
from mtfix.options import OptionsError
from mtfix.regenerate.gate import GATE
from mtfix.regenerate.load import find_model
from mtfix.regenerate.network import load_network
from mtfix.regenerate.wordpieces import WORDPIECES, WordPieces
from mtfix.training.batches import MIXES, Mill, Recipe
from mtfix.training.export import export
from mtfix.training.labels import label
from mtfix.training.material import Material
from mtfix.training.packed import example, pack
from mtfix.training.train import Schedule, train

_FEWEST = 50  # pairs
_HELD_OUT = 10  # one pair in ten
_HIDDEN = 0.15


def finetune(pairs: Path, out: Path, base: str, seconds: float, rate: float, seed: int = 1) -> str:
    """Fine-tune model `base` on the pairs of a JSON Lines file and write the new model to `out`.

    One pair in ten, by a hash of its hypothesis, is held out; returns a table of what the base model and the new one
    make of those, beside doing nothing. A run that was cut short goes on from `out/checkpoint.pt`. The gate is the
    base model's. Raises InputError for rows that cannot be used or when there are too few, OptionsError when `base`
    is no model of ours, ImportError naming the extra when PyTorch is missing.
    """
    folder = find_model(base)
    rows = read_pairs(pairs)
    kept = [row for row in rows if not _held_out(row)]
    held = [row for row in rows if _held_out(row)]
    labelled = [example(label(*row)) for row in kept]
    edited = [item for item in labelled if 2 <= len(item.tokens) <= 90]
    out.mkdir(parents=True, exist_ok=True)
    if (out / GATE).exists():
        raise OptionsError(f"{out} already holds a model: name another folder, or remove it")
    shutil.copyfile(folder.path / WORDPIECES, out / WORDPIECES)
    network = load_network(folder)
    clean = [row.reference for row in kept if len(tokenize(row.reference)) >= 4]
    pieces = WordPieces(out / WORDPIECES)
    material = Material({"edited": pack(edited, pieces, network.operations)}, clean, {}, {})
    mill = Mill(material, pieces, network.operations, Recipe(MIXES["real"], seed=seed, hidden=_HIDDEN))
    progress = train(out, mill, network, Schedule(seconds, rate))
    recipe = {"from": base, "pairs": len(kept), "steps": progress.steps, "seconds": round(progress.seconds)}
    export(network, out / WORDPIECES, out, recipe)
    shutil.copyfile(folder.path / GATE, out / GATE)
    (out / "checkpoint.pt").unlink()
    before = scored("held out", {base: held}, Fixer(model=base), "TER")
    after = scored("held out", {str(out): held}, Fixer(model=str(out)), "TER")
    return f"{before}\n\n{after}"


def read_pairs(path: Path) -> list[Row]:
    """Read {"mt": …, "pe": …} rows; InputError names the file, the line and what is wrong with it."""
    if not path.is_file():
        raise InputError(f"{path}: no such file; it should hold one JSON object a line, with the fields mt and pe")
    rows: list[Row] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(f"{path}, line {number}: not JSON ({error.msg})") from error
        missing = [name for name in ("mt", "pe") if not isinstance(row, dict) or not isinstance(row.get(name), str)]
        if missing:
            raise InputError(f"{path}, line {number}: needs a string under “{missing[0]}”")
        rows.append(Row(row["mt"], row["pe"]))
    if len(rows) < _FEWEST:
        raise InputError(f"{path}: {len(rows)} pairs are too few to learn from; {_FEWEST} is the least")
    return rows


def _held_out(row: Row) -> bool:
    return hashlib.sha256(row.hypothesis.encode()).digest()[0] % _HELD_OUT == 0
