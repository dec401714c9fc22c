"""Outputs that grow by segments, and stand under their names only when they are whole."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from mtfix.batch.formats import Format
from mtfix.batch.parquet import write_parquet
from mtfix.compression import Packer
from mtfix.files import InputError


class StartAnew(InputError):
    """An error that the same run can't get over by going on."""


class Segments(Protocol):
    """What encoders have in common here: a segment begins and ends."""

    def begin(self, stream: BinaryIO, first: bool) -> None:
        """Start a segment; `first` at the start of a file."""

    def end(self) -> None:
        """End the segment."""


class Output:
    """A file in the making: `.NAME.part` beside it grows by segments; what was cut off is safe on the disk.

    "-", a device or a pipe is written directly, and can't be cut back.
    """

    def __init__(self, name: str, form: Format) -> None:
        """Write to the file of this name; raises InputError when it is a folder."""
        self.name = name
        self._form = form
        self._path = Path(name).resolve()
        if name != "-" and self._path.is_dir():
            raise InputError(f"{name}: can't be written (this is a directory); choose another place")
        self.is_direct = name == "-" or (self._path.exists() and not self._path.is_file())
        self._part = self._path.with_name(f".{self._path.name}.part")
        self._stream: BinaryIO | None = None
        self._packer: Packer | None = None
        self._encoder: Any = None
        self.size = 0

    def start(self, encoder: Segments, size: int = 0) -> None:
        """Go on where `size` bytes are safe; at 0, the first segment begins at once. Raises InputError."""
        self._encoder = encoder
        self.size = size
        if self.is_direct and self._form.kind == "parquet":
            with tempfile.NamedTemporaryFile(prefix="mtfix-", delete=False) as file:
                self._part = Path(file.name)
        try:
            if self.is_direct and self._form.kind != "parquet":
                self._stream = sys.stdout.buffer if self.name == "-" else self._path.open("wb")
            else:
                self._stream = self._part.open("r+b" if size else "wb")
                if self._stream.seek(0, os.SEEK_END) < size:
                    raise StartAnew(f"{self._part}: what was written is no longer whole here")
                self._stream.truncate(size)
                self._stream.seek(size)
        except FileNotFoundError as error:
            if size:
                raise StartAnew(f"{self._part}: what was written is no longer here") from error
            raise InputError(f"{self.name}: can't be written ({error.strerror}); choose another place") from error
        except OSError as error:
            raise InputError(f"{self.name}: can't be written ({error.strerror}); choose another place") from error
        if not size:
            self.begin()

    def begin(self) -> None:
        """Begin a segment unless one has begun."""
        if self._packer is None:
            assert self._stream is not None
            self._packer = Packer(self._stream, self._form.compression)
            self._encoder.begin(self._packer.stream, first=not self.size)

    def cut(self) -> int:
        """End the segment and return the size when all that was written is safe on the disk."""
        if self._packer is not None and self._stream is not None:
            self._encoder.end()
            self._packer.close()
            self._packer = None
            self._stream.flush()
            if not self.is_direct:
                os.fsync(self._stream.fileno())
                self.size = self._stream.tell()
            else:
                self.size = 1
        return self.size

    def cut_back(self, size: int) -> None:
        """Take back all but the first `size` bytes, where a cut was made; what is written directly can't be."""
        self.cut()
        if not self.is_direct:
            self.close()
            self.start(self._encoder, size)

    def finish(self, keeps_part: bool = False) -> None:
        """Give the whole file its name; with `keeps_part` a copy of it, so that a later run can go on with it."""
        self.close()
        if self._form.kind == "parquet":
            self._write(write_parquet)
        elif keeps_part and not self.is_direct:
            self._write(_copy)
        elif not self.is_direct:
            self._rename(self._part)
        if self._form.kind == "parquet" and not keeps_part:
            self._part.unlink()

    def finish_again(self) -> None:
        """Give the file its name if that wasn't reached before the run was cut off."""
        if self._part.exists():
            self.finish()

    def close(self) -> None:
        """Leave the file as it is, safe up to the last cut."""
        stream, self._stream = self._stream, None
        if stream is not None and stream is not sys.stdout.buffer:
            with suppress(OSError):  # what is in the buffer may not fit the disk; it isn't counted on
                stream.close()

    def discard(self) -> None:
        """Remove what was written."""
        self.close()
        if not self.is_direct or self._form.kind == "parquet":
            self._part.unlink(missing_ok=True)

    def remove_old(self) -> None:
        """Remove what is written, and the file that an earlier run left under this name."""
        self.discard()
        if not self.is_direct:
            self._path.unlink(missing_ok=True)

    def _write(self, write: Callable[[Path, BinaryIO], None]) -> None:
        """Write what the part holds in its place."""
        if self.name == "-":
            write(self._part, sys.stdout.buffer)
        elif self.is_direct:
            with self._path.open("wb") as stream:
                write(self._part, stream)
        else:
            whole = self._part.with_suffix(".whole")
            try:
                with whole.open("wb") as stream:
                    write(self._part, stream)
                    stream.flush()
                    os.fsync(stream.fileno())
            except BaseException:
                whole.unlink(missing_ok=True)
                raise
            self._rename(whole)

    def _rename(self, whole: Path) -> None:
        if self._path.exists():
            whole.chmod(self._path.stat().st_mode & 0o7777)
        whole.replace(self._path)
        synced(self._path.parent)


def _copy(source: Path, target: BinaryIO) -> None:
    with source.open("rb") as stream:
        shutil.copyfileobj(stream, target)


def synced(folder: Path) -> None:
    """Make new and changed names in a folder safe from a power cut, where the system can do that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
