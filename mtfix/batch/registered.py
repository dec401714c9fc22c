"""The first of two passes over a corpus: its names, counted in a registry."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tqdm import tqdm

from mtfix.batch.corpus import corpus_chunks
from mtfix.batch.engine import Engine
from mtfix.batch.job import Job
from mtfix.batch.run import Plan
from mtfix.names import load_names
from mtfix.names.registry import Registry


def register_names(plan: Plan, path: Path, job: Job, engine: Engine, progress: bool = False) -> None:
    """Count the names of every row in a new registry, which stands under its name only when it is whole.

    Rows and inputs that can't be read have no names here; the second pass says what is wrong with them. Raises
    InputError when no input can be read.
    """
    failed = 0
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        with Registry(part) as registry, tqdm(unit=" rows", desc="names", disable=not progress) as bar:
            for chunk, outcomes in engine(corpus_chunks(plan), job):
                for outcome in outcomes:
                    registry.add(outcome.entities)
                bar.update(len(chunk.rows))
                failed += chunk.problem is not None
                if chunk.problem and failed == len(plan.files):
                    raise chunk.problem
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def with_registry(path: Path, gazetteer: Any) -> Mapping[str, tuple[str, ...]]:
    """Return the names of a gazetteer, and beside them those of a registry that it doesn't know."""
    with Registry(path) as registry:
        registered = registry.gazetteer()
    given = load_names(gazetteer, "gazetteer") if gazetteer else {}
    known = {spelling for name, variants in given.items() for spelling in (name, *variants)}
    return given | {name: others for name, others in registered.items() if known.isdisjoint((name, *others))}
