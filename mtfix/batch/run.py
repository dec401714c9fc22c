"""A run over a corpus: where it is, what it writes, what it has counted; safe segment by segment."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from tqdm import tqdm

from mtfix.batch.chunks import Chunk, chunked
from mtfix.batch.encoders import JsonlRecords, RecordWriter
from mtfix.batch.formats import Format, format_of
from mtfix.batch.job import Outcome
from mtfix.batch.journal import Journal, is_complete
from mtfix.batch.output import Output
from mtfix.batch.rows import Row
from mtfix.batch.sidecar import ReportRecords, StderrRecords
from mtfix.batch.sources import File
from mtfix.batch.summary import Summary
from mtfix.compression import compression_of
from mtfix.files import InputError

_SEGMENT_ROWS = 500
_SEGMENT_CHARACTERS = 500_000


@dataclass(frozen=True)
class Plan:
    """What a run reads and writes.

    report, rejects: files for the issues and edits of each row, and for the rows left alone; without `rejects` they
    are told on standard error. journal: where the progress is kept; None for a run that can't be resumed.
    """

    files: tuple[File, ...]
    report: str | None = None
    rejects: str | None = None
    journal: Path | None = None
    max_chars: int = 100_000
    dry_run: bool = False
    makes_folders: bool = False


class Run:
    """The state of a run: where it is, what it writes, what it has counted."""

    def __init__(self, plan: Plan, progress: bool) -> None:
        self.total = Summary()
        self._plan = plan
        self._journal = Journal(plan.journal)
        self._output: Output | None = None
        self._sidecars: list[Output] = []
        self._report: RecordWriter | None = None
        self._rejects: RecordWriter = StderrRecords()
        self._part = Summary()  # what isn't in the journal yet
        self._began = time.perf_counter()
        self._file = self._rows = self._segment_rows = self._characters = 0
        self._output_size = 0
        sizes = [file.size for file in plan.files]
        self._bar = tqdm(
            total=sum(sizes) or None, unit="B", unit_scale=True, disable=not progress, dynamic_ncols=True, smoothing=0
        )

    @property
    def target(self) -> str:
        """The output that is being written."""
        return self._plan.files[min(self._file, len(self._plan.files) - 1)].target

    def begin(self, identity: Mapping[str, str], resume: bool) -> None:
        """Start anew, or go on where the journal ends."""
        lines = self._journal.open(dict(identity), resume)
        sizes = {"output": 0, "report": 0, "rejects": 0}
        for line in lines:
            self.total.add(Summary.from_dict(line["summary"]))
            self._file, self._rows, sizes = line["file"], line["rows"], line["sizes"]
        if lines and lines[-1]["last"]:
            if not self._plan.dry_run:
                self._output_of(self._plan.files[self._file]).finish_again()
            self._file, self._rows, sizes = self._file + 1, 0, {**sizes, "output": 0}
        self._output_size = sizes["output"]
        self._was_complete = is_complete(lines)
        if self._plan.report:
            self._report = self._sidecar(ReportRecords.of(_form(self._plan.report)), self._plan.report, sizes["report"])
        if self._plan.rejects:
            self._rejects = self._sidecar(JsonlRecords(), self._plan.rejects, sizes["rejects"])

    def chunks(self) -> Iterator[Chunk]:
        """Yield the rows that remain to be done, in chunks."""
        first, done = self._file, self._rows
        for index, file in enumerate(self._plan.files[first:], first):
            rows = islice(file.rows(), done if index == first else 0, None)
            began = time.perf_counter()
            for chunk in chunked(index, rows, self._plan.max_chars):
                self._part.spend("reading", time.perf_counter() - began)
                yield chunk
                began = time.perf_counter()

    def take(self, chunk: Chunk, outcomes: list[Outcome]) -> None:
        """Write what became of a chunk."""
        began = time.perf_counter()
        file = self._plan.files[chunk.file]
        if self._output is None and not self._plan.dry_run:
            self._output = self._output_of(file)
            assert file.encoder is not None
            self._output.start(file.encoder, self._output_size)
        for row, outcome in zip(chunk.rows, outcomes, strict=True):
            self._take_row(file, row, outcome)
            if self._segment_rows >= _SEGMENT_ROWS or self._characters >= _SEGMENT_CHARACTERS:
                self._cut(last=False)
        self._part.spend("writing", time.perf_counter() - began)
        if chunk.last:
            self._cut(last=True)
            if self._output is not None:
                self._output.finish()
            self._output, self._output_size = None, 0
            self._file, self._rows = chunk.file + 1, 0
        self._show(chunk.file)

    def complete(self) -> None:
        """Give the sidecars their names, and end the journal."""
        for sidecar in self._sidecars:
            if sidecar.name == self._plan.rejects and not self.total.rejected:
                sidecar.remove_old()
            elif self._was_complete:
                sidecar.finish_again()
            else:
                sidecar.finish()
        self._journal.remove()
        self._bar.close()

    def abandon(self) -> None:
        """Keep what is safe for a later run, or nothing if that is nothing."""
        self._bar.close()
        outputs = [*self._sidecars, *([self._output] if self._output else [])]
        keeps = self._plan.journal is not None and self.total.rows
        for output in outputs:
            output.close() if keeps else output.discard()
        self._journal.close() if keeps else self._journal.remove()

    def _take_row(self, file: File, row: Row, outcome: Outcome) -> None:
        texts, reason = outcome.texts, outcome.reason
        left_out = False
        if self._output is not None and file.encoder is not None:
            self._output.begin()
            try:
                file.encoder.write(row, texts)
            except ValueError as error:  # among them a character that the encoding lacks
                reason = reason or str(error)
                left_out = texts == row.texts or not _is_written(file, row)
                texts = row.texts
        where = {"row": row.number} if len(self._plan.files) == 1 else {"file": file.name, "row": row.number}
        if reason is not None:
            self._begin_sidecar(self._plan.rejects)
            self._rejects.add({**where, "reason": reason, **(row.raw() if left_out else {})})
        if self._report is not None:
            self._begin_sidecar(self._plan.report)
            self._report.add({**where, **_found(row, outcome, reason)})
        self._count(row, outcome, texts, reason, left_out)

    def _count(self, row: Row, outcome: Outcome, texts: tuple[str, ...], reason: str | None, left_out: bool) -> None:
        part = self._part
        part.rows += 1
        part.words += sum(len(text.split()) for text in row.texts)
        part.rejected += reason is not None
        part.left_out += left_out
        part.skipped += bool(outcome.skipped) and len(outcome.skipped) == sum(bool(text.strip()) for text in row.texts)
        part.changed += texts != row.texts
        for stage, seconds in outcome.seconds.items():
            part.spend(stage, seconds)
        if reason is None:
            for category, (made, left) in outcome.counts.items():
                part.count(category, made, left)
            for example in outcome.examples:
                part.show(example)
        self._rows += 1
        self._segment_rows += 1
        self._characters += sum(map(len, row.texts))

    def _cut(self, last: bool) -> None:
        """Make everything up to here safe."""
        sizes = dict.fromkeys(("output", "report", "rejects"), 0)
        if self._output is not None:
            sizes["output"] = self._output.cut()
        for sidecar in self._sidecars:
            sizes["report" if sidecar.name == self._plan.report else "rejects"] = sidecar.cut()
        now = time.perf_counter()
        self._part.seconds, self._began = now - self._began, now
        self._journal.add(
            {
                "file": self._file,
                "rows": self._rows,
                "last": last,
                "complete": last and self._file == len(self._plan.files) - 1,
                "sizes": sizes,
                "summary": self._part.to_dict(),
            }
        )
        self.total.add(self._part)
        self._part = Summary()
        self._segment_rows = self._characters = 0

    def _output_of(self, file: File) -> Output:
        if self._plan.makes_folders:
            Path(file.target).parent.mkdir(parents=True, exist_ok=True)
        return Output(file.target, file.target_form)

    def _sidecar(self, records: RecordWriter, name: str, size: int) -> RecordWriter:
        output = Output(name, _form(name))
        self._sidecars.append(output)
        if not self._was_complete:
            output.start(records, size)
        return records

    def _begin_sidecar(self, name: str | None) -> None:
        for sidecar in self._sidecars:
            if sidecar.name == name:
                sidecar.begin()

    def _show(self, index: int) -> None:
        if self._bar.disable:
            return
        done = sum(file.size for file in self._plan.files[:index]) + self._plan.files[index].place
        self._bar.update(done - self._bar.n)
        rows, words = self.total.rows + self._part.rows, self.total.words + self._part.words
        changed = self.total.changed + self._part.changed
        seconds = self.total.seconds + time.perf_counter() - self._began
        self._bar.set_postfix_str(
            f"{rows:,} rows, {rows / seconds:,.1f} rows/s, {words / seconds:,.0f} words/s,"
            f" {changed / max(rows, 1):.1%} changed",
            refresh=False,
        )


def _is_written(file: File, row: Row) -> bool:
    assert file.encoder is not None
    try:
        file.encoder.write(row, row.texts)
    except ValueError:
        return False
    return True


def _found(row: Row, outcome: Outcome, reason: str | None) -> dict[str, Any]:
    if reason is not None:
        return {"rejected": reason, "issues": (), "edits": ()}
    found = {"issues": outcome.issues, "edits": outcome.edits}
    if not outcome.skipped:
        return found
    several = len(row.columns) > 1
    reasons = [f"column “{column}”: {why}" if several else why for column, why in outcome.skipped.items()]
    return {"skipped": "; ".join(reasons), **found}


def _form(name: str) -> Format:
    """Return the format of a sidecar: Parquet if the name says so, JSON Lines otherwise."""
    told = format_of(name)
    if told is not None and told.kind not in ("jsonl", "parquet"):
        raise InputError(f"{name}: a report is JSON Lines or Parquet; name it .jsonl or .parquet")
    return told or Format("jsonl", compression_of(name))
