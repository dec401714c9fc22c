"""What goes in and where it comes out: files, folders and patterns → pairs of an input and an output."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from mtfix.batch.encoders import Encoder, encoder_of
from mtfix.batch.formats import SUFFIXES, Format, format_of, given_format, kind_of, known_suffixes, unknown_suffix
from mtfix.batch.jsonl import JsonlReader
from mtfix.batch.lines import DocumentReader, TextReader
from mtfix.batch.output import StartAnew
from mtfix.batch.parquet import ParquetReader
from mtfix.batch.rows import Reader, Row
from mtfix.batch.tables import DELIMITERS, TableReader
from mtfix.compression import DAMAGE, compression_of, unpacked
from mtfix.files import InputError, open_input

_KINDS = "jsonl, csv, tsv, parquet, text or document"


@dataclass
class File:
    """One input with its output. `encoder` is there, and `place` (bytes read) grows, while the rows are read.

    told_by: what the format of the input was told by, if not by its own name or --format.
    """

    source: str
    form: Format
    target: str
    target_form: Format
    columns: tuple[str, ...]
    encoding: str
    told_by: str = ""
    encoder: Encoder | None = None
    place: int = 0

    @property
    def name(self) -> str:
        """The input as messages call it."""
        return "<stdin>" if self.source == "-" else self.source

    @property
    def size(self) -> int:
        """The bytes to be read, 0 if that isn't known."""
        return 0 if self.source == "-" else Path(self.source).stat().st_size

    def rows(self) -> Iterator[Row]:
        """Yield the rows; raises InputError when the file can't be read, isn't of its format, or is damaged."""
        number = 0
        with open_input(self.source) as stream:
            reader = self._reader()
            try:
                rows = reader.rows(unpacked(stream, self.form.compression))
                self.encoder, rows = encoder_of(reader, rows, self.form.kind, self.target_form)
                for row in rows:
                    number = row.number
                    self._look_at(stream)
                    yield row
            except DAMAGE as error:
                raise StartAnew(f"{self.name}: damaged after row {number} ({error}); get a whole copy") from error
            except InputError as error:
                guessed = f" (it is read as {self.form}, as {self.told_by} is; --format names another)"
                raise StartAnew(f"{error}{guessed if self.told_by else ''}") from error
        self.place = self.size

    def _look_at(self, stream: BinaryIO) -> None:
        with suppress(OSError):
            self.place = stream.tell()

    def _reader(self) -> Reader:
        kind = self.form.kind
        if kind == "parquet":
            return ParquetReader(self.name, self.columns)
        if kind in DELIMITERS:
            return TableReader(self.name, self.columns, self.encoding, DELIMITERS[kind])
        if kind == "jsonl":
            return JsonlReader(self.name, self.columns, self.encoding)
        return (DocumentReader if kind == "document" else TextReader)(self.name, self.columns, self.encoding)


def paired(
    inputs: Sequence[str],
    output: str,
    columns: Sequence[str],
    encoding: str = "utf-8",
    form: str | None = None,
    output_form: str | None = None,
    sidecars: Sequence[str] = (),
) -> list[File]:
    """Return the files that the inputs name, each with its output: one file, or as many under the folder `output`.

    sidecars: files that the run itself writes; like its outputs and the rejects of any run they are no corpus where a
    folder or a pattern takes them in. Raises InputError when an input isn't there or a format isn't told.
    """
    given = given_format(form, "--format") if form else None
    wanted = given_format(output_form, "--output-format") if output_form else None
    found = [name for one in inputs for name in _expanded(one, given, output, sidecars)]
    into_folder = output != "-" and (
        len(found) > 1 or output.endswith(("/", os.sep)) or Path(output).is_dir() or Path(inputs[0]).is_dir()
    )
    if into_folder and "-" in found:
        raise InputError(f"{output}: standard input comes out as one file; name that")
    if len(found) > 1 and not into_folder:
        raise InputError("-: several files don't come out on standard output; name a folder")
    if into_folder and Path(output).exists() and not Path(output).is_dir():
        raise InputError(f"{output}: a folder or several files come in, so OUT must be a folder, and this is a file")
    root = _root(found) if into_folder else Path()
    files = []
    for name in found:
        told, told_by = given or format_of(name), ""
        if told is None and (guessed := wanted or format_of(output)):
            told, told_by = kind_of(guessed.kind, name), "--output-format" if wanted else output
        if told is None:
            raise InputError(f"{name}, {output}: the file names don't tell the format; say --format {_KINDS}")
        if given and not given.compression and name != "-":
            told = kind_of(given.kind, name)
        target_form = wanted or (told if into_folder else _told_by(output, told, name))
        target = output
        if into_folder:
            relative = os.path.relpath(name, root)
            target = str(Path(output) / (relative if target_form == told else target_form.named(relative)))
        files.append(File(name, told, target, target_form, tuple(dict.fromkeys(columns)), encoding, told_by))
    return files


def _expanded(name: str, given: Format | None, output: str, sidecars: Sequence[str]) -> list[str]:
    """Return the files that an argument names: itself, the files of a folder, those that a pattern matches."""
    path = Path(name)
    if name == "-" or path.is_file():
        return [name]
    if path.is_dir():
        suffixes = SUFFIXES[given.kind] if given else tuple(s for known in SUFFIXES.values() for s in known)
        endings = tuple(suffix + packed for suffix in suffixes for packed in ("", ".gz", ".zst"))
        inside = [file for file in path.rglob("*") if file.is_file() and not _is_hidden(file.relative_to(path))]
        found = sorted(str(file) for file in inside if file.name.lower().endswith(endings))
        problem = f"no files in this folder whose names end in {', '.join(dict.fromkeys(suffixes))}"
    else:
        matching = glob.iglob(name, recursive=True)  # noqa: PTH207 (Path.glob takes no absolute pattern)
        found = sorted(file for file in matching if Path(file).is_file())
        problem = "no such file" if not glob.has_magic(name) else "no file matches this pattern"
        if not found and path.exists():  # a device or a pipe
            return [name]
    corpus = _corpus(found, output, sidecars)
    if not corpus:
        only = " but those that a run writes" if found else ""
        raise InputError(f"{name}: {problem}{only}; check the path, or give - for standard input")
    return corpus


def _corpus(found: Sequence[str], output: str, sidecars: Sequence[str]) -> list[str]:
    """Leave out what a run has written: rejects, its sidecars, and what lies under its output, unless all does."""
    places = {name: Path(os.path.realpath(name)) for name in (*found, *sidecars, output)}
    written = {places[name] for name in sidecars}
    files = [name for name in found if not name.endswith(".rejects.jsonl") and places[name] not in written]
    return [name for name in files if not places[name].is_relative_to(places[output])] or files


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _root(found: Sequence[str]) -> str:
    return os.path.commonpath([Path(os.path.abspath(name)).parent for name in found])  # noqa: PTH100 (links stay)


def _told_by(output: str, source: Format, name: str) -> Format:
    """Return the format of an output by its name; what that doesn't tell is as in the input."""
    told = format_of(output) if output != "-" else source
    if told is None:
        suffix = unknown_suffix(output)
        if suffix and suffix != unknown_suffix(name):
            raise InputError(
                f"{output}: no format is known by “{suffix}”; name it {known_suffixes()}, with .gz or .zst after it if"
                " packed, or say --output-format; a folder ends in /"
            )
        return Format(source.kind, compression_of(output)) if source.kind != "parquet" else source
    if source.kind == "document" and told.kind == "text":
        return Format("document", told.compression)
    return told
