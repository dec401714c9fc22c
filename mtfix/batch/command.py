"""`mtfix batch`: from parsed arguments to a run and an exit code."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from mtfix.batch.corpus import repair_corpus
from mtfix.batch.engine import LocalEngine
from mtfix.batch.identity import identity, load_same
from mtfix.batch.job import Job, Repairer
from mtfix.batch.ray import RayEngine
from mtfix.batch.registered import register_names, with_registry
from mtfix.batch.run import Plan
from mtfix.batch.sources import paired
from mtfix.batch.summary import summary_bytes
from mtfix.files import InputError, whole_file

_FILES = ("glossary", "gazetteer", "rules", "model")  # options that name files


def run(arguments: Namespace, options: dict[str, Any], load_fixer: Callable[..., Repairer]) -> int:
    """Repair a corpus row by row; exit code 3 when rows or whole inputs were left alone because of an error."""
    plan = _plan(arguments)
    progress = sys.stderr.isatty()
    options |= {name: _everywhere(options[name]) for name in _FILES if options.get(name)}
    engine = _engine(arguments, options)
    if arguments.names_registry:
        path = Path(arguments.names_registry)
        if not path.exists():
            if any(file.source == "-" for file in plan.files):
                raise InputError(f"--names-registry {path}: a new one needs two passes; give the corpus as a file")
            of_names = {**options, "regenerate": False, "categories": frozenset(("entity",))}
            job = Job(_loading(load_fixer, of_names), arguments.row_timeout, entities=True)
            register_names(plan, path, job, engine, progress)
        options["gazetteer"] = with_registry(path, options.get("gazetteer"))
    job = Job(_loading(load_fixer, options), arguments.row_timeout, details=plan.report is not None)
    inputs = [file.source for file in plan.files]
    started = identity(options, _settings(arguments), inputs, progress) if plan.journal else {}
    summary_file = arguments.summary
    if summary_file and not summary_file.endswith((".json", ".html")):
        raise InputError(f"--summary {summary_file}: name it .json or .html")
    try:
        summary = repair_corpus(plan, job, engine, started, arguments.resume, progress)
    except BaseException:
        if plan.journal and plan.journal.exists():
            print("mtfix: what is done is kept; go on with --resume", file=sys.stderr)
        raise
    if summary_file:
        about = {
            "input": arguments.input,
            "output": None if arguments.dry_run else arguments.output,
            "engine": arguments.engine,
            "workers": engine.workers,
            "options": {name: str(value) for name, value in options.items() if name != "gazetteer"},
        }
        with whole_file(summary_file) as stream:
            stream.write(summary_bytes(summary, about, summary_file.endswith(".html")))
    print(f"mtfix: {summary}", file=sys.stderr)
    for reason in summary.failed.values():
        print(f"mtfix: not done: {reason}", file=sys.stderr)
    if summary.failed:
        count = f"{len(summary.failed):,} of {len(plan.files):,} inputs are not done"
        advice = ", and go on with --resume" if plan.journal else ""
        print(f"mtfix: {count}; nothing of them is in the output; mend them{advice}", file=sys.stderr)
    return 3 if summary.rejected or summary.failed else 0


def _engine(arguments: Namespace, options: dict[str, Any]) -> LocalEngine | RayEngine:
    """Return the engine that is asked for, and set the threads of its workers."""
    if arguments.engine == "ray":
        if options.get("device", "cpu") != "cpu":
            raise InputError(f"--device {options['device']}: --engine ray works on CPUs; leave one of them out")
        return RayEngine(arguments.workers, options.setdefault("threads", 1), arguments.address)
    if arguments.address:
        raise InputError(f"--address {arguments.address}: only with --engine ray")
    cores = _cores()
    workers = arguments.workers or cores
    return LocalEngine(workers, options.setdefault("threads", max(1, cores // workers)))


def _loading(load_fixer: Callable[..., Repairer], options: dict[str, Any]) -> Callable[[], Repairer]:
    return partial(load_same, load_fixer, options, identity(options))


def _everywhere(files: str | list[str]) -> str | list[str]:
    """Return paths that are the same in whatever folder a worker stands; a name that is no file stays a name."""
    if isinstance(files, list):
        return [str(_everywhere(file)) for file in files]
    return str(Path(files).absolute()) if Path(files).exists() else files


def _plan(arguments: Namespace) -> Plan:
    output = arguments.output
    files = paired(
        arguments.input,
        output,
        arguments.column or ["text"],
        arguments.encoding or "utf-8",
        arguments.format,
        arguments.output_format,
    )
    stem = Path(output)
    if output != "-" and not stem.parent.is_dir():
        raise InputError(f"{output}: can't be written ({stem.parent} is no folder); choose another place")
    can_resume = output != "-" and not any(file.source == "-" or not Path(file.source).is_file() for file in files)
    can_resume = can_resume and (not stem.exists() or stem.is_file() or stem.is_dir())
    if arguments.resume and not can_resume:
        raise InputError("--resume: standard input and output, devices and pipes can't be read or written again")
    return Plan(
        tuple(files),
        arguments.report,
        arguments.rejects or (None if output == "-" else f"{output.rstrip('/')}.rejects.jsonl"),
        stem.with_name(f".{stem.name}.journal.jsonl") if can_resume else None,
        arguments.max_chars,
        arguments.dry_run,
        makes_folders=files[0].target != output,
    )


def _settings(arguments: Namespace) -> dict[str, Any]:
    names = ("output", "column", "format", "output_format", "encoding", "max_chars", "row_timeout", "report")
    values = {f"--{name.replace('_', '-')}": getattr(arguments, name) for name in (*names, "rejects", "dry_run")}
    return {("OUT" if name == "--output" else name): str(value) for name, value in values.items()}


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
