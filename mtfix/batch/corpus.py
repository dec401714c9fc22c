"""A whole corpus: read → engine → write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mtfix.batch.chunks import Chunk, chunked
from mtfix.batch.engine import Engine
from mtfix.batch.job import Job
from mtfix.batch.run import Plan, Run
from mtfix.batch.summary import Summary


def repair_corpus(
    plan: Plan,
    job: Job,
    engine: Engine,
    identity: Mapping[str, str],
    resume: bool = False,
    progress: bool = False,
) -> Summary:
    """Repair every row of a corpus, keeping all else as it is, and return the counts.

    identity: what makes two runs the same; only with the same one does `resume` go on with an unfinished run.
    Raises InputError for what can't be read or written, and what loading the fixer raises. The work up to the last
    segment is kept then, if there is any.
    """
    run = Run(plan, progress)
    try:
        run.begin(identity, resume)
        for chunk, outcomes in engine(run.chunks(), job):
            run.take(chunk, outcomes)
        run.complete()
    except BaseException as error:
        run.abandon()
        if isinstance(error, OSError) and not error.filename:  # a full disk doesn't say where
            error.filename = run.target
        raise
    return run.total


def corpus_chunks(plan: Plan) -> Iterator[Chunk]:
    """Yield all rows of a plan in chunks."""
    for index, file in enumerate(plan.files):
        yield from chunked(index, file.rows(), plan.max_chars)
