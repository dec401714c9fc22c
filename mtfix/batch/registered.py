"""The first of two passes over a corpus: its names, counted in a registry."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from mtfix.batch.chunks import Chunk
from mtfix.batch.corpus import corpus_chunks
from mtfix.batch.engine import Engine
from mtfix.batch.job import Job
from mtfix.batch.plan import Plan
from mtfix.names import load_names
from mtfix.names.glossary import key
from mtfix.names.registry import Registry


def register_names(plan: Plan, path: Path, job: Job, engine: Engine, progress: bool = False) -> None:
    """Add the names of the rows that a registry doesn't have yet; it stands under its name only when it is whole.

    Rows and inputs that can't be read have no names here; the second pass says what is wrong with them. Raises
    InputError when no input can be read.
    """
    failed = 0
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        if path.exists():
            shutil.copyfile(path, part)
        with Registry(part) as registry, tqdm(unit=" rows", desc="names", disable=not progress) as bar:
            for chunk, outcomes in engine(_new_rows(plan, registry), job):
                for row, outcome in zip(chunk.rows, outcomes, strict=True):
                    if outcome.reason is None:
                        registry.add(row.texts, outcome.entities)
                bar.update(len(chunk.rows))
                failed += chunk.problem is not None
                if chunk.problem and failed == len(plan.files):
                    raise chunk.problem
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _new_rows(plan: Plan, registry: Registry) -> Iterator[Chunk]:
    for chunk in corpus_chunks(plan):
        yield replace(chunk, rows=tuple(row for row in chunk.rows if row.texts and not registry.knows(row.texts)))


def with_registry(path: Path, glossary: Any, gazetteer: Any, source: str) -> Mapping[str, tuple[str, ...]]:
    """Return the names of a glossary, and beside them those of a registry that neither it nor a gazetteer knows."""
    with Registry(path) as registry:
        registered = registry.glossary(source)
    given = load_names(glossary, "glossary") if glossary else {}
    others = load_names(gazetteer, "gazetteer") if gazetteer else {}
    known = {key(text) for names in (given, others) for name, found in names.items() for text in (name, *found)}
    return given | {name: found for name, found in registered.items() if known.isdisjoint(map(key, found))}
