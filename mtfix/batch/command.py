"""`mtfix batch`: from parsed arguments to a run and an exit code."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from mtfix.batch.corpus import repair_corpus
from mtfix.batch.engine import LocalEngine
from mtfix.batch.identity import identity, load_same
from mtfix.batch.job import Job, Repairer
from mtfix.batch.parquet import pyarrow
from mtfix.batch.places import check_place, check_places
from mtfix.batch.plan import Plan
from mtfix.batch.ray import RayEngine
from mtfix.batch.registered import register_names, with_registry
from mtfix.batch.sidecar import sidecar_format
from mtfix.batch.sources import paired
from mtfix.batch.summary import Summary, summary_bytes
from mtfix.files import InputError, codec_name, whole_file

_FILES = ("glossary", "gazetteer", "rules", "model")  # options that name files


def run(arguments: Namespace, options: dict[str, Any], load_fixer: Callable[..., Repairer]) -> int:
    """Repair a corpus row by row; exit code 3 when rows or whole inputs were left alone because of an error."""
    if arguments.names_registry and options.get("names") is False:
        raise InputError("--names-registry, --no-names: a registry is of use only with names; leave one of them out")
    plan = _plan(arguments)
    progress = sys.stderr.isatty()
    options |= {name: _everywhere(options[name]) for name in _FILES if options.get(name)}
    engine = _engine(arguments, options)
    if arguments.names_registry:
        path = Path(arguments.names_registry)
        read_twice = all(file.source != "-" for file in plan.files)
        if not (read_twice or path.exists()):
            raise InputError(f"--names-registry {path}: a new one needs two passes; give the corpus as a file")
        if read_twice:
            of_names = {**options, "regenerate": False, "categories": frozenset(("entity",))}
            job = Job(_loading(load_fixer, of_names), arguments.row_timeout, entities=True)
            register_names(plan, path, job, engine, progress)
        given = (options.get("glossary"), options.get("gazetteer"), options.get("source", "auto"))
        options["glossary"] = with_registry(path, *given)
    job = Job(_loading(load_fixer, options), arguments.row_timeout, details=plan.report is not None)
    inputs = [file.source for file in plan.files]
    started = identity(options, _settings(arguments, plan), inputs, progress) if plan.journal else {}
    about = {
        "input": arguments.input,
        "output": None if arguments.dry_run else arguments.output,
        "engine": arguments.engine,
        "workers": engine.workers,
        "options": {name: _plain(value) for name, value in options.items() if not isinstance(value, Mapping)},
    }

    def tell(summary: Summary) -> None:
        for name in arguments.summary or ():
            with whole_file(name) as stream:
                stream.write(summary_bytes(summary, about, name.endswith(".html")))

    summary = repair_corpus(plan, job, engine, started, arguments.resume, progress, tell)
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
    """Return what is read and written; raises InputError for whatever of it won't do, before anything is done."""
    output = arguments.output
    summaries = arguments.summary or ()
    for name in summaries:
        if not name.endswith((".json", ".html")):
            raise InputError(f"--summary {name}: name it .json or .html")
    rejects = arguments.rejects or (None if _is_stream(output) else f"{output.rstrip('/')}.rejects.jsonl")
    written = [("--summary", name) for name in summaries]
    written += [("--report", arguments.report)] if arguments.report else []
    written += [("--rejects" if arguments.rejects else "the file of the rejects", rejects)] if rejects else []
    if arguments.report and sidecar_format(arguments.report).kind == "parquet":
        pyarrow()
    if arguments.rejects:
        sidecar_format(arguments.rejects, ("jsonl",))
    files = paired(
        arguments.input,
        output,
        arguments.column or ["text"],
        arguments.encoding or "utf-8",
        arguments.format,
        arguments.output_format,
        [name for _, name in written],
    )
    can_resume = not _is_stream(output) and all(Path(file.source).is_file() for file in files)
    if arguments.resume and not can_resume:
        raise InputError("--resume: standard input and output, devices and pipes can't be read or written again")
    stem = Path(os.path.realpath(output))
    journal = stem.with_name(f".{stem.name}.journal.jsonl") if can_resume else None
    makes_folders = files[0].target != output
    if makes_folders and not stem.is_dir():
        check_place(output)
    read = [(f"--{name}", file) for name in (*_FILES, "ignore") for file in _listed(getattr(arguments, name))]
    registry = arguments.names_registry
    if registry:
        (read if Path(registry).exists() else written).append(("--names-registry", registry))
    check_places(files, read, [*written, *([("the journal", str(journal))] if journal else [])], makes_folders)
    return Plan(
        tuple(files),
        arguments.report,
        rejects,
        journal,
        arguments.max_chars,
        arguments.dry_run,
        makes_folders,
        keeps_rejects=arguments.rejects is not None,
    )


def _is_stream(output: str) -> bool:
    """Whether an output is standard output, a device or a pipe, which can't be read or cut back."""
    return output == "-" or (Path(output).exists() and not Path(output).is_file() and not Path(output).is_dir())


def _listed(files: str | list[str] | None) -> list[str]:
    return [files] if isinstance(files, str) else files or []


def _settings(arguments: Namespace, plan: Plan) -> dict[str, str]:
    """Return the settings that outputs depend on, as they take effect however they were said."""
    files = plan.files
    return {
        "OUT": os.path.realpath(arguments.output),
        "--column": ", ".join(files[0].columns),
        "--format": ", ".join(dict.fromkeys(str(file.form) for file in files)),
        "--output-format": ", ".join(dict.fromkeys(str(file.target_form) for file in files)),
        "--encoding": codec_name(files[0].encoding),
        "--max-chars": str(plan.max_chars),
        "--row-timeout": str(arguments.row_timeout),
        "--report": os.path.realpath(plan.report) if plan.report else "not given",
        "--rejects": os.path.realpath(plan.rejects) if plan.rejects else "not given",
        "--dry-run": "given" if plan.dry_run else "not given",
    }


def _plain(value: Any) -> Any:
    """Return the value of an option as JSON has it."""
    if isinstance(value, frozenset):
        return sorted(value)
    return value if isinstance(value, bool | int | list) else str(value)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
