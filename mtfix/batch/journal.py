"""The journal of a run: what it is, and how far it is safe, so that it can go on after a kill."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from mtfix.batch.output import synced
from mtfix.files import InputError

Identity = dict[str, str]


class Journal:
    """A file of JSON lines: the identity of the run, then one line for every segment that is safe on the disk.

    A line that was cut off is no line. Without a path nothing is kept.
    """

    def __init__(self, path: Path | None) -> None:
        """Use the file at `path`."""
        self.path = path
        self._stream: BinaryIO | None = None

    def open(self, identity: Identity, resume: bool) -> list[dict[str, Any]]:
        """Return the lines of a run to go on with, none for a new one.

        Raises InputError when a run is unfinished and shall not go on, or can't because its identity differs.
        """
        if self.path is None:
            return []
        lines, size = self._read()
        if lines and not resume:
            done = sum(line.get("summary", {}).get("rows", 0) for line in lines[1:])
            raise InputError(
                f"{self.path}: an unfinished run is kept here ({done:,} rows are done);"
                " go on with --resume, or remove this file to start anew"
            )
        if lines and not is_complete(lines[1:]):  # the output may stand in the place of the input already
            self._check(lines[0]["identity"], identity)
        try:
            self._stream = self.path.open("r+b" if lines else "wb")
        except OSError as error:
            raise InputError(f"{self.path}: can't be written ({error.strerror}); choose another place") from error
        self._stream.truncate(size if lines else 0)
        self._stream.seek(0, os.SEEK_END)
        if not lines:
            self.add({"identity": identity})
            synced(self.path.parent)
        return lines[1:]

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
            self.close()
            self.path.unlink(missing_ok=True)

    def _read(self) -> tuple[list[dict[str, Any]], int]:
        assert self.path is not None
        lines: list[dict[str, Any]] = []
        size = 0
        if self.path.is_file():
            for line in self.path.read_bytes().splitlines(keepends=True):
                if not line.endswith(b"\n"):
                    break
                try:
                    lines.append(json.loads(line))
                except ValueError:
                    break
                size += len(line)
        return lines, size

    def _check(self, before: Identity, now: Identity) -> None:
        for name in dict.fromkeys((*before, *now)):
            if before.get(name) != now.get(name):
                was, is_now = before.get(name, "not there"), now.get(name, "not there")
                digests = len(was) == len(is_now) == 64
                change = "has changed" if digests else f"was {was} and is {is_now} now"
                raise InputError(
                    f"--resume: {name} {change}; go on with what the run was started with,"
                    f" or remove {self.path} to start anew"
                )


def is_complete(lines: Sequence[dict[str, Any]]) -> bool:
    """Whether a run has only to give its outputs their names."""
    return bool(lines) and lines[-1]["complete"]
