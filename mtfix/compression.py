"""Files packed with gzip or zstd: reading them, and writing them piece by piece."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from pathlib import PurePath
from typing import Any, BinaryIO, Literal, cast

Compression = Literal["", "gz", "zst"]
_COMPRESSIONS: dict[str, Compression] = {".gz": "gz", ".zst": "zst"}
_WINDOW = 2**27  # bytes: the largest window of zstd that is read, as `zstd --long` writes it


def compression_of(name: str) -> Compression:
    """Return the compression that a file name tells."""
    return _COMPRESSIONS.get(PurePath(name).suffix.lower(), "")


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
