"""Files in and out, byte for byte: decoding with clear errors, and output that appears only when whole."""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

# Byte order marks by codec; UTF-16 and UTF-32 learn their byte order from them.
_MARKS = {
    "utf-8": ((codecs.BOM_UTF8, "utf-8"),),
    "utf-16": ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")),
    "utf-16-le": ((codecs.BOM_UTF16_LE, "utf-16-le"),),
    "utf-16-be": ((codecs.BOM_UTF16_BE, "utf-16-be"),),
    "utf-32": ((codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be")),
    "utf-32-le": ((codecs.BOM_UTF32_LE, "utf-32-le"),),
    "utf-32-be": ((codecs.BOM_UTF32_BE, "utf-32-be"),),
}


class InputError(ValueError):
    """Bad usage or input; the message is one line that says what, where, and what to do."""


@dataclass(frozen=True)
class TextFile:
    """A decoded file. `mark` is its byte order mark, `data` the bytes that `text` was decoded from."""

    name: str
    text: str
    encoding: str
    mark: bytes
    data: bytes

    def encode(self, text: str) -> bytes:
        """Return a text as this file's bytes: the very same ones where nothing changed.

        Raises InputError when the file's encoding lacks a character.
        """
        if text == self.text:
            return self.mark + self.data
        try:
            return self.mark + text.encode(self.encoding)
        except UnicodeEncodeError as error:
            raise InputError(
                f"{self.name}: the repaired text has “{text[error.start]}”, which {self.encoding} can't hold;"
                " convert the file to UTF-8 first"
            ) from error


def codec_name(encoding: str) -> str:
    """Return Python's name of a text encoding; raises InputError when there is none."""
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)
    except (LookupError, ValueError) as error:
        raise InputError(f"--encoding {encoding}: unknown encoding; try utf-8, cp1252, utf-16 or gb18030") from error
    return "utf-8" if name == "utf-8-sig" else name


def read_text(path: str, encoding: str | None = None, fix: bool = False) -> TextFile:
    """Read and decode a file; "-" is standard input.

    encoding: by default UTF-8. fix: decode what isn't in that encoding leniently and repair mojibake with
    ftfy, without touching quotation marks, line ends or letters' forms; the result is written as UTF-8.

    Raises InputError for what can't be read, is empty, isn't text, or is in another encoding.
    """
    name = "<stdin>" if path == "-" else path
    codec = codec_name(encoding or "utf-8")
    with open_input(path) as stream:
        data = stream.read()
    mark = b""
    for known, variant in _MARKS.get(codec, ()):
        if data.startswith(known):
            mark, data, codec = known, data[len(known) :], variant
            break
    if codec in ("utf-16", "utf-32"):
        codec += "-le" if sys.byteorder == "little" else "-be"
    if not data:
        raise InputError(f"{name}: the file is empty, nothing to repair")
    if encoding is None and data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError(f"{name}: this is UTF-16; read it with --encoding utf-16")
    if encoding is None and b"\0" in data:
        offset = len(mark) + data.index(b"\0")
        raise InputError(f"{name}: binary file (byte {offset} is NUL), not text; --encoding reads UTF-16 or UTF-32")
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        if not fix:
            raise InputError(_undecodable(name, data, codec, len(mark), error)) from error
        text = _decoded_by_line(data, codec)
    if fix:
        text = _mended(text)
        return TextFile(name, text, "utf-8", mark if codec == "utf-8" else b"", text.encode())
    return TextFile(name, text, codec, mark, data)


def _undecodable(name: str, data: bytes, codec: str, shift: int, error: UnicodeDecodeError) -> str:
    byte = f" (0x{data[error.start]:02X})" if error.start < len(data) else ""
    shown = "UTF-8" if codec == "utf-8" else codec
    return (
        f"{name}: byte {error.start + shift}{byte} isn't {shown};"
        " name the encoding with --encoding (such as cp1252), or let --fix-encoding repair it"
    )


def _decoded_by_line(data: bytes, codec: str) -> str:
    """Decode each line as `codec`, failing that as a guess: one bad byte must not spoil the other lines."""
    import ftfy

    def decode(line: bytes) -> str:
        try:
            return line.decode(codec)
        except UnicodeDecodeError:
            return str(ftfy.guess_bytes(line)[0])

    if codec.startswith(("utf-16", "utf-32")):
        return data.decode(codec, "replace")
    return "".join(map(decode, data.splitlines(keepends=True)))


def _mended(text: str) -> str:
    import ftfy

    config = ftfy.TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        uncurl_quotes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        fix_line_breaks=False,
        remove_control_chars=False,
        normalization=None,
        explain=False,
    )
    mended: str = ftfy.fix_text(text, config)
    return mended.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@contextmanager
def open_input(path: str) -> Iterator[BinaryIO]:
    """Open a file, or standard input for "-", to read bytes; raises InputError when that can't be."""
    if path == "-":
        yield sys.stdin.buffer
        return
    with _opened(path) as stream:
        yield stream


def _opened(path: str) -> BinaryIO:
    try:
        return Path(path).open("rb")
    except (OSError, ValueError) as error:
        raise InputError(_unreadable(path, error)) from error


def _unreadable(path: str, error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return f"{path}: no such file; check the path, or give - for standard input"
    if isinstance(error, IsADirectoryError) or Path(path).is_dir():
        return f"{path}: this is a directory; name the files in it"
    return f"{path}: can't be read ({getattr(error, 'strerror', None) or error})"


@contextmanager
def whole_file(path: str | Path) -> Iterator[BinaryIO]:
    """Open a file to write bytes that replaces `path` when all is written, and leaves nothing if it fails.

    Raises InputError when the file can't be written.
    """
    target = Path(path)
    try:
        target = target.resolve()
        if target.is_dir():
            raise IsADirectoryError(None, "this is a directory")
        direct = target.exists() and not target.is_file()  # a device or a pipe
        temporary = target if direct else target.with_name(f".{target.name}.{os.getpid()}.part")
        stream = temporary.open("wb")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{path}: can't be written ({reason}); choose another place") from error
    try:
        with stream:
            yield stream
        if not direct:
            if target.exists():
                temporary.chmod(target.stat().st_mode & 0o7777)
            temporary.replace(target)
    except BaseException:
        if not direct:
            with suppress(OSError):
                temporary.unlink()
        raise
