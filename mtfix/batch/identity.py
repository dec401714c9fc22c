"""What a run is: two runs with the same identity write the same bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from mtfix import __version__
from mtfix.batch.job import Repairer
from mtfix.batch.meter import Meter
from mtfix.files import InputError
from mtfix.options import Options

_WITHOUT_EFFECT = {"threads"}


def identity(
    options: Mapping[str, Any],
    settings: Mapping[str, Any] | None = None,
    inputs: Sequence[str] = (),
    progress: bool = False,
) -> dict[str, str]:
    """Return names with values: the version, options of the fixer, settings of the run, digests of files and model.

    An input that can't be read has the error in place of the digest; whoever reads its rows will raise it.
    """
    found = {"the version of mtfix": __version__}
    chosen = Options(**options)
    for field in fields(Options):
        if field.name not in _WITHOUT_EFFECT:
            found[f"--{field.name}"] = _value(getattr(chosen, field.name))
    if chosen.regenerate:
        found["the model"] = _model(chosen.model)
    found |= {name: str(value) for name, value in (settings or {}).items()}
    paths = [Path(name) for name in inputs]
    total = sum(path.stat().st_size for path in paths if path.exists())
    with Meter("digests of the inputs", "B", total, progress) as meter:
        return found | {input_name(name): _input(path, meter) for name, path in zip(inputs, paths, strict=True)}


def input_name(source: str) -> str:
    """Return what an identity calls an input."""
    return f"the input {source}"


def load_same(load: Callable[..., Repairer], options: Mapping[str, Any], expected: Mapping[str, str]) -> Repairer:
    """Return a fixer with these options, when they have the expected identity here, in whatever process this is.

    Raises InputError when they haven't: a file has changed, or is another on this machine.
    """
    for name, value in identity(options).items():
        if value != expected[name]:
            raise InputError(f"{name} isn't what the run was started with; every worker needs the same, in one place")
    return load(**options)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return _hash(json.dumps({name: list(variants) for name, variants in value.items()}, sort_keys=True).encode())
    if isinstance(value, frozenset):
        return ", ".join(sorted(value))
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    if isinstance(value, Path) or (isinstance(value, str) and len(value) < 1000 and Path(value).is_file()):
        return _digest(Path(value))
    return str(value)


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
