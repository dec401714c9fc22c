"""The formats of corpora as file names and options tell them, and their compression."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, BinaryIO, Literal, cast, get_args

from mtfix.files import InputError

Kind = Literal["jsonl", "csv", "tsv", "parquet", "text", "document"]
Compression = Literal["", "gz", "zst"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SUFFIXES: dict[Kind, tuple[str, ...]] = {
    "jsonl": (".jsonl", ".ndjson"),
    "csv": (".csv",),
    "tsv": (".tsv",),
    "parquet": (".parquet",),
    "text": (".txt",),
    "document": (".txt",),
}
_COMPRESSIONS: dict[str, Compression] = {".gz": "gz", ".zst": "zst"}
_WINDOW = 2**27  # bytes: the largest window of zstd that is read, as `zstd --long` writes it


@dataclass(frozen=True)
class Format:
    """What a file holds (`document`: one text, all of it), and how it is compressed."""

    kind: Kind
    compression: Compression = ""

    def __str__(self) -> str:
        return f"{self.kind}.{self.compression}" if self.compression else self.kind

    def named(self, name: str) -> str:
        """Return a file name with the suffixes of this format in place of its own."""
        path = PurePath(name)
        if path.suffix.lower() in _COMPRESSIONS:
            path = path.with_suffix("")
        suffix = SUFFIXES[self.kind][0] + (f".{self.compression}" if self.compression else "")
        return str(path.with_suffix(suffix)) if format_of(str(path)) else f"{path}{suffix}"


def format_of(name: str) -> Format | None:
    """Return the format that a file name tells, if it tells one."""
    path = PurePath(name)
    compression = _COMPRESSIONS.get(path.suffix.lower(), "")
    suffix = (path.with_suffix("") if compression else path).suffix.lower()
    kind = next((kind for kind, known in SUFFIXES.items() if suffix in known), None)
    return None if kind is None else _checked(Format(kind, compression), name)


def compression_of(name: str) -> Compression:
    """Return the compression that a file name tells."""
    return _COMPRESSIONS.get(PurePath(name).suffix.lower(), "")


def given_format(value: str, option: str) -> Format:
    """Return the format that an option names: a kind, perhaps with .gz or .zst after it."""
    kind, _, compression = value.partition(".")
    if kind not in KINDS or compression not in get_args(Compression):
        raise InputError(f"{option} {value}: unknown; choose {', '.join(KINDS)}, with .gz or .zst after it if packed")
    return _checked(Format(kind, cast(Compression, compression)), f"{option} {value}")


def _checked(found: Format, where: str) -> Format:
    if found.kind == "parquet" and found.compression:
        raise InputError(f"{where}: Parquet is compressed inside; use a plain .parquet")
    return found


def unpacked(stream: BinaryIO, compression: Compression) -> BinaryIO:
    """Return a stream of what a compressed stream holds; reading raises one of `DAMAGE` when it is damaged."""
    if compression == "gz":
        return cast(BinaryIO, io.BufferedReader(gzip.GzipFile(fileobj=stream, mode="rb")))
    if compression == "zst":
        return io.BufferedReader(_ZstdReader(stream), 1 << 17)
    return stream


#: What reading a damaged file raises.
DAMAGE = (EOFError, zlib.error, gzip.BadGzipFile)


class _ZstdReader(io.RawIOBase):
    """Reads all frames of a zstd stream; unlike `zstandard`'s own reader it notices when the last is cut off."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._zstandard = _zstandard()
        self._frame: Any = None
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        while not self._rest:
            if not self._more():
                return 0
        taken, self._rest = self._rest[: len(view)], self._rest[len(view) :]
        view[: len(taken)] = taken
        return len(taken)

    def _more(self) -> bool:
        ended = self._frame is None or self._frame.eof
        packed = (self._frame.unused_data if ended and self._frame else b"") or self._stream.read(1 << 16)
        if not packed:
            if not ended:
                raise EOFError("it ends in the middle of a zstd frame")
            return False
        if ended:
            self._frame = self._zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()
        try:
            self._rest = self._frame.decompress(packed)
        except self._zstandard.ZstdError as error:
            raise EOFError(str(error)) from error
        return True


class Packer:
    """One gzip member or zstd frame in a stream, written through `stream`; `close` ends it, not the stream around it.

    Members and frames may follow one another, so that a file can grow by them.
    """

    def __init__(self, stream: BinaryIO, compression: Compression) -> None:
        self.stream: Any = stream
        self._close: Callable[[], None] = lambda: None
        if compression == "gz":
            self.stream = gzip.GzipFile(filename="", mode="wb", fileobj=stream, compresslevel=6, mtime=0)
            self._close = self.stream.close
        elif compression == "zst":
            self.stream = _zstandard().ZstdCompressor(level=3).stream_writer(stream, closefd=False)
            self._close = self.stream.close

    def close(self) -> None:
        """End the member or frame."""
        self._close()


def _zstandard() -> Any:
    try:
        import zstandard
    except ImportError as error:
        raise ImportError("zstd files need an extra: pip install 'mtfix[zstd]'") from error
    return zstandard
