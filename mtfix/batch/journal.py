"""The journal of a run: what it is, and how far it is safe, so that it can go on after a kill."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from mtfix.batch.output import synced
from mtfix.files import InputError

if sys.platform != "win32":
    import fcntl

Identity = dict[str, str]
_DIGEST = 64  # characters
_SEGMENT = {"file", "rows", "last", "complete", "sizes", "summary"}


class Journal:
    """A file of JSON lines: the identity of the run, then one line for every segment that is safe on the disk.

    A line has the number of its input, the rows of that so far, whether they are all (`last`), or why it was given up
    (`failed`). Every start of the run adds its identity again, with the process; one at a time holds the file (flock,
    where the system has it). A line that was cut off is no line. Without a path nothing is kept.
    """

    def __init__(self, path: Path | None) -> None:
        """Use the file at `path`."""
        self.path = path
        self._stream: BinaryIO | None = None

    def open(self, identity: Identity, resume: bool, inputs: Sequence[str]) -> list[dict[str, Any]]:
        """Return the lines of a run to go on with, none for a new one.

        inputs: their names in the identity, in order; those of which nothing is done may differ. Raises InputError when
        a run is unfinished and shall not go on, or can't because its identity differs, or while another run is at work.
        """
        if self.path is None:
            return []
        try:
            stream = self.path.open("a+b")
        except OSError as error:
            raise InputError(f"{self.path}: can't be written ({error.strerror}); choose another place") from error
        try:
            self._hold(stream)
            starts, lines, size = self._read()
            if starts and not resume:
                done = sum({line["file"]: line["rows"] for line in lines}.values())
                raise InputError(
                    f"{self.path}: an unfinished run is kept here ({done:,} rows are done);"
                    " go on with --resume, or remove this file to start anew"
                )
            if starts and not is_complete(lines):  # the output may stand in the place of the input already
                begun = {line["file"]: not line["failed"] for line in lines}  # as the last line of each says
                free = [name for file, name in enumerate(inputs) if not begun.get(file)]
                self._check(starts[-1]["identity"], identity, free)
        except BaseException:
            stream.close()
            raise
        self._stream = stream
        stream.truncate(size)
        self.add({"identity": identity, "process": os.getpid(), "host": platform.node()})
        synced(self.path.parent)
        return lines

    def add(self, line: dict[str, Any]) -> None:
        """Add a line and return when it is safe on the disk."""
        if self._stream is not None:
            self._stream.write(json.dumps(line).encode() + b"\n")
            self._stream.flush()
            os.fsync(self._stream.fileno())

    def close(self) -> None:
        """Leave the journal for a later run."""
        if self._stream is not None:
            self._stream.close()

    def remove(self) -> None:
        """The run is over: remove the journal, if it is this run's."""
        if self._stream is not None and self.path is not None:
            self.path.unlink(missing_ok=True)
            self.close()

    def _hold(self, stream: BinaryIO) -> None:
        """Keep other runs off the journal while it is open; raises InputError when one is at work."""
        assert self.path is not None
        if sys.platform == "win32":
            return
        is_held = True
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            is_held = False
        except OSError:  # a file system without locks
            return
        # The run that held it may have ended, and removed it, since it was opened here.
        if not is_held or not self.path.exists() or not os.path.samestat(os.fstat(stream.fileno()), self.path.stat()):
            starts = self._read()[0]
            who = f" (process {starts[-1]['process']} on {starts[-1]['host']})" if starts else ""
            raise InputError(f"{self.path}: another run{who} is at work with this output; wait until it ends")

    def _read(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int]:
        """Return the starts of the run, its segments, and the size of both."""
        assert self.path is not None
        lines: list[dict[str, Any]] = []
        size = 0
        for line in self.path.read_bytes().splitlines(keepends=True) if self.path.is_file() else ():
            if not line.endswith(b"\n"):
                break
            try:
                entry = json.loads(line)
            except ValueError:
                if not lines:
                    raise self._not_ours() from None
                break
            if not _is_entry(entry):
                raise self._not_ours()
            lines.append(entry)
            size += len(line)
        starts = [line for line in lines if "identity" in line]
        return starts, [line for line in lines if "identity" not in line], size

    def _not_ours(self) -> InputError:
        return InputError(f"{self.path}: this is no journal that mtfix wrote; move it to another place")

    def _check(self, before: Identity, now: Identity, free: Collection[str]) -> None:
        for name in dict.fromkeys((*before, *now)):
            may_differ = name in free and name in before and name in now
            was, is_now = before.get(name, "not given"), now.get(name, "not given")
            if was != is_now and not may_differ:
                raise InputError(
                    f"--resume: {name} {_change(was, is_now)}; go on with what the run was started with,"
                    f" or remove {self.path} to start anew"
                )


def _change(was: str, is_now: str) -> str:
    if len(was) == len(is_now) == _DIGEST:
        return "has changed"
    was, is_now = ("given" if len(value) == _DIGEST else value for value in (was, is_now))
    return f"was {was} and is {is_now} now"


def _is_entry(entry: Any) -> bool:
    return isinstance(entry, dict) and (isinstance(entry.get("identity"), dict) or entry.keys() >= _SEGMENT)


def is_complete(lines: Sequence[dict[str, Any]]) -> bool:
    """Whether a run has only to give its outputs their names."""
    return bool(lines) and lines[-1]["complete"]
