"""What a run is: two runs with the same identity write the same bytes."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from mtfix import __version__
from mtfix.batch.job import Repairer
from mtfix.batch.meter import Meter
from mtfix.files import InputError
from mtfix.options import Options

_FILES = ("glossary", "gazetteer", "rules")
_NOT_COMPARED = ("threads", "model")  # one without effect; the other by what it holds


def identity(
    options: Mapping[str, Any],
    settings: Mapping[str, str] | None = None,
    inputs: Sequence[str] = (),
    progress: bool = False,
) -> dict[str, str]:
    """Return names with values: the version, options of the fixer, settings of the run, digests of files and model.

    Files are compared by real path and content, options by value, however they were said. An input that can't be read
    has the error in place of the digest; whoever reads its rows will raise it.
    """
    found = {"the version of mtfix": __version__}
    chosen = Options(**options)
    for field in fields(Options):
        if field.name not in _NOT_COMPARED:
            value = getattr(chosen, field.name)
            found[f"--{field.name}"] = _content(value) if field.name in _FILES and value else _value(value)
    if chosen.regenerate:
        found["the model"] = _model(chosen.model)
    paths = [Path(os.path.realpath(name)) for name in inputs]
    found |= settings or {}
    total = sum(path.stat().st_size for path in paths if path.exists())
    with Meter("digests of the inputs", "B", total, progress) as meter:
        found |= {input_name(name): _input(path, meter) for name, path in zip(inputs, paths, strict=True)}
    return found | {"the order of the inputs": _hash("\0".join(map(str, paths)).encode("utf-8", "surrogateescape"))}


def input_name(source: str) -> str:
    """Return what an identity calls an input."""
    return f"the input {os.path.realpath(source)}"


def load_same(load: Callable[..., Repairer], options: Mapping[str, Any], expected: Mapping[str, str]) -> Repairer:
    """Return a fixer with these options, when they have the expected identity here, in whatever process this is.

    Raises InputError when they haven't: a file has changed, or is another on this machine.
    """
    for name, value in identity(options).items():
        if value != expected[name]:
            raise InputError(f"{name} isn't what the run was started with; every worker needs the same, in one place")
    return load(**options)


def _content(value: Any) -> str:
    """Return a digest of names or of the files that hold them; what is no file stays as it is."""
    if isinstance(value, Mapping):
        return _hash(json.dumps({name: list(variants) for name, variants in value.items()}, sort_keys=True).encode())
    if isinstance(value, str | Path):
        return _digest(Path(value)) if Path(value).is_file() else str(value)
    return _hash(" ".join(map(_content, value)).encode())


def _value(value: Any) -> str:
    if value is None or value == ():
        return "not given"
    return ", ".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def _model(name: str) -> str:
    from mtfix.regenerate.model import ModelFolder

    found = ModelFolder.find(name)
    folder = found.path if found else Path(name)
    if not folder.is_dir():
        return name
    digests = [(str(path.relative_to(folder)), _digest(path)) for path in sorted(folder.rglob("*")) if path.is_file()]
    return _hash(json.dumps(digests).encode())


def _input(path: Path, meter: Meter) -> str:
    try:
        return _digest(path, meter)
    except InputError as error:
        return str(error)


def _digest(path: Path, meter: Meter | None = None) -> str:
    try:
        with path.open("rb") as stream:
            digest = hashlib.sha256()
            while block := stream.read(1 << 20):
                digest.update(block)
                if meter is not None:
                    meter.add(len(block))
            return digest.hexdigest()
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror})") from error


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
