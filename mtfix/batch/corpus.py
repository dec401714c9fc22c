"""A whole corpus: read → engine → write."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping

from mtfix.batch.chunks import Chunk, chunked
from mtfix.batch.engine import Engine
from mtfix.batch.job import Job
from mtfix.batch.output import StartAnew
from mtfix.batch.plan import Plan
from mtfix.batch.run import Run
from mtfix.batch.summary import Summary
from mtfix.files import InputError


def repair_corpus(
    plan: Plan,
    job: Job,
    engine: Engine,
    identity: Mapping[str, str],
    resume: bool = False,
    progress: bool = False,
    tell: Callable[[Summary], None] = lambda summary: None,
) -> Summary:
    """Repair every row of a corpus, keeping all else as it is, and return the counts.

    identity: what makes two runs the same; only with the same one does `resume` go on with an unfinished run.
    tell: is called with the counts while the run can still be resumed. Raises InputError for what can't be read or
    written, and what loading the fixer and `tell` raise. The work up to the last segment is kept then, if there is any.
    """
    run = Run(plan, progress)
    try:
        run.begin(identity, resume)
        for chunk, outcomes in engine(run.chunks(), job):
            run.take(chunk, outcomes)
        tell(run.total)
        run.complete()
    except BaseException as error:
        keeps = run.abandon()
        if keeps and isinstance(error, StartAnew):
            raise InputError(f"{error}; remove {plan.journal} and start anew") from error
        if keeps:
            print("mtfix: what is done is kept; go on with --resume", file=sys.stderr)
        if isinstance(error, OSError) and not error.filename:  # a full disk doesn't say where
            error.filename = run.target
        raise
    return run.total


def corpus_chunks(plan: Plan) -> Iterator[Chunk]:
    """Yield all rows of a plan in chunks."""
    for index, file in enumerate(plan.files):
        yield from chunked(index, file.rows(), plan.max_chars)
