"""A run over a corpus: where it is, what it writes, what it has counted; safe segment by segment."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from copy import deepcopy
from itertools import islice
from pathlib import Path
from typing import Any

from mtfix.batch.chunks import Chunk, chunked
from mtfix.batch.encoders import JsonlRecords, RecordWriter
from mtfix.batch.identity import input_name
from mtfix.batch.job import Outcome
from mtfix.batch.journal import Journal, is_complete
from mtfix.batch.meter import Meter
from mtfix.batch.output import Output
from mtfix.batch.plan import Plan
from mtfix.batch.rows import Row
from mtfix.batch.sidecar import ReportRecords, StderrRecords, found_in, sidecar_format
from mtfix.batch.sources import File
from mtfix.batch.summary import Summary
from mtfix.files import InputError

_SEGMENT_ROWS = 500
_SEGMENT_CHARACTERS = 500_000


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
        self._file = 0  # in hand
        self._before = Summary()  # the total when it began
        self._sizes = dict.fromkeys(("output", "report", "rejects"), 0)  # when it began
        self._rows = self._segment_rows = self._characters = 0
        self._output_size = 0
        self._over: set[int] = set()  # the inputs that are wholly written
        self._failed: dict[int, str] = {}  # input → why it was given up
        self._progress = progress
        self._meter: Meter | None = None
        self._bytes: list[int] = []  # of the files, as they were when the run began
        self._passed = 0  # bytes of the files that are over

    @property
    def target(self) -> str:
        """The output that is being written."""
        return self._plan.files[self._file].target

    def begin(self, identity: Mapping[str, str], resume: bool) -> None:
        """Start anew, or go on where the journal ends."""
        lines = self._journal.open(dict(identity), resume, [input_name(file.source) for file in self._plan.files])
        sizes = self._sizes
        for line in lines:
            self._file, self._rows, sizes = line["file"], line["rows"], line["sizes"]
            if line["failed"]:
                self.total = deepcopy(self._before)
            else:
                self.total.add(Summary.from_dict(line["summary"]))
            if line["last"]:
                self._end_file(sizes, is_whole=not line["failed"])
        if self._file in self._over and not self._plan.dry_run:
            self._output_of(self._plan.files[self._file]).finish_again()
        self._output_size = sizes["output"] if self._rows else 0
        self._was_complete = is_complete(lines)
        if self._plan.report:
            self._report = self._sidecar(
                ReportRecords.of(sidecar_format(self._plan.report)), self._plan.report, sizes["report"]
            )
        if self._plan.rejects:
            self._rejects = self._sidecar(JsonlRecords(), self._plan.rejects, sizes["rejects"])

    def chunks(self) -> Iterator[Chunk]:
        """Yield the rows that remain to be done, in chunks; first those of a file that is partly done."""
        files = self._plan.files
        self._bytes = [file.size for file in files]
        self._passed = sum(self._bytes[index] for index in self._over)
        partly = self._file if self._rows else None
        left = [index for index in range(len(files)) if index not in self._over]
        for index in sorted(left, key=lambda index: index != partly):
            rows = self._rows_after(files[index], self._rows if index == partly else 0)
            began = time.perf_counter()
            for chunk in chunked(index, rows, self._plan.max_chars):
                self._part.spend("reading", time.perf_counter() - began)
                yield chunk
                began = time.perf_counter()

    def _rows_after(self, file: File, done: int) -> Iterator[Row]:
        """Yield the rows of a file after those that are done, which must be read again."""
        rows = file.rows()
        if done:
            with Meter("reading the rows that are done", " rows", done, self._progress) as meter:
                for row in islice(rows, done):
                    meter.show(row.number)
        if self._meter is None:
            place = self._passed + (file.place if done else 0)
            self._meter = Meter("", "B", sum(self._bytes), self._progress, place)
        yield from rows

    def take(self, chunk: Chunk, outcomes: list[Outcome]) -> None:
        """Write what became of a chunk."""
        began = time.perf_counter()
        self._file = chunk.file
        file = self._plan.files[self._file]
        if chunk.problem is not None:
            self._give_up(file, chunk.problem)
            return
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
            self._output = None
            self._passed += self._bytes[chunk.file]
        self._show(chunk)

    def complete(self) -> None:
        """Give the sidecars their names, and end the journal; if inputs failed, a later run can go on from here.

        These are written down after the last cut, so that such a run takes it back.
        """
        for source, reason in self.total.failed.items():
            self._begin_sidecar(self._plan.rejects)
            self._rejects.add({"file": source, "reason": reason})
        keeps = bool(self._failed) and self._plan.journal is not None
        for sidecar in self._sidecars:
            if sidecar.name == self._plan.rejects and not (
                self.total.rejected or self._failed or self._plan.keeps_rejects
            ):
                sidecar.remove_old()
            elif self._was_complete:
                sidecar.finish_again()
            else:
                sidecar.cut()
                sidecar.finish(keeps)
        self._journal.close() if keeps else self._journal.remove()
        if self._meter is not None:
            self._meter.close()

    def abandon(self) -> bool:
        """Keep what is safe for a later run, or nothing if that is nothing; return whether there is something."""
        if self._meter is not None:
            self._meter.close()
        outputs = [*self._sidecars, *([self._output] if self._output else [])]
        keeps = self._plan.journal is not None and self.total.rows > 0
        for output in outputs:
            output.close() if keeps else output.discard()
        self._journal.close() if keeps else self._journal.remove()
        return keeps

    def _give_up(self, file: File, problem: InputError | OSError) -> None:
        """Take back what is written of a file that can't be read to its end, so that it can be begun anew.

        Raises InputError when no file is left that can be read.
        """
        reason = (
            str(problem)
            if isinstance(problem, InputError)
            else f"{file.name}: can't be read ({problem.strerror or problem})"
        )
        if len(self._plan.files) == 1:
            raise problem if isinstance(problem, InputError) else InputError(reason)
        self._add(rows=0, last=True, failed=reason, sizes=self._sizes, summary=Summary().to_dict())
        for sidecar in self._sidecars:
            sidecar.cut_back(self._sizes[self._kind(sidecar)])
        if not self._plan.dry_run:
            (self._output or Output(file.target, file.target_form)).discard()
        self._output = None
        self._failed[self._file] = reason
        self.total, self._part, self._began = deepcopy(self._before), Summary(), time.perf_counter()
        self.total.failed = {self._plan.files[index].source: self._failed[index] for index in sorted(self._failed)}
        self._end_file(self._sizes, is_whole=False)
        self._passed += self._bytes[self._file]
        if len(self._failed) == len(self._plan.files):
            first = next(iter(self._failed.values()))
            raise InputError(f"none of the {len(self._failed)} inputs can be read; the first: {first}") from problem

    def _end_file(self, sizes: dict[str, int], is_whole: bool) -> None:
        """Be ready for another file; `is_whole` says that all of the one in hand is written."""
        if is_whole:
            self._over.add(self._file)
        self._before, self._sizes = deepcopy(self.total), {**sizes, "output": 0}
        self._rows = self._output_size = self._segment_rows = self._characters = 0

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
            self._report.add({**where, **found_in(row, outcome, reason)})
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
            sizes[self._kind(sidecar)] = sidecar.cut()
        now = time.perf_counter()
        self._part.seconds, self._began = now - self._began, now
        complete = last and len(self._over) == len(self._plan.files) - 1
        self._add(rows=self._rows, last=last, complete=complete, sizes=sizes, summary=self._part.to_dict())
        self.total.add(self._part)
        self._part = Summary()
        self._segment_rows = self._characters = 0
        if last:
            self._end_file(sizes, is_whole=True)

    def _add(self, **line: Any) -> None:
        """Add a line about the file in hand to the journal."""
        self._journal.add({"file": self._file, "complete": False, "failed": None, **line})

    def _kind(self, sidecar: Output) -> str:
        return "report" if sidecar.name == self._plan.report else "rejects"

    def _output_of(self, file: File) -> Output:
        if self._plan.makes_folders:
            Path(file.target).parent.mkdir(parents=True, exist_ok=True)
        return Output(file.target, file.target_form)

    def _sidecar(self, records: RecordWriter, name: str, size: int) -> RecordWriter:
        output = Output(name, sidecar_format(name))
        self._sidecars.append(output)
        if not self._was_complete:
            output.start(records, size)
        return records

    def _begin_sidecar(self, name: str | None) -> None:
        for sidecar in self._sidecars:
            if sidecar.name == name:
                sidecar.begin()

    def _show(self, chunk: Chunk) -> None:
        if self._meter is None:
            return
        rows, words = self.total.rows + self._part.rows, self.total.words + self._part.words
        changed = self.total.changed + self._part.changed
        seconds = self.total.seconds + time.perf_counter() - self._began
        place = 0 if chunk.last else self._plan.files[chunk.file].place
        self._meter.show(
            self._passed + place,
            f"{rows:,} rows, {rows / seconds:,.1f} rows/s, {words / seconds:,.0f} words/s,"
            f" {changed / max(rows, 1):.1%} changed",
        )


def _is_written(file: File, row: Row) -> bool:
    assert file.encoder is not None
    try:
        file.encoder.write(row, row.texts)
    except ValueError:
        return False
    return True
